/** Serves the grant rounds' contracts. */
import type { Transaction } from '@commonpot/db/client';
import { levelOf } from '../../money/ledger.ts';
import { namesOf } from '../../money/reads.ts';
import { hadAnotherAdministrator } from '../../people/reads.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf, findCharter, listStatements } from '../../rounds/charter/reads.ts';
import { capOf, replay } from '../../rounds/charter/rules.ts';
import { isPot } from '../../rounds/reads.ts';
import { grantsPolicy } from '../policy.ts';
import { pastRequests } from '../requests/reads.ts';
import * as contract from './contract.ts';
import { waitingByRound, type Waiting } from './desk-reads.ts';
import * as reads from './reads.ts';
import { isAsking, nextGrantPhase, type GrantRound } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const NOTHING_WAITS: Waiting = { toDecide: 0, late: 0, withPanel: 0, beforeDraw: 0, listed: 0, agreed: 0, agreedMinor: 0, toPay: 0, withBody: 0 };
const iso = (date: Date | null) => date?.toISOString() ?? null;

function show(round: GrantRound, now: Date) {
  const { id, slug, title, summary, kind, phase, currency, budgetMinor } = round;
  const pausedUntil = round.pausedUntil && round.pausedUntil > now ? round.pausedUntil : null;
  return { id, slug, title, summary, kind, phase, currency, budgetMinor, closesAt: iso(round.closesAt), pausedUntil: iso(pausedUntil), isAsking: isAsking(round, now) };
}

/** Why a round cannot be so, or null: its pot is there; a window needs money and a day still to come, and a rolling round has neither. */
async function findWrong(tx: Transaction, given: Pick<GrantRound, 'fundId' | 'kind' | 'potId' | 'budgetMinor' | 'closesAt'>, now: Date): Promise<Refusal | null> {
  if (!(await isPot(tx, given.fundId, given.potId))) return refuse('not-found');
  const isWindow = given.kind === 'window';
  const fields = [
    ...((given.budgetMinor !== null) === isWindow ? [] : ['budgetMinor']),
    ...((given.closesAt !== null && given.closesAt > now) === isWindow ? [] : ['closesAt']),
  ];
  return fields.length > 0 ? refuse('wrong-shape', { fields }) : null;
}

/** The charter that a round takes when it opens, and who published it. */
async function charterToTake(tx: Transaction, fundId: string, accountId: string) {
  const charter = await findCharter(tx, fundId);
  if (!charter) return null;
  const { version, publishedBy } = charter;
  return { version, publishedBy: (await namesOf(tx, fundId, [publishedBy])).get(publishedBy) ?? '', needsOther: publishedBy === accountId && (await hadAnotherAdministrator(tx, fundId, accountId)) };
}

export function grantRoundRoutes(app: WebApp): void {
  serve(app, contract.listGrantRounds, async ({ tx, fund, actor, now }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const rounds = [];
    for (const row of await reads.listGrantRounds(tx, fund.id, roles.includes('administrator'))) {
      const mostMinor = row.charterId && isAsking(row, now) ? capOf((await charterOf(tx, fund.id, row.charterId)).content) : null;
      rounds.push({ ...show(row, now), mostMinor });
    }
    return { rounds, may: mayDo(grantsPolicy, roles) };
  });

  serve(app, contract.listGrantDesks, async ({ tx, fund, actor, now }) => {
    const waiting = await waitingByRound(tx, fund.id, now);
    const desks = [];
    for (const row of await reads.listGrantRounds(tx, fund.id, true)) {
      const charter = row.charterId ? await charterOf(tx, fund.id, row.charterId) : null;
      desks.push({ ...show(row, now), ...(waiting.get(row.id) ?? NOTHING_WAITS), version: charter?.version ?? null, draws: charter && charter.content.order.kind === 'draw', panels: charter && charter.content.panelSeats !== null, next: nextGrantPhase[row.phase] });
    }
    return { desks, takes: await charterToTake(tx, fund.id, actor.accountId as string), may: mayDo(grantsPolicy, actor.memberships.map((each) => each.role)) };
  });

  serve(app, contract.readGrantRound, async ({ tx, fund, actor, params, now }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const round = await reads.findGrantRound(tx, fund.id, params.grant);
    if (!round || (round.phase === 'draft' && !roles.includes('administrator'))) return refuse('not-found');
    const charter = round.charterId ? await charterOf(tx, fund.id, round.charterId) : null;
    const statement = (await listStatements(tx, fund.id)).find((each) => each.pot === round.potId);
    return {
      ...show(round, now), potId: round.potId, leftMinor: charter && (await levelOf(tx, fund.id, await reads.sourceOf(tx, round))), charter: charter && { version: charter.version, content: charter.content },
      statement: statement ?? null, next: roles.includes('administrator') ? nextGrantPhase[round.phase] : null, may: mayDo(grantsPolicy, roles, round.phase),
    };
  });

  serve(app, contract.createGrantRound, async ({ tx, fund, actor, body, now }) => {
    const given = { ...body, summary: body.summary ?? '', budgetMinor: body.budgetMinor ?? null, closesAt: body.closesAt ? new Date(body.closesAt) : null };
    return await findWrong(tx, { ...given, fundId: fund.id }, now) ?? writes.createGrantRound(tx, fund, given, actor.accountId as string, now);
  });

  serve(app, contract.changeGrantRound, async ({ tx, fund, params, body, now }) => {
    const round = await reads.holdGrantRound(tx, fund.id, params.grant, 'update');
    if (!round) return refuse('not-found');
    if (round.phase !== 'draft') return refuse('frozen');
    const { closesAt, ...rest } = body;
    const change = { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)), ...(closesAt === undefined ? {} : { closesAt: closesAt ? new Date(closesAt) : null }) };
    const wrong = await findWrong(tx, { ...round, ...change }, now);
    if (wrong) return wrong;
    if (Object.keys(change).length > 0) await writes.changeGrantRound(tx, round, change);
    return done;
  });

  moveRoutes(app);
}

function moveRoutes(app: WebApp): void {
  serve(app, contract.moveGrantRound, async ({ tx, services, fund, actor, params, body, now }) => {
    const round = await reads.holdGrantRound(tx, fund.id, params.grant, 'update');
    if (!round) return refuse('not-found');
    const refusal = await writes.moveGrantRound(tx, round, body.to, services.config.beacon, { actorId: actor.accountId, at: now, read: body.charter });
    return refusal instanceof Refusal ? refusal : { phase: body.to };
  });

  serve(app, contract.pauseGrantRound, async ({ tx, fund, actor, params, body, now }) => {
    const round = await reads.holdGrantRound(tx, fund.id, params.grant, 'update');
    if (!round) return refuse('not-found');
    if (round.phase !== 'open') return refuse('wrong-phase', { phase: round.phase });
    if (body.until && new Date(body.until) <= now) return refuse('date-passed');
    await writes.pauseGrantRound(tx, round, body.until ? new Date(body.until) : null, { actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.compareCharter, async ({ tx, fund, params, body }) => {
    const round = await reads.findGrantRound(tx, fund.id, params.grant);
    if (!round) return refuse('not-found');
    if (!round.charterId) return refuse('charter-missing');
    const past = await pastRequests(tx, fund.id, round.id);
    const { content } = await charterOf(tx, fund.id, round.charterId);
    return { now: replay(content, past), then: replay(body.content, past), requests: past.filter((each) => each.isAsk).length };
  });
}
