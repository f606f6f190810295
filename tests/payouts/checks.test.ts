/** check-ledger names what was broken: each invariant of payouts and awards, broken once as superuser with triggers off. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { payoutInvariants } from '@commonpot/server/payouts/checks';
import { awardInvariants } from '@commonpot/server/rounds/awards/checks';
import { makeWorld, type World } from '../lib/world.ts';
import { award, brokenInvariants, filledPot, issuePaper, makeRound, must, setAside, take } from './house.ts';

let world: World;
const ids: Record<string, string> = {};

/** A little of everything: a paid stage, a stage that waits, a voucher with a redemption, one that was cancelled, a settlement. */
beforeAll(async () => {
  world = await makeWorld();
  const { fund } = world;
  const { administrator, administrator2, shop } = fund.people;
  const path = `/funds/${fund.slug}`;
  const potId = await filledPot(fund, 100_000);
  const round = await makeRound(fund);
  const reservationId = await setAside(world, { fundId: fund.id, roundId: round.id, potId, amountMinor: 1000 });
  const made = await award(world, { fundId: fund.id, roundId: round.id, reservationId, awards: [{ subjectKind: 'project', subjectId: newId(), title: 'Van', amountMinor: 1000, recipientName: 'Wheels' }] });
  if (made instanceof Refusal) throw new Error(made.code);
  ids.award = made[0]?.id ?? '';
  const { stages } = await must(administrator.post(`${path}/awards/${ids.award}/plan`, { stages: [{ title: 'One', amountMinor: 600 }, { title: 'Two', amountMinor: 400 }] }));
  for (const stage of stages) {
    await must(administrator.post(`${path}/disbursements/${stage}/updates`, { words: 'We have begun the work.' }));
    const { id } = await must(administrator.post(`${path}/disbursements/${stage}/payouts`, { reference: 'X' }));
    ids[stage === stages[0] ? 'paid' : 'open'] = id;
  }
  await must(administrator2.post(`${path}/payouts/${ids.paid}/transitions`, { to: 'paid', amountMinor: 600 }));
  const spent = await issuePaper(fund, potId, 500);
  ids.redemption = (await take(world.fund, shop, spent.code, 200)).body.id;
  ids.voucher = spent.id;
  ids.cancelled = (await issuePaper(fund, potId, 300)).id;
  await must(administrator.post(`${path}/vouchers/${ids.cancelled}/cancel`));
  world.clock.forward(10);
  const { shops } = await must(administrator.get(`${path}/shops`));
  const { payouts: [payout] } = await must(administrator.post(`${path}/shops/${shops.find((each: { dueMinor: number }) => each.dueMinor > 0).id}/settlements`, { reference: 'Y' }));
  ids.settlement = payout.settlement;
  await must(administrator.post(`${path}/payouts/${ids.paid}/transitions`, { to: 'returned', amountMinor: 600 }));
  await must(administrator2.post(`${path}/payouts/${ids.paid}/transitions`, { to: 'returned', amountMinor: 600 }));
  const again = await must(administrator.post(`${path}/disbursements/${stages[0]}/payouts`, { reference: 'Z' }));
  await must(administrator2.post(`${path}/payouts/${again.id}/transitions`, { to: 'paid', amountMinor: 600 }));
  ids.returned = ids.paid ?? '';
  ids.paid = again.id;
  await payCash(potId);
  expect(await brokenInvariants(world)).toEqual([]);
});

/** An award to a person in two halves: cash that was collected, and a voucher for whoever holds the paper. */
async function payCash(potId: string): Promise<void> {
  const { fund } = world;
  const { administrator, administrator2, resident } = fund.people;
  const path = `/funds/${fund.slug}`;
  const round = await makeRound(fund);
  const reservationId = await setAside(world, { fundId: fund.id, roundId: round.id, potId, amountMinor: 1000 });
  const made = await award(world, { fundId: fund.id, roundId: round.id, reservationId, awards: [{ subjectKind: 'person', subjectId: newId(), title: 'Heating', amountMinor: 1000, recipientName: 'Heron' }] });
  if (made instanceof Refusal) throw new Error(made.code);
  const reservation = made[0]?.reservationId ?? '';
  await must(administrator.post(`${path}/cash-box`, { name: 'Tuesday', amountMinor: 800 }));
  await must(administrator2.post(`${path}/cash-box/check`, { amountMinor: 800 }));
  const { members } = await must(administrator.get(`${path}/members?limit=200`));
  const recipient = members.find((each: { name: string }) => each.name === 'resident').id;
  ids.cash = (await must(administrator.post(`${path}/cash`, { reservation, title: 'Heating', amountMinor: 500, lastDay: '2027-01-31', place: 'Hall', hours: '5 pm', recipient }))).id;
  const { payments: [mine] } = await must(resident.get('/my/cash'));
  const { ticket } = await must(administrator.post(`${path}/cash-desk`, { code: mine.code }));
  await must(administrator.post(`${path}/cash-desk/hand-overs`, { ticket }));
  await must(administrator2.post(`${path}/cash/${ids.cash}/transitions`, { to: 'collected', amountMinor: 500 }));
  const { id: bearer } = await must(administrator.post(`${path}/vouchers`, { from: { reservation }, title: 'Food', valueMinor: 500, lastDay: '2027-01-31', holder: null }));
  await must(administrator2.post(`${path}/vouchers/${bearer}/release`));
  await must(administrator.post(`${path}/vouchers/${bearer}/print`));
}
afterAll(() => world.close());

