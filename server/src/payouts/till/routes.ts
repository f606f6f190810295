/** Serves the till's contracts. A shop's member sees and undoes only what their own shop took. */
import { readCode } from '../../platform/codes.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Actor } from '../../platform/actor.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { takeTurn } from '../turns.ts';
import { findByCode, waitsAtTill } from '../vouchers/reads.ts';
import { CODE_LENGTH, endOf, undoUntil } from '../vouchers/rules.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { giveTicket, readTicket } from './rules.ts';
import * as writes from './writes.ts';

const SHOWN = 50;

export function tillRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  serve(app, contract.readTill, async ({ tx, fund, actor, now }) => {
    const { shopId } = tillOf(actor);
    const redemptions = await reads.redemptionsOf(tx, fund.id, shopId, SHOWN);
    const payouts = await reads.payoutsTo(tx, fund.id, shopId, SHOWN);
    return {
      shop: await reads.shopName(tx, fund.id, shopId),
      owedMinor: await reads.owedTo(tx, fund.id, shopId),
      redemptions: redemptions.map((row) => show(row, now)),
      payouts: payouts.map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() })),
    };
  });

  serve(app, contract.lookUpVoucher, async ({ tx, fund, actor, body, now }) => {
    const { membershipId } = tillOf(actor);
    // One try at a time for each membership: many at once cannot all slip in before the tenth is counted.
    await takeTurn(tx, membershipId);
    const wait = await limits.vouchers.wait(membershipId);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readCode(body.code, CODE_LENGTH);
    const found = code ? await findByCode(tx, fund.id, secrets.hash('voucher', code)) : null;
    if (!found) {
      await limits.vouchers.wrong(membershipId);
      return refuse('voucher-not-found');
    }
    const { voucher, balanceMinor } = found;
    const end = endOf(voucher, now);
    if (end) return end;
    if (await waitsAtTill(tx, voucher)) return refuse('not-released');
    return { ticket: giveTicket(secrets, { voucherId: voucher.id, membershipId }, now), balanceMinor, lastDay: voucher.lastDay };
  });

  serve(app, contract.redeem, async ({ tx, fund, actor, body, now }) => {
    const { membershipId, shopId } = tillOf(actor);
    const voucherId = readTicket(secrets, body.ticket, membershipId, now);
    if (!voucherId) return refuse('ticket-over');
    const taken = await writes.redeem(tx, { fundId: fund.id, shopId, actorId: actor.accountId as string, at: now, voucherId, amountMinor: body.amountMinor });
    return taken instanceof Refusal ? taken : { ...taken, undoUntil: undoUntil(now).toISOString() };
  });

  serve(app, contract.readRedemption, async ({ tx, fund, actor, params, now }) => {
    const { shopId } = tillOf(actor);
    const row = await reads.readRedemption(tx, fund.id, shopId, params.redemption);
    return row ? { ...show(row.redemption, now), leftMinor: row.leftMinor, shop: await reads.shopName(tx, fund.id, shopId) } : refuse('not-found');
  });

  serve(app, contract.undo, async ({ tx, fund, actor, params, now }) =>
    writes.undo(tx, { fundId: fund.id, shopId: tillOf(actor).shopId, actorId: actor.accountId as string, at: now, redemptionId: params.redemption }));
}

/** Where this person stands: one till in a fund, the first of their shops there. */
function tillOf(actor: Actor): { membershipId: string; shopId: string } {
  const [first] = actor.memberships.filter((each) => each.shopId).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (!first?.shopId) throw new Error('the guard let somebody without a shop to a till');
  return { membershipId: first.id, shopId: first.shopId };
}

type Row = Awaited<ReturnType<typeof reads.redemptionsOf>>[number];

function show({ id, amountMinor, takenAt, undoneAt, settlementId }: Row, now: Date) {
  const until = undoUntil(takenAt);
  return { id, amountMinor, takenAt: takenAt.toISOString(), undoUntil: until.toISOString(), undone: undoneAt !== null, mayUndo: !undoneAt && !settlementId && now < until };
}
