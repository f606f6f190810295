/** What the tests of paying share: an award, and the page of whoever holds its private link. */
import { must } from '../payouts/house.ts';
import type { TestFund, World } from '../lib/world.ts';
import { ask, queue, type OpenGrants } from './granting.ts';

export interface Awarded {
  id: string;
  token: string;
  reference: string;
}

/** Asks as a stranger, and one administrator says yes. */
export async function makeAward(world: World, round: OpenGrants, change: Parameters<typeof ask>[2] = {}): Promise<Awarded> {
  const { reference, token } = await must(ask(world, round, change));
  const { id } = (await queue(world.fund, round)).find((each) => each.reference === reference);
  await must(world.fund.people.administrator.post(`/funds/${world.fund.slug}/requests/${id}/decisions`, { verdict: 'yes' }));
  return { id, token, reference };
}

/** The payment as the private page shows it. */
export const look = async (world: World, { token }: Pick<Awarded, 'token'>): Promise<any> => (await must(world.visitor().post(`/funds/${world.fund.slug}/requests/payment-look`, { token }))).payment;
export const choose = (world: World, { token }: Pick<Awarded, 'token'>, way: string, account: object | null = null) => world.visitor().post(`/funds/${world.fund.slug}/requests/payment-choice`, { token, way, account });
export const start = (world: World, { id }: Pick<Awarded, 'id'>, who: 'administrator' | 'administrator2' = 'administrator') => world.fund.people[who].post(`/funds/${world.fund.slug}/requests/${id}/payment`);

export async function stateTerms(fund: TestFund, thanksPot: string | null = null): Promise<void> {
  await must(fund.people.administrator.send('PUT', `/funds/${fund.slug}/paying-terms`, { place: 'Hall', hours: 'Tuesday', thanksPot, thanksLimitMinor: 30_00, thanksNote: 'A voucher is not counted as income; ask an adviser about cash.', hourMinor: 20_00 }));
  // A second person agrees to what is new; said again, nothing waits.
  await fund.people.administrator2.post(`/funds/${fund.slug}/paying-terms/limit`, { limitMinor: 30_00, pot: thanksPot });
}
