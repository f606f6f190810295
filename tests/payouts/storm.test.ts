/** Promise 8 in a crowd: whatever many callers do to vouchers at once, and in whatever order, the sums hold. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expireDue } from '@commonpot/server/payouts/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, filledPot, issuePaper, must, take } from './house.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  // The clock runs for weeks; nobody is to be signed out by it.
  await world.superuser(`update session set expires_at = '2030-01-01'`);
});
afterAll(() => world.close());

const VOUCHERS = 3;
const deed = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('take' as const), voucher: fc.nat(VOUCHERS - 1), till: fc.constantFrom('shop' as const, 'shop2' as const), amountMinor: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const), till: fc.constantFrom('shop' as const, 'shop2' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), voucher: fc.nat(VOUCHERS - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), shop: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('confirm' as const), to: fc.constantFrom('paid' as const, 'failed' as const, 'returned' as const) }) },
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** One of each, in an order in which each has something to do. */
const EVERYTHING: [number, Deed[]][] = [
  [11, [0, 1, 2].map((voucher) => ({ kind: 'take', voucher, till: 'shop', amountMinor: 100 }))],
  [0, [{ kind: 'settle', shop: 0 }, { kind: 'take', voucher: 1, till: 'shop', amountMinor: 50 }]],
  [0, [{ kind: 'confirm', to: 'paid' }, { kind: 'undo', till: 'shop', which: 0 }]],
  [0, [{ kind: 'confirm', to: 'returned' }, { kind: 'cancel', voucher: 1 }, { kind: 'settle', shop: 0 }]],
  [1500, [{ kind: 'take', voucher: 2, till: 'shop2', amountMinor: 30 }]],
  [11, [{ kind: 'settle', shop: 1 }, { kind: 'expire' }]],
  [0, [{ kind: 'confirm', to: 'paid' }]],
];

/** Anything but a bug: done, or refused for a reason the contract names. */
const EXPECTED = [200, 201, 404, 409];

async function perform(each: Deed, vouchers: readonly { id: string; code: string }[]): Promise<void> {
  const { fund } = world;
  const { administrator, administrator2 } = fund.people;
  const path = `/funds/${fund.slug}`;
  const check = (status: number, body: unknown) => {
    if (!EXPECTED.includes(status)) throw new Error(`${each.kind} answered ${status} ${JSON.stringify(body)}`);
  };
  if (each.kind === 'expire') return void (await expireDue(world.app.services, world.clock.now));
  if (each.kind === 'take') {
    // A voucher that has ended is refused when its code is read.
    const answer = await take(fund, fund.people[each.till], vouchers[each.voucher]?.code ?? '', each.amountMinor).catch((error: Error) => ({ status: Number(error.message.slice(0, 3)), body: error.message }));
    return check(answer.status, answer.body);
  }
  if (each.kind === 'undo') {
    const { redemptions } = await must(fund.people[each.till].get(`${path}/till`));
    const id = redemptions[each.which]?.id;
    if (!id) return;
    const answer = await fund.people[each.till].post(`${path}/till/redemptions/${id}/undo`);
    return check(answer.status, answer.body);
  }
  if (each.kind === 'cancel') {
    const answer = await administrator.post(`${path}/vouchers/${vouchers[each.voucher]?.id}/cancel`);
    return check(answer.status, answer.body);
  }
  const { shops } = await must(administrator.get(`${path}/shops`));
  if (each.kind === 'settle') {
    const answer = await administrator.post(`${path}/shops/${shops[each.shop].id}/settlements`, { reference: 'VCH' });
    return check(answer.status, answer.body);
  }
  for (const shop of shops) {
    const { settlements } = await must(administrator.get(`${path}/shops/${shop.id}`));
    for (const payout of settlements.slice(0, 2).flatMap((one: { payouts: { id: string; amountMinor: number }[] }) => one.payouts.slice(0, 1))) {
      const body = each.to === 'failed' ? { to: each.to, note: 'no' } : { to: each.to, amountMinor: payout.amountMinor };
      // What came back is said by one person and confirmed by another.
      for (const who of each.to === 'returned' ? [administrator, administrator2] : [administrator2]) {
        const answer = await who.post(`${path}/payouts/${payout.id}/transitions`, body);
        check(answer.status, answer.body);
      }
    }
  }
}

it('issued = redeemed + expired + cancelled + outstanding, no level below zero, no redemption without its transfer', async () => {
  const potId = await filledPot(world.fund, 10_000_000);
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.array(deed, { minLength: 4, maxLength: 14 })), { minLength: 2, maxLength: 4 }), async (waves) => {
    const vouchers: { id: string; code: string }[] = [];
    // The first one runs out with the day, while the others go on.
    const today = world.clock.now.toISOString().slice(0, 10);
    for (let index = 0; index < VOUCHERS; index += 1) vouchers.push(await issuePaper(world.fund, potId, 500 + 400 * index, index === 0 ? today : '2029-03-31'));
    for (const [minutes, deeds] of waves) {
      await Promise.all(deeds.map((each) => perform(each, vouchers)));
      expect(await brokenInvariants(world)).toEqual([]);
      world.clock.forward(minutes);
    }
    const { totals } = await must(world.fund.people.administrator.get(`/funds/${world.fund.slug}/vouchers`));
    expect(totals.redeemedMinor + totals.expiredMinor + totals.cancelledMinor + totals.outstandingMinor).toBe(totals.issuedMinor);
  }), { numRuns: 8, endOnFailure: true, examples: [[EVERYTHING]] });
  // The storm was one: all that can happen to vouchers happened.
  const { rows: [seen] } = await world.superuser(`select (select count(*)::int from redemption where undone_at is not null) as undone, (select count(*)::int from redemption where settlement_id is not null) as settled,
    (select count(*)::int from voucher where ended_as = 'expired') as expired, (select count(*)::int from voucher where ended_as = 'cancelled') as cancelled,
    (select count(*)::int from payout where transfer_id is not null) as paid, (select count(*)::int from payout where state = 'returned') as returned`);
  for (const [what, times] of Object.entries(seen)) expect([what, Number(times) > 0]).toEqual([what, true]);
}, 240_000);

it('names the promise that was broken behind its back', async () => {
  const potId = await filledPot(world.fund, 10_000);
  const { id, code } = await issuePaper(world.fund, potId, 1000);
  const { body: taken } = await take(world.fund, world.fund.people.shop, code, 400);
  const breaks: [string, string, unknown[]][] = [
    ['vouchers-add-up', 'update voucher set value_minor = value_minor + 1 where id = $1', [id]],
    ['redemptions-moved', 'update redemption set amount_minor = amount_minor - 1 where id = $1', [taken.id]],
    ['ended-vouchers-empty', `update voucher set ended_as = 'expired', ended_at = issued_at, returned_minor = 0 where id = $1`, [id]],
    ['no-stray-voucher-money', 'delete from redemption where id = $1', [taken.id]],
  ];
  for (const [name, text, values] of breaks) {
    await world.superuser(`set session_replication_role = replica; ${text.replace('$1', `'${String(values[0])}'`)}`);
    expect((await brokenInvariants(world)).some((each) => each.startsWith(name))).toBe(true);
  }
});
