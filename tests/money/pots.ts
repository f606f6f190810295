/** Pots with money in them, for tests: made and filled as people do it, by two administrators. */
import { newId } from '@commonpot/server/platform/ids';
import type { TestFund } from '../lib/world.ts';

export const unbound = { theme: '', area: '', people: '' };

/** Makes a pot over the API; answers its id. */
export async function givePot(fund: TestFund, name: string, restriction = unbound): Promise<string> {
  const { status, body } = await fund.people.administrator.post(`/funds/${fund.slug}/pots`, { name, purpose: '', restriction });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

/** Brings money into a pot: entered by one administrator, confirmed by the other. Answers the contribution's id. */
export async function fillPot(fund: TestFund, potId: string, amountMinor: number): Promise<string> {
  const { administrator, administrator2 } = fund.people;
  const line = { pledgeId: null, agencyId: null, potId, amountMinor, receivedOn: '2026-11-20', reference: newId() };
  const entered = await administrator.post(`/funds/${fund.slug}/contributions`, line);
  const confirmed = await administrator2.post(`/funds/${fund.slug}/contributions/${entered.body.id}/confirm`, { amountMinor });
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  return entered.body.id;
}
