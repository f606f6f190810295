/** What the tests of grants share: a charter, a round that is open, and neighbours who ask. */
import { randomBytes } from 'node:crypto';
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import { filledPot, must } from '../payouts/house.ts';
import type { TestFund, World } from '../lib/world.ts';

export const plain: Charter = {
  bands: [{ upToMinor: 50_00, agree: 'one', proofOfAddress: false }, { upToMinor: 200_00, agree: 'two', proofOfAddress: false }],
  periodDays: 30, cooldownDays: 0, householdCapMinor: null, atOnceDailyMinor: null, panelSeats: null, batches: true, order: { kind: 'as-they-come' },
  ways: ['voucher', 'cash', 'bank'], answerDays: 3, payDays: 3, agency: { sees: 'figures', standsBehind: [] }, route: { kind: 'granted-to-host' },
  dispute: { words: 'Somebody who did not decide the first time looks again.', appealDays: 28 }, eraseAfterDays: 90, disclosureDays: 180,
};

/** Publishes the next version of the fund's charter. */
export async function publish(fund: TestFund, change: Partial<Charter> = {}): Promise<number> {
  const { administrator } = fund.people;
  const { charter } = await must(administrator.get(`/funds/${fund.slug}/charter`));
  const { version } = await must(administrator.post(`/funds/${fund.slug}/charter`, { content: { ...plain, ...change }, note: 'How we do it', after: charter?.version ?? null }));
  return version;
}

export interface OpenGrants {
  slug: string;
  /** Of the API: /funds/x/grants/y. */
  path: string;
  potId: string;
}

/** Opens a rolling round on a pot of its own, under a charter of its own; one publishes it, another opens. */
export async function openGrants(fund: TestFund, given: { charter?: Partial<Charter>; potMinor?: number; window?: { budgetMinor: number; closesAt: string } } = {}): Promise<OpenGrants> {
  const { administrator } = fund.people;
  await publish(fund, given.charter);
  const potId = await filledPot(fund, given.potMinor ?? 1_000_00);
  await must(administrator.post(`/funds/${fund.slug}/pots/${potId}/statements`, { publicFunds: 'no', benefits: 'A voucher is not counted as income.', adviser: 'Law centre', checkedOn: '2026-11-01' }));
  const kind = given.window ? { kind: 'window', ...given.window } : { kind: 'rolling' };
  const { slug } = await must(administrator.post(`/funds/${fund.slug}/grants`, { title: 'Winter fund', potId, ...kind }));
  const path = `/funds/${fund.slug}/grants/${slug}`;
  await must(fund.people.administrator2.post(`${path}/transitions`, { to: 'open' }));
  return { slug, path, potId };
}

let neighbours = 0;
/** A telephone number that nobody had before. */
export const newNumber = (): string => `07700 9${String((neighbours += 1)).padStart(5, '0')}`;

/** What somebody sends who asks; a new neighbour unless a number is named. */
export function asking(change: Record<string, unknown> & { number?: string } = {}) {
  const { number = newNumber(), ...rest } = change;
  return { amountMinor: 40_00, way: 'voucher', contact: { channel: 'sms', address: number }, name: 'Sam', words: null, purpose: null, household: null, clientKey: randomBytes(32).toString('hex'), ...rest };
}

/** Asks as a stranger. */
export const ask = (world: World, round: OpenGrants, change: Parameters<typeof asking>[0] = {}) => world.visitor().post(`${round.path}/requests`, asking(change));

/** What waits, as an administrator sees it. */
export const queue = async (fund: TestFund, round: OpenGrants): Promise<any[]> => (await must(fund.people.administrator.get(`${round.path}/queue`))).requests;

/** Messages that wait to be sent, oldest first. */
export const messagesOf = async (world: World) => (await world.superuser(`select data->>'sealed' as sealed from pgboss.job where name = 'people.send-message' order by created_on`)).rows
  .map((row: { sealed: string }) => JSON.parse(world.app.services.secrets.open('message', Buffer.from(row.sealed, 'base64'))) as { recipient: string; subject: string; body: string });

/** The token of the link that goes to a request's own address, which only whoever holds the address reads. The request said that a message is safe. */
export async function ownToken(world: World, token: string): Promise<string> {
  await must(world.visitor().post(`/funds/${world.fund.slug}/requests/send`, { token }));
  const own = (await messagesOf(world)).at(-1)?.body.match(/\/asked\/([\w-]{22})/)?.[1];
  if (!own || own === token) throw new Error('no link went to the address');
  return own;
}
