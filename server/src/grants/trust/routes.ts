/** Serves the trust report's contracts. */
import { readCashTotals } from '../../payouts/cash/reads.ts';
import { mayDo } from '../../platform/policy.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { promisesOf } from '../figures/promise-reads.ts';
import { FEWEST } from '../figures/rules.ts';
import { findTerms } from '../payments/reads.ts';
import { grantsPolicy } from '../policy.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { costOf, minutesOf } from './rules.ts';
import * as writes from './writes.ts';

const unlessFew = (count: number): number | null => (count < FEWEST ? null : count);

export function trustRoutes(app: WebApp): void {
  serve(app, contract.readTrust, async ({ tx, fund, actor, now }) => {
    const may = mayDo(grantsPolicy, actor.memberships.map((each) => each.role));
    const given = await reads.givenAndUnknown(tx, fund.id);
    const lost = await reads.lostByKind(tx, fund.id);
    const thanked = await reads.thanked(tx, fund.id);
    const { decisions, proofs } = await reads.actsOf(tx, fund.id);
    const hourMinor = (await findTerms(tx, fund.id))?.hourMinor ?? null;
    const minutes = minutesOf([...decisions, ...proofs]);
    const waiting = may.includes(grantsPolicy.enterIncident.action) ? await reads.waitingIncidents(tx, fund.id) : [];
    return {
      currency: fund.currency, drawnUpAt: now.toISOString(), awards: unlessFew(given.awards), givenMinor: given.awards < FEWEST ? null : given.givenMinor,
      thanked: thanked.people < FEWEST ? null : thanked, lost, lostMinor: lost.reduce((sum, each) => sum + each.amountMinor, 0), boxesShortMinor: (await readCashTotals(tx, fund.id)).shortMinor,
      unknown: { withoutProof: unlessFew(given.withoutProof), withoutPurpose: unlessFew(given.withoutPurpose), withoutDoor: unlessFew(await reads.withoutDoor(tx, fund.id)) },
      promises: await promisesOf(tx, { fundId: fund.id }, now),
      checks: { decisions: decisions.length, proofs: proofs.length, minutes, hourMinor, costMinor: hourMinor === null ? null : costOf(minutes, hourMinor) },
      waiting: waiting.map(({ id, kind, amountMinor, happenedOn, enteredBy }) => ({ id, kind, amountMinor, happenedOn, enteredByYou: enteredBy === actor.accountId })),
      may,
    };
  });

  serve(app, contract.enterIncident, async ({ tx, fund, actor, body, now }) => writes.enterIncident(tx, { ...body, fundId: fund.id, actorId: actor.accountId as string, at: now }));

  serve(app, contract.confirmIncident, async ({ tx, fund, actor, params, body, now }) =>
    writes.confirmIncident(tx, { fundId: fund.id, id: params.incident, amountMinor: body.amountMinor, actorId: actor.accountId as string, at: now }));
}
