/** Serves the money's contracts. */
import { Refusal, refuse } from '../platform/problems.ts';
import { mayDo } from '../platform/policy.ts';
import type { Actor } from '../platform/actor.ts';
import { serve } from '../platform/serve.ts';
import type { WebApp } from '../platform/services.ts';
import * as contract from './contract.ts';
import * as contributionReads from './contribution-reads.ts';
import { moneyPolicy } from './policy.ts';
import { createPot } from './pot-writes.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const may = (actor: Actor) => mayDo(moneyPolicy, actor.memberships.map((each) => each.role));

/** The guard has let only accounts through. */
function accountOf(actor: Actor): string {
  if (!actor.accountId) throw new Error('a route for members was reached without an account');
  return actor.accountId;
}

/** The agency an officer speaks for; of several, the one they joined first. */
function agencyOf(actor: Actor): string {
  const ids = actor.memberships.filter((each) => each.agencyId !== null).toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((each) => each.agencyId);
  if (!ids[0]) throw new Error('an officer without an agency');
  return ids[0];
}

/** A page of a list that was read with one row more than `limit`. */
function pageOf<T extends { id: string }>(rows: T[], limit: number): { rows: T[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  return { rows: kept, nextCursor: rows.length > limit ? kept.at(-1)?.id ?? null : null };
}

export function moneyRoutes(app: WebApp): void {
  readRoutes(app);
  contributionRoutes(app);
  agencyRoutes(app);
}

function readRoutes(app: WebApp): void {
  serve(app, contract.listPots, async ({ tx, fund }) => ({ currency: fund.currency, pots: await reads.potsOf(tx, fund.id) }));

  serve(app, contract.readMoney, async ({ tx, fund, actor }) => {
    const viewerId = accountOf(actor);
    const waiting = { contributions: await contributionReads.contributionsOf(tx, fund.id, viewerId, { undecided: true }), reversals: await contributionReads.reversalsWaiting(tx, fund.id, viewerId) };
    const pledges = (await contributionReads.pledgesOf(tx, fund.id, { open: true })).flatMap(({ state, ...each }) => (state === 'withdrawn' || state === 'arrived' ? [] : [{ ...each, state }]));
    return { currency: fund.currency, may: may(actor), waiting, pledges, pots: await reads.potsOf(tx, fund.id), agencies: await reads.agenciesOf(tx, fund.id) };
  });

  serve(app, contract.listContributions, async ({ tx, fund, actor, query }) => {
    const { rows, nextCursor } = pageOf(await contributionReads.contributionsOf(tx, fund.id, accountOf(actor), query), query.limit);
    return { contributions: rows, nextCursor };
  });

  serve(app, contract.readContribution, async ({ tx, fund, actor, params }) => {
    const [found] = await contributionReads.contributionsOf(tx, fund.id, accountOf(actor), { id: params.contribution });
    return found ? { ...found, currency: fund.currency, may: may(actor) } : refuse('not-found');
  });

  serve(app, contract.listTransfers, async ({ tx, fund, query }) => {
    const { rows, nextCursor } = pageOf(await reads.transfersOf(tx, fund.id, query.limit, query.cursor), query.limit);
    return { currency: fund.currency, transfers: rows, nextCursor };
  });
}

function contributionRoutes(app: WebApp): void {
  serve(app, contract.createPot, async ({ tx, fund, actor, body, now }) => {
    const made = await createPot(tx, fund, body, actor.accountId, now);
    return made instanceof Refusal ? made : { id: made.id };
  });

  serve(app, contract.enterContribution, ({ tx, fund, actor, body, now }) => writes.enterContribution(tx, { fundId: fund.id, actorId: accountOf(actor), now }, body));

  serve(app, contract.confirmContribution, async ({ tx, fund, actor, params, body, now }) =>
    await writes.confirmContribution(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.contribution, body.amountMinor) ?? done);

  serve(app, contract.dropContribution, async ({ tx, fund, actor, params, body, now }) =>
    await writes.dropContribution(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.contribution, body.reason) ?? done);

  serve(app, contract.askReversal, ({ tx, fund, actor, params, body, now }) =>
    writes.askReversal(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.contribution, body.reason));

  serve(app, contract.confirmReversal, async ({ tx, fund, actor, params, now }) =>
    await writes.decideReversal(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.reversal, 'done') ?? done);

  serve(app, contract.dropReversal, async ({ tx, fund, actor, params, now }) =>
    await writes.decideReversal(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.reversal, 'dropped') ?? done);
}

function agencyRoutes(app: WebApp): void {
  serve(app, contract.readAgency, async ({ tx, fund, actor }) => ({
    currency: fund.currency, may: may(actor), ...await contributionReads.agencyMoney(tx, fund.id, agencyOf(actor)),
  }));

  serve(app, contract.makePledge, ({ tx, fund, actor, body, now }) =>
    writes.makePledge(tx, { fundId: fund.id, actorId: accountOf(actor), now }, { ...body, agencyId: agencyOf(actor) }));

  serve(app, contract.withdrawPledge, async ({ tx, fund, actor, params, now }) =>
    await writes.withdrawPledge(tx, { fundId: fund.id, actorId: accountOf(actor), now }, params.pledge, agencyOf(actor)) ?? done);
}
