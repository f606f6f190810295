/** Serves what a body of the agency does with awards, and says so to everybody. */
import type { Transaction } from '@commonpot/db/client';
import { isTheirs } from '../../payouts/cash/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { FEWEST } from '../figures/rules.ts';
import { grantsPolicy } from '../policy.ts';
import { findGrantRound } from '../rounds/reads.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { adoptingRoute, type AdoptingRoute } from './rules.ts';
import * as writes from './writes.ts';

const LISTS = 20;
const done = { done: true } as const;

function show({ id, number, awards, presentedAt, dueAt, endedAs, endedAt }: reads.Adoption) {
  return { id, number, awards, presentedAt: presentedAt.toISOString(), dueAt: dueAt.toISOString(), endedAs, endedAt: endedAt?.toISOString() ?? null };
}

async function agenciesOf(tx: Transaction, fund: FundScope, actor: Actor): Promise<string[]> {
  const ids = actor.memberships.flatMap((each) => each.agencyId ?? []);
  const names = [];
  for (const id of ids) names.push(await reads.agencyName(tx, fund.id, id));
  return names.filter((name) => name !== null);
}

/** A list, locked, with the route of its charter; for whoever does not speak for its body there is nothing here. */
async function openList(tx: Transaction, fund: FundScope, actor: Actor, id: string): Promise<{ list: reads.Adoption; route: AdoptingRoute } | Refusal> {
  const list = await reads.lockAdoption(tx, fund.id, id);
  if (!list) return refuse('not-found');
  const route = adoptingRoute(await reads.charterOfList(tx, list));
  return route?.agency && (await agenciesOf(tx, fund, actor)).includes(route.agency) ? { list, route } : refuse('not-found');
}

export function adoptionRoutes(app: WebApp): void {
  serve(app, contract.readAdoptions, async ({ tx, fund, params }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    const route = adoptingRoute((await charterOf(tx, fund.id, round.charterId)).content);
    const lists = await reads.listsOfRound(tx, fund.id, round.id);
    const ids = lists.map((list) => list.id);
    const [sums, refusals] = [await reads.sumsOf(tx, fund.id, ids), await reads.refusalsOf(tx, fund.id, ids)];
    return {
      title: round.title, route: route && { body: route.body, agency: route.agency, withinDays: route.withinDays, reasons: route.reasons }, currency: fund.currency,
      lists: lists.map((list) => ({
        ...show(list), ...(list.awards < FEWEST ? { awards: null, amountMinor: null } : { amountMinor: sums.get(list.id) ?? 0 }), refusals: (refusals.get(list.id) ?? []).map(({ reason, count }) => ({ reason, count })),
      })),
    };
  });

  serve(app, contract.listAdoptions, async ({ tx, fund, actor }) => {
    const found = await reads.listsFor(tx, fund.id, await agenciesOf(tx, fund, actor), LISTS);
    const ids = found.map(({ list }) => list.id);
    const [rows, sums] = [await reads.rowsOn(tx, fund.id, ids), await reads.sumsOf(tx, fund.id, ids)];
    const lists = [];
    for (const { list, round } of found) {
      const route = adoptingRoute(await reads.charterOfList(tx, list));
      const on = (rows.get(list.id) ?? []).map(({ award, reference, amountMinor, refusedFor }) => ({ award, reference, amountMinor, refusedFor }));
      lists.push({ ...show(list), round: { slug: round.slug, title: round.title }, body: route?.body ?? '', reasons: route?.reasons ?? [], amountMinor: sums.get(list.id) ?? 0, rows: on });
    }
    return { lists, isTold: await reads.isTold(tx, fund.id, actor.accountId as string), currency: fund.currency, may: mayDo(grantsPolicy, actor.memberships.map((each) => each.role)) };
  });

  serve(app, contract.tellOfficer, async ({ tx, services: { secrets }, fund, actor, body, now }) => {
    const accountId = actor.accountId as string;
    const address = body.tell && normaliseAddress(body.tell.channel, body.tell.address);
    const contact = body.tell && address ? `${body.tell.channel}:${address}` : null;
    if (body.tell && (!contact || !(await isTheirs(tx, fund.id, accountId, secrets.hash('contact', contact))))) return refuse('not-their-address');
    await writes.keepNotice(tx, fund.id, contact ? secrets.seal('applicant', contact) : null, { actorId: accountId, at: now });
    return done;
  });

  serve(app, contract.adoptList, async ({ tx, fund, actor, params, now }) => {
    const open = await openList(tx, fund, actor, params.list);
    return open instanceof Refusal ? open : (await writes.adoptList(tx, open.list, { actorId: actor.accountId as string, at: now })) ?? done;
  });

  serve(app, contract.refuseAward, async ({ tx, fund, actor, params, body, now }) => {
    const open = await openList(tx, fund, actor, params.list);
    return open instanceof Refusal ? open : (await writes.refuseAward(tx, open.list, open.route, body, { actorId: actor.accountId as string, at: now })) ?? done;
  });
}
