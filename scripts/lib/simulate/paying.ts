/** How awards become money: vouchers at a till, cash out of a box, transfers; and what fails, comes back, or is never claimed. */
import { randomUUID } from 'node:crypto';
import { fundPath, must, type Member } from './cast.ts';
import { chanceOf, type Chance } from './chance.ts';
import { surprise, together } from './client.ts';
import { holder } from './asking.ts';
import type { Asked } from './diary.ts';
import type { Year } from './state.ts';

const AT_ONCE = 6;
/** What the desk looks through: the newest awards of a round. */
const NEWEST = 200;

interface Listed {
  request: string;
  reference: string;
  amountMinor: number;
  way: 'voucher' | 'cash' | 'bank';
  turn: string;
  last: { state: string; way: string; disbursement: string | null; payout: string | null; payoutState: string | null; orderedByYou: boolean } | null;
}

interface Looked {
  payment: { turn: string; amountMinor: number; way: string; hasAccount: boolean; voucher: { code: string; balanceMinor: number } | null; cash: { code: string | null; state: string } | null; bank: string | null } | null;
}

/** One evening at the desk: whoever must choose does, what can be begun is begun, by one or by two at the same instant. */
export async function payEvening(year: Year, round: string, first: Member, second: Member): Promise<void> {
  const { payments } = await must(first.call<{ payments: Listed[] }>('GET', `${round}/payments?limit=${NEWEST}`));
  await together(payments, AT_ONCE, async (listed) => {
    const asked = year.diary.byReference.get(listed.reference);
    if (!asked) return;
    asked.id = listed.request;
    const chance = chanceOf(year.size.seed, 'pay', asked.ask.index, year.day);
    if (listed.turn === 'person') return choose(year, asked, chance);
    if (listed.turn === 'try') return listed.last?.way === 'bank' ? transfer(year, listed, first, second, chance) : undefined;
    if (listed.turn === 'fund') await begin(year, asked, listed, first, second, chance);
  });
}

/** Says where to pay to, or chooses another way after one failed. Some never do. */
async function choose(year: Year, asked: Asked, chance: Chance): Promise<void> {
  if (chanceOf(year.size.seed, 'never-claims', asked.ask.index).happens(0.08)) return;
  const way = chance.pick(['bank', 'bank', 'voucher', 'cash'] as const);
  const send = () => holder(year, asked).call('POST', `${fundPath}/requests/payment-choice`, { token: asked.token, way, account: way === 'bank' ? { name: 'A Neighbour', number: '20-00-00 55779911' } : null }, {
    may: ['already-decided', ...(asked.ask.helper ? ['not-their-address'] : [])],
  });
  await Promise.all(chance.happens(0.05) ? [send(), send()] : [send()]);
}

async function begin(year: Year, asked: Asked, { request, way }: Listed, first: Member, second: Member, chance: Chance): Promise<void> {
  const start = (who: Member, key: string) => who.call<{ id: string }>('POST', `${fundPath}/requests/${request}/payment`, undefined, { key, may: ['already-decided', 'knows-applicant', 'nothing-awarded', 'own-cash'] });
  const lot = chance.real();
  if (lot < 0.05) {
    const both = await Promise.all([start(first, randomUUID()), start(second, randomUUID())]);
    if (both.every((each) => each.ok)) surprise(year.line, 'two began to pay one award');
  } else if (lot < 0.08) {
    const key = randomUUID();
    await first.sendAndLose(`${fundPath}/requests/${request}/payment`, undefined, key);
    await Promise.all([start(first, key), start(first, key)]);
  } else if (!(await start(first, randomUUID())).ok) {
    await start(second, randomUUID());
  }
  const giveUp = way === 'voucher' && chance.happens(0.05);
  if (giveUp) await first.call('POST', `${fundPath}/requests/${request}/payment/give-up`, { note: 'The shop is gone' }, { may: ['already-decided', 'knows-applicant'] });
  else if (way === 'voucher') year.diary.plan(year.day + 1 + chance.below(20), () => spend(year, asked, chance));
  else if (way === 'cash' && chance.happens(0.9)) year.collecting.push(asked);
}

