/** Serves the settlements' contracts. */
import { mayDo } from '../../platform/policy.ts';
import { refuse } from '../../platform/problems.ts';
import type { Actor } from '../../platform/actor.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { payoutsOf, showPayout } from '../disbursements/reads.ts';
import { payoutsPolicy } from '../policy.ts';
import { owedTo } from '../till/reads.ts';
import { sweepBefore } from '../vouchers/rules.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const SHOWN = 50;
const may = (actor: Actor) => mayDo(payoutsPolicy, actor.memberships.map((each) => each.role));

export function settlementRoutes(app: WebApp): void {
  serve(app, contract.listShops, async ({ tx, fund, actor, now }) => ({ shops: await reads.listShops(tx, fund.id, sweepBefore(now)), may: may(actor) }));

  serve(app, contract.readShop, async ({ tx, fund, actor, params, now }) => {
    const shop = await reads.readShop(tx, fund.id, params.shop);
    if (!shop) return refuse('not-found');
    const pots = await reads.dueByPot(tx, fund.id, shop.id, sweepBefore(now));
    const everything = await reads.dueByPot(tx, fund.id, shop.id, now);
    const sum = (rows: readonly { dueMinor: number }[]) => rows.reduce((total, row) => total + row.dueMinor, 0);
    const settlements = await reads.settlementsOf(tx, fund.id, shop.id, SHOWN);
    const payouts = await payoutsOf(tx, fund.id, settlements.map((each) => each.id));
    return {
      ...shop, owedMinor: await owedTo(tx, fund.id, shop.id), dueMinor: sum(pots), freshMinor: sum(everything) - sum(pots),
      pots: pots.map(({ pot, dueMinor }) => ({ pot, dueMinor })),
      settlements: settlements.map((each) => ({
        ...each, createdAt: each.createdAt.toISOString(), payouts: (payouts.get(each.id) ?? []).map((one) => showPayout(one, actor.accountId as string)),
      })),
      may: may(actor),
    };
  });

  serve(app, contract.settle, async ({ tx, fund, actor, params, body, now }) =>
    writes.settle(tx, { fundId: fund.id, shopId: params.shop, reference: body.reference, actorId: actor.accountId as string, at: now }));
}
