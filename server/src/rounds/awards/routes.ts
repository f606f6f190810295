/** Serves the awards' contracts. */
import { payoutsPolicy } from '../../payouts/policy.ts';
import { showPublicStage, showStage, stagesOf } from '../../payouts/disbursements/reads.ts';
import { planStages } from '../../payouts/disbursements/writes.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Actor } from '../../platform/actor.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../reads.ts';
import * as contract from './contract.ts';
import { awardsPolicy } from './policy.ts';
import * as reads from './reads.ts';

const may = (actor: Actor) => mayDo({ ...awardsPolicy, ...payoutsPolicy }, actor.memberships.map((each) => each.role));

export function awardRoutes(app: WebApp): void {
  serve(app, contract.listRoundAwards, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const awards = await reads.projectAwards(tx, fund.id, round.id);
    const stages = await stagesOf(tx, fund.id, awards.map((each) => each.reservationId));
    return {
      currency: fund.currency,
      awards: awards.map(({ subjectId, title, amountMinor, reservationId }) => {
        const shown = (stages.get(reservationId) ?? []).map(showPublicStage);
        const paidMinor = shown.reduce((sum, stage) => sum + (stage.paid ? stage.amountMinor : 0), 0);
        return { project: subjectId, title, amountMinor, paidMinor, stages: shown };
      }),
    };
  });

  serve(app, contract.listAwards, async ({ tx, fund, actor, query }) => {
    const rows = await reads.listAwards(tx, fund.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    const stages = await stagesOf(tx, fund.id, page.map((row) => row.award.reservationId));
    return {
      awards: page.map((row) => ({ ...show(row), planned: stages.has(row.award.reservationId) })),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.award.id ?? null) : null,
      may: may(actor),
    };
  });

  serve(app, contract.readAward, async ({ tx, fund, actor, params }) => {
    const row = await reads.readAward(tx, fund.id, params.award);
    if (!row) return refuse('not-found');
    const stages = (await stagesOf(tx, fund.id, [row.award.reservationId])).get(row.award.reservationId) ?? [];
    return { ...show(row), stages: stages.map((stage) => showStage(stage, actor.accountId as string)), may: may(actor) };
  });

  serve(app, contract.planAward, async ({ tx, fund, actor, params, body, now }) => {
    const row = await reads.readAward(tx, fund.id, params.award);
    if (!row) return refuse('not-found');
    const { reservationId, recipientName, subjectKind } = row.award;
    if (subjectKind !== 'project') return refuse('not-ready');
    const planned = await planStages(tx, { fundId: fund.id, reservationId, recipientName, stages: body.stages, actorId: actor.accountId as string, at: now });
    if (planned instanceof Refusal) return planned;
    return { stages: ((await stagesOf(tx, fund.id, [reservationId])).get(reservationId) ?? []).map((stage) => stage.id) };
  });
}

type Row = NonNullable<Awaited<ReturnType<typeof reads.readAward>>>;

function show({ award, heldMinor, roundSlug, roundTitle }: Row) {
  const { id, subjectKind, subjectId, title, recipientName, amountMinor, reservationId, madeAt } = award;
  return { id, round: { slug: roundSlug, title: roundTitle }, subjectKind, subject: subjectId, title, recipient: recipientName, amountMinor, reservation: reservationId, heldMinor, madeAt: madeAt.toISOString() };
}
