/** The solidarity fund of the demonstration: its charter, ten weeks of neighbours who asked and were given, and an evening's requests that wait. */
import { randomBytes } from 'node:crypto';
import { presets } from '@commonpot/server/rounds/charter/presets';
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import type { Act, Days } from './demonstration-life.ts';

const POUND = 100;
/** Days ago on which the shops were paid what they had taken. */
const SHOPS_PAID = 32;

/** Sends as somebody who has no account; throws when it is refused. */
export type ActAsNeighbour = <T>(path: string, body: object) => Promise<T>;

type Way = 'voucher' | 'cash' | 'bank';
/** Days ago, a name or alias, pounds, how to get it, and what they wanted known. */
type Ask = readonly [daysAgo: number, name: string, pounds: number, way: Way, words: string | null];

const given: readonly Ask[] = [
  [68, 'Sam', 40, 'voucher', null], [66, 'D.', 50, 'voucher', 'School shoes, two pairs at once.'], [64, 'Marta', 35, 'voucher', null], [62, 'Mr Osei', 45, 'voucher', 'The meter.'],
  [58, 'Leila', 50, 'voucher', null], [56, 'Pat from the flats', 80, 'voucher', 'The washing machine, second-hand from the man on Kiln Street.'], [54, 'Yusuf', 40, 'voucher', null],
  [50, 'Nan', 35, 'voucher', 'Food for the weekend, the grandchildren are here.'], [48, 'Agnieszka', 50, 'voucher', null], [44, 'K.', 45, 'voucher', null],
  [40, 'Grace', 100, 'voucher', 'A bed for my daughter.'], [38, 'Tomek', 40, 'voucher', 'Bus to the new job until I am paid.'], [34, 'Hodan', 50, 'voucher', null], [30, 'Bev', 35, 'voucher', null],
  [26, 'Ahmed', 50, 'voucher', 'Heating.'], [22, 'Mrs Delaney', 45, 'voucher', null], [18, 'Jo', 40, 'voucher', null], [12, 'Farah', 50, 'voucher', 'Baby milk and nappies.'],
];

const waiting: readonly Ask[] = [
  [2, 'Ewa', 50, 'voucher', null], [2, 'Callum', 40, 'cash', 'The gas runs out on Monday.'], [2, 'Samira', 90, 'voucher', 'A winter coat for each of the three.'], [2, 'Old Pete', 35, 'cash', null],
  [2, 'R.', 50, 'bank', null], [2, 'Blessing', 45, 'voucher', 'I do not know whether I may ask twice. If not, no harm.'], [1, 'Dawn', 50, 'voucher', null], [1, 'Kofi', 120, 'bank', 'Deposit for the room, the rest I have.'],
  [1, 'Maryam', 40, 'voucher', null], [1, 'Lee', 35, 'cash', 'Between two jobs.'], [1, 'Zofia', 50, 'voucher', 'Glasses.'], [1, 'Tash', 50, 'voucher', null],
  [1, 'Mr Bhatt', 45, 'voucher', 'The fridge has stopped, and my insulin is in it.'], [1, 'Nadia', 40, 'voucher', null], [0, 'Ibrahim', 50, 'bank', null], [0, 'Carol', 35, 'voucher', 'Food, and something for the cat.'],
  [0, 'Wren', 60, 'voucher', null], [0, 'Aisha', 50, 'voucher', 'School trip on Thursday.'], [0, 'Stan', 40, 'cash', null], [0, 'Precious', 50, 'voucher', null],
];

const stories: readonly (readonly [name: string, words: string])[] = [
  ['Pat from the flats', 'It spins! I had carried everything to my sister’s for two months. Nobody asked me to prove anything, and that was the part I told people about.'],
  ['Tomek', 'The first bus was paid on the day I asked. I have been paid twice since, and I put a pound in the tin at Khan’s.'],
  ['D.', 'Shoes are bought. It would be easier if the shoe shop took the vouchers too and not only Khan’s.'],
];

const help: readonly { name: string; words: string; phone: string | null; url: string | null }[] = [
  { name: 'Thursday pantry, Old Bakery', words: 'Food for the week, every Thursday from four to six. No letter needed.', phone: null, url: null },
  { name: 'Hill advice desk', words: 'Benefits, debts and letters you do not want to open. Mondays at the library.', phone: '0117 496 0101', url: null },
  { name: 'Night line', words: 'Somebody to talk to, from eight in the evening.', phone: '0117 496 0199', url: null },
];

function charter(): Charter {
  const [neighbours] = presets;
  if (!neighbours) throw new Error('no charter to begin with');
  const agency: Charter['agency'] = { sees: 'figures', standsBehind: [{ agency: 'Ashbourne Public Health', person: 'Helen Marsh', role: 'neighbourhood officer' }] };
  return { ...neighbours.charter, agency, bands: [...neighbours.charter.bands, { upToMinor: 120 * POUND, agree: 'two', proofOfAddress: false }] };
}