/** A transfer in its steps: ordered by one, then paid, failed or in doubt as a second one says; a few come back. */
async function transfer(year: Year, { last, amountMinor }: Listed, first: Member, second: Member, chance: Chance): Promise<void> {
  if (!last?.disbursement) return;
  if (!last.payout) {
    const order = (who: Member) => who.call('POST', `${fundPath}/disbursements/${last.disbursement}/payouts`, { reference: 'Simulation' }, { may: ['already-decided', 'interest-declared', 'not-enough-money'] });
    return void (await Promise.all(chance.happens(0.1) ? [order(first), order(second)] : [order(first)]));
  }
  if (last.payoutState !== 'open' && last.payoutState !== 'unknown') return;
  const may = ['same-person', 'already-decided', 'interest-declared'];
  const move = (who: Member, body: object) => who.call<{ state: string }>('POST', `${fundPath}/payouts/${last.payout}/transitions`, body, { may });
  const other = last.orderedByYou ? second : first;
  const lot = chance.real();
  if (lot < 0.08 && last.payoutState === 'open') return void (await move(other, { to: 'unknown', note: 'The bank does not answer' }));
  if (lot < 0.16) return void (await move(other, { to: 'failed', note: 'No such account' }));
  const paid = await Promise.all(chance.happens(0.1) ? [move(other, { to: 'paid', amountMinor }), move(first, { to: 'paid', amountMinor }), move(second, { to: 'paid', amountMinor })] : [move(other, { to: 'paid', amountMinor })]);
  if (paid.some((each) => each.ok) && chance.happens(0.06)) year.diary.plan(year.day + 3, async () => {
    for (const who of [first, second]) await move(who, { to: 'returned', amountMinor, note: 'The bank sent it back' });
  });
}

/** Spends a voucher at the shop: all of it, a part, or nothing; now and then at two tills at once. */
async function spend(year: Year, asked: Asked, chance: Chance): Promise<void> {
  const { payment } = await must(holder(year, asked).call<Looked>('POST', `${fundPath}/requests/payment-look`, { token: asked.token }));
  if (!payment?.voucher || payment.voucher.balanceMinor === 0 || chance.happens(0.06)) return;
  const { code, balanceMinor } = payment.voucher;
  const { shop } = year.cast;
  const looked = await shop.call<{ ticket: string }>('POST', `${fundPath}/till/vouchers`, { code }, { may: ['voucher-expired', 'voucher-cancelled'] });
  if (!looked.ok) return;
  const amountMinor = chance.happens(0.12) ? Math.ceil(balanceMinor / 3) : balanceMinor;
  const key = randomUUID();
  const take = (by: string) => shop.call('POST', `${fundPath}/till/redemptions`, { ticket: looked.body.ticket, amountMinor }, { key: by, may: ['voucher-too-small', 'voucher-expired', 'voucher-cancelled'] });
  const lot = chance.real();
  if (lot < 0.04) await Promise.all([take(randomUUID()), take(randomUUID())]);
  else if (lot < 0.08) await Promise.all([take(key), take(key)]);
  else await take(key);
}

/** Asks one after the other to witness a hand-over, until somebody may. */
async function anyWitnesses(people: readonly Member[], id: string, amountMinor: number): Promise<boolean> {
  for (const each of people) {
    const { ok } = await each.call('POST', `${fundPath}/cash/${id}/transitions`, { to: 'collected', amountMinor }, { may: ['own-cash', 'interest-declared'] });
    if (ok) return true;
  }
  return false;
}

/** An evening with the cash box: fetched by one, counted by another, handed out before a witness, counted back. */
export async function cashEvening(year: Year, first: Member, second: Member): Promise<void> {
  const coming = year.collecting.splice(0);
  if (coming.length === 0) return;
  const payments = [];
  for (const asked of coming) {
    const { payment } = await must(holder(year, asked).call<Looked>('POST', `${fundPath}/requests/payment-look`, { token: asked.token }));
    if (payment?.cash?.state === 'ready' && payment.cash.code) payments.push({ code: payment.cash.code, amountMinor: payment.amountMinor });
  }
  const fetchedMinor = payments.reduce((sum, each) => sum + each.amountMinor, 0) + 100_00;
  await must(first.call('POST', `${fundPath}/cash-box`, { name: `Day ${year.day}`, amountMinor: fetchedMinor }));
  await must(second.call('POST', `${fundPath}/cash-box/check`, { amountMinor: fetchedMinor }));
  let handedMinor = 0;
  await together(payments, AT_ONCE, async ({ code, amountMinor }) => {
    for (const [giver, witness] of [[first, second], [second, first]] as const) {
      const found = await giver.call<{ id: string; ticket: string }>('POST', `${fundPath}/cash-desk`, { code }, { may: ['own-cash', 'interest-declared'] });
      if (!found.ok) continue;
      const { id, ticket } = found.body;
      const key = randomUUID();
      const hand = () => giver.call('POST', `${fundPath}/cash-desk/hand-overs`, { ticket }, { key, may: ['own-cash', 'interest-declared'] });
      const [handed] = await Promise.all([hand(), hand()]);
      if (!handed.ok) continue;
      handedMinor += amountMinor;
      // Whoever must not be the witness leaves it to somebody else.
      const others = year.cast.administrators.filter((each) => each !== giver && each !== witness);
      if (!(await anyWitnesses([witness, ...others], id, amountMinor))) surprise(year.line, 'cash that nobody witnessed');
      return;
    }
  });
  await must(first.call('POST', `${fundPath}/cash-box/count`, { amountMinor: fetchedMinor - handedMinor }));
  await must(second.call('POST', `${fundPath}/cash-box/close`, { amountMinor: fetchedMinor - handedMinor }));
}