/** What breaks each, and nothing that a constraint would still stop; every one is undone again. */
const breaks: Record<string, () => string> = {
  'vouchers-add-up': () => `update voucher set value_minor = value_minor + 1 where id = '${ids.voucher}'`,
  'vouchers-funded': () => `update voucher set reservation_id = account_id where id = '${ids.voucher}'`,
  'ended-vouchers-empty': () => `update voucher set ended_as = 'expired', ended_at = issued_at, returned_minor = 0 where id = '${ids.voucher}'`,
  'redemptions-moved': () => `update redemption set amount_minor = amount_minor + 1 where id = '${ids.redemption}'`,
  'no-stray-voucher-money': () => `delete from redemption where id = '${ids.redemption}'`,
  'paid-at-most-once': () => `drop index payout_once; insert into payout select fund_id, gen_random_uuid(), disbursement_id, kind, amount_minor, rail, reference, update_id, state, recorded_by, recorded_at from payout where id = '${ids.open}'`,
  'payouts-moved': () => `update disbursement set amount_minor = amount_minor + 1 where id = (select disbursement_id from payout where id = '${ids.paid}')`,
  'payouts-two-people': () => `alter table payout drop constraint payout_two_people; update payout set confirmed_by = recorded_by where id = '${ids.paid}'`,
  'stages-told': () => `update disbursement_update set published_at = published_at + interval '1 day'`,
  'plans-add-up': () => `update disbursement set amount_minor = amount_minor - 1 where plan_id is not null`,
  'shops-owed': () => `update redemption set undone_at = taken_at, undone_by = taken_by, undo_transfer_id = transfer_id, settlement_id = null where id = '${ids.redemption}'`,
  'settlements-add-up': () => `update disbursement set amount_minor = amount_minor + 1 where id = '${ids.settlement}'`,
  'cash-funded': () => `update cash_payment set reservation_id = account_id where id = '${ids.cash}'`,
  'cash-moved': () => `update cash_payment set amount_minor = amount_minor + 1 where id = '${ids.cash}'`,
  'no-stray-cash': () => `delete from cash_payment where id = '${ids.cash}'`,
  'cash-two-people': () => `alter table cash_payment drop constraint cash_two_people; update cash_payment set witnessed_by = handed_by where id = '${ids.cash}'`,
  'cash-boxes-add-up': () => `update cash_box set left_minor = left_minor + 1`,
  'returns-two-people': () => `delete from payout_return where payout_id = '${ids.returned}'`,
  'bearer-vouchers-released': () => `delete from voucher_release`,
  'payout-constraints': () => `alter table redemption drop constraint redemption_undone_or_settled`,
  'payout-indexes': () => `drop index payout_once`,
  'payout-triggers': () => `alter table voucher disable trigger voucher_changes`,
  'payout-privileges': () => `grant update (amount_minor) on redemption to commonpot_app`,
  'payout-scoped': () => `alter table payout no force row level security`,
  'awards-funded': () => `update award set amount_minor = amount_minor + 1 where id = '${ids.award}'`,
  'award-constraints': () => `alter table award drop constraint award_once`,
  'award-triggers': () => `alter table award disable trigger award_append_only`,
  'award-privileges': () => `grant update on award to commonpot_app`,
  'award-scoped': () => `alter table award disable row level security`,
};

it.each([...payoutInvariants, ...awardInvariants])('$name: $sentence', async ({ name, sql, scope }) => {
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; set local commonpot.fund = '${world.fund.id}'`);
    expect((await client.query(sql)).rows).toEqual([]);
    await client.query(breaks[name]?.() ?? 'nothing here breaks it');
    const { rows } = await client.query(sql);
    expect([scope, rows.length > 0]).toEqual([scope, true]);
  } finally {
    await client.query('rollback');
    await client.end();
  }
});