/** Opens the solidarity fund on its pot and lets the weeks pass. */
export async function lendAHand(act: Act, ask: ActAsNeighbour, days: Days, potId: string): Promise<void> {
  days.go(72);
  await act('amina', 'POST', `/pots/${potId}/statements`, { publicFunds: 'no', benefits: 'A voucher is not counted as income. Cash may be, above your savings limit.', adviser: 'Hill advice desk', checkedOn: days.at(73).slice(0, 10) });
  await act('amina', 'PUT', '/paying-terms', { place: 'Old Bakery, side door', hours: 'Saturdays, ten to twelve', thanksPot: null, thanksLimitMinor: 0, thanksNote: '', hourMinor: 15 * POUND });
  await act('amina', 'POST', '/charter', { content: charter(), note: 'Agreed at the meeting in the ticket hall.', after: null });
  const { members } = await act<{ members: { id: string; name: string }[] }>('amina', 'GET', '/members');
  const lead = await act('amina', 'POST', '/safeguarding/leads', { member: members.find((each) => each.name === 'Rosa Delgado')?.id, channel: 'email', address: 'rosa@example.org' });
  await act('joseph', 'POST', `/safeguarding/leads/${lead.id}/agree`);
  days.go(71);
  const { slug } = await act('amina', 'POST', '/grants', { title: 'Hill solidarity fund', potId, kind: 'rolling' });
  await act('joseph', 'POST', `/grants/${slug}/transitions`, { to: 'open' });
  const tokens = new Map<string, string>();
  let shopsArePaid = false;
  for (const [index, each] of [...given, ...waiting].entries()) {
    const [daysAgo, name, pounds, way, words] = each;
    if (!shopsArePaid && daysAgo < SHOPS_PAID) shopsArePaid = await payShops(act, days);
    days.go(daysAgo, daysAgo === 0 ? 6 : 9 + (index % 9));
    const { token, reference } = await ask<{ token: string; reference: string }>(`/grants/${slug}/requests`, {
      amountMinor: pounds * POUND, way, contact: { channel: 'sms', address: `07700 900${String(100 + index)}` }, name, words, purpose: null, household: null, clientKey: randomBytes(32).toString('hex'),
    });
    tokens.set(name, token);
    if (index < given.length) await give(act, ask, days, { path: `/grants/${slug}`, token, reference, daysAgo, isSpent: index % 5 !== 4 });
  }
  days.go(3);
  for (const [name, words] of stories) await ask('/requests/story', { token: tokens.get(name), words, consents: true });
  for (const each of help) await act('amina', 'POST', '/signposts', each);
}

interface Giving {
  /** Of the round. */
  path: string;
  token: string;
  reference: string;
  daysAgo: number;
  isSpent: boolean;
}

/** Whoever the charter asks says yes, the voucher is made, and most are spent at Khan's. */
async function give(act: Act, ask: ActAsNeighbour, days: Days, { path, token, reference, daysAgo, isSpent }: Giving): Promise<void> {
  days.go(daysAgo, 19);
  const { requests } = await act<{ requests: { id: string; reference: string }[] }>('amina', 'GET', `${path}/queue`);
  const id = requests.find((each) => each.reference === reference)?.id;
  const { state } = await act<{ state: string }>('amina', 'POST', `/requests/${id}/decisions`, { verdict: 'yes' });
  if (state !== 'awarded') await act('joseph', 'POST', `/requests/${id}/decisions`, { verdict: 'yes' });
  await act('amina', 'POST', `/requests/${id}/payment`);
  if (!isSpent) return;
  days.go(daysAgo - 1, 11);
  const { payment } = await ask<{ payment: { amountMinor: number; voucher: { code: string } } }>('/requests/payment-look', { token });
  const { ticket } = await act<{ ticket: string }>('imran', 'POST', '/till/vouchers', { code: payment.voucher.code });
  await act('imran', 'POST', '/till/redemptions', { ticket, amountMinor: payment.amountMinor });
}

/** What the shops took so far is paid to them: one person records the transfer, another confirms that it left. */
async function payShops(act: Act, days: Days): Promise<true> {
  days.go(SHOPS_PAID, 10);
  const { shops } = await act<{ shops: { id: string; dueMinor: number }[] }>('amina', 'GET', '/shops');
  for (const { id } of shops.filter((each) => each.dueMinor > 0)) {
    const { payouts } = await act<{ payouts: { id: string; amountMinor: number }[] }>('amina', 'POST', `/shops/${id}/settlements`, { reference: 'Vouchers of six weeks' });
    days.go(SHOPS_PAID, 15);
    for (const payout of payouts) await act('joseph', 'POST', `/payouts/${payout.id}/transitions`, { to: 'paid', amountMinor: payout.amountMinor });
  }
  return true;
}
