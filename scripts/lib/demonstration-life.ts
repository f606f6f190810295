/** What goes on around the ballot in the demonstration: ideas and their answers, a round for practice, other languages, talk, and delivery. */
import { randomUUID } from 'node:crypto';
import { presets } from '@commonpot/server/votes/counting/presets';
import type { people } from './demonstration.ts';

type Name = keyof typeof people;
/** Sends a request as somebody; throws when it is refused, because a demonstration has no refusals. */
export type Act = <T = { id: string; slug: string }>(who: Name, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<T>;
export interface Days {
  /** The time of the demonstration: days before today, at an hour. */
  go(daysAgo: number, hour?: number): void;
  /** A day's time as the API writes it; negative for days to come. */
  at(daysAgo: number, hour?: number): string;
}

const POUND = 100;

/** Who says so, the title, rough pounds, where, and why. */
const ideas: readonly (readonly [Name, string, number | null, string | null, string])[] = [
  ['rosa', 'Lamps along the canal steps', 4_000, 'Canal steps', 'The council lamp has been out since March, and people with prams go round by the road in the dark.'],
  ['imran', 'A covered spot for the Thursday queue', 2_500, 'Outside Khan’s', 'People wait for the pantry in the rain. A roof on four posts would do.'],
  ['rosa', 'Light on the steps by the lock', 3_000, 'Canal steps', 'I fell there in January. A rail would help as well.'],
  ['helen', 'Flu jabs and blood pressure at the market', 1_200, 'Saturday market', 'Many do not come to the surgery. The market is where everybody is.'],
  ['joseph', 'Choir in the ticket hall', null, 'Old station', 'The echo is splendid, and it costs nothing but a heater.'],
  ['imran', 'A slide from the top of the steps', 9_000, 'Kiln Street', 'My son drew it. He is seven and quite sure.'],
  ['rosa', 'Soup recipes from every kitchen, printed', 800, null, 'In all the languages of the hill, with a page for what to do with turnips.'],
];

/** A winter's ideas, gathered and half answered: one joined, one to be changed, one that cannot be, and what its proposer replied. */
export async function gatherIdeas(act: Act, days: Days, potId: string): Promise<void> {
  days.go(44);
  const { slug } = await act('amina', 'POST', '/rounds', {
    title: 'Winter ideas for Tanner Hill', summary: 'What would make the dark months warmer and brighter? Up to £12,000 in all.', potId, budgetMinor: 12_000 * POUND, ballotForm: { kind: 'knapsack' }, rule: presets.greedy,
    credentials: ['code'], ideasOpenAt: days.at(40, 9), ideasCloseAt: days.at(12, 20), reviewDueAt: days.at(-9, 18), noticeAt: days.at(-14, 9), votingOpensAt: days.at(-21, 8), votingClosesAt: days.at(-35, 20),
  });
  const path = `/rounds/${slug}`;
  await act('amina', 'POST', `${path}/transitions`, { to: 'ideas', reason: 'Ideas are gathered from today.' });
  for (const [index, [who, title, pounds, place, description]] of ideas.entries()) {
    days.go(38 - index * 3);
    await act(who, 'POST', `${path}/ideas`, { title, description, roughCostMinor: pounds === null ? null : pounds * POUND, place, name: null, showName: false, contact: null, draft: randomUUID() });
  }
  const supports: readonly [Name, number[]][] = [['rosa', [2, 4, 6]], ['imran', [1, 3, 5, 7]], ['helen', [1, 2]], ['joseph', [1, 4, 7]], ['amina', [1, 2]]];
  for (const [who, numbers] of supports) for (const number of numbers) await act(who, 'PUT', `${path}/ideas/${number}/support`);
  days.go(20);
  await say(act, `${path}/discussions/idea/1`, 'imran', 'Please think of the bats under the bridge: warm light, pointing down.');
  days.go(11);
  await act('amina', 'POST', `${path}/transitions`, { to: 'review', reason: 'The day for ideas is over.' });
  await act('amina', 'POST', `${path}/ideas/1/join`, { ideas: [3] });
  const role = 'Tanner Hill Community Trust';
  const able = { running: 0, vat: 'included', deliverer: 'Ashbourne Streets team', keeper: 'Ashbourne Council, parks and paths', role, showName: true };
  const review = (number: number, body: object) => act('joseph', 'POST', `${path}/ideas/${number}/review`, { after: 0, role, showName: true, ...body });
  days.go(8);
  await review(1, { feasible: 'yes', reasons: 'The council agrees to the power line, and a rail fits into the same work.', title: 'Five low lamps and a rail on the canal steps', costMinor: 5_600 * POUND, runningMinor: 0, costHolds: 'Lamps, cable, a handrail and the electrician.', vat: able.vat, delivererName: able.deliverer, keeperName: able.keeper });
  await review(6, { feasible: 'no', reasons: 'The steps are a way out in case of fire and must stay clear.' });
  days.go(6);
  await act('imran', 'POST', `${path}/ideas/6/reply`, { version: 1, words: 'He asks whether it may stand beside the steps, on the grass. He has drawn that too.' });
}

async function say(act: Act, path: string, who: Name, words: string, replyTo: string | null = null): Promise<string> {
  return (await act(who, 'POST', path, { draft: randomUUID(), replyTo, words, name: null })).id;
}

/** Neighbours talk about two projects on the open ballot. */
export async function talk(act: Act, days: Days, path: string): Promise<void> {
  days.go(4);
  const asked = await say(act, `${path}/discussions/project/2`, 'rosa', 'Will the benches have arms on both sides? My mother cannot get up without.');
  days.go(3);
  await say(act, `${path}/discussions/project/2`, 'joseph', 'Yes, all six, and the one by the surgery is higher.', asked);
  await say(act, `${path}/discussions/project/20`, 'imran', 'From which hour is it locked at night?');
}

interface Words {
  title: string;
  summary: string;
  description: string;
  translator: string;
}

const translations: readonly (readonly [language: 'pl' | 'ar', project: string | null, words: Words])[] = [
  ['pl', null, { title: 'Na co wydać £60 000 na Tanner Hill?', summary: 'Pomysły pochodzą z czterech zebrań i ze skrzynki w sklepie Khan’s. Każda osoba z osiedla, która ma co najmniej dwanaście lat, dostała list z kodem.', description: '', translator: 'Ewa Nowak' }],
  ['pl', '1', { title: 'Ciepłe czwartki w Starej Piekarni', summary: 'Gorący posiłek, ciepła sala i doradca od zasiłków, w każdy czwartek przez 40 tygodni.', description: '', translator: 'Ewa Nowak' }],
  ['pl', '8', { title: 'Wypożyczalnia narzędzi na działkach', summary: 'Wiertarki, drabiny, odkurzacz do dywanów: za funta.', description: '', translator: 'Ewa Nowak' }],
  ['ar', '1', { title: 'أيام خميس دافئة في المخبز القديم', summary: 'طعام ساخن وغرفة دافئة ومستشار في شؤون الإعانات، كل يوم خميس لمدة 40 أسبوعاً.', description: '', translator: 'ليلى حداد' }],
  ['ar', '9', { title: 'الصومالية والعربية في العيادة', summary: 'مترجمان على خط الهاتف وعند المكتب، يومين في الأسبوع.', description: '', translator: 'ليلى حداد' }],
];

/** What two neighbours translated before the ballot was published. */
export async function translate(act: Act, path: string): Promise<void> {
  const { projects } = await act<{ projects: { id: string; number: string }[] }>('amina', 'GET', `${path}/projects`);
  for (const [language, number, words] of translations) {
    const subject = number === null ? 'round' : projects.find((each) => each.number === number)?.id;
    await act('amina', 'PUT', `${path}/words/${subject}/${language}`, words);
  }
}

/** A class tries out the ballot, without money. */
export async function practise(act: Act, days: Days, from: string): Promise<void> {
  days.go(4);
  const { slug } = await act('amina', 'POST', `${from}/practice`, { title: 'Practice: the ballot in class 8b' });
  const path = `/rounds/${slug}`;
  await act('amina', 'PUT', path, { summary: 'Hill School tries the ballot out. It decides nothing.', votingOpensAt: days.at(4, 13), votingClosesAt: days.at(-30, 20) });
  await act('joseph', 'POST', `${path}/accept-no-recovery-sheet`);
  await act('amina', 'POST', `${path}/codes`, { count: 30 });
  await act('amina', 'POST', `${path}/transitions`, { to: 'notice', reason: 'For the class.' });
  days.go(4, 13);
  await act('amina', 'POST', `${path}/transitions`, { to: 'voting', reason: 'For the class.' });
}

/** How two of the spring's projects come along: one done, one late and saying why. */
export async function deliver(act: Act, days: Days, path: string): Promise<void> {
  const { projects } = await act<{ projects: { id: string }[] }>('amina', 'GET', `${path}/delivery`);
  const plan = (project: string, title: string, daysAgo: number) =>
    act('amina', 'POST', `${path}/projects/${project}/milestones`, { title, who: 'Tanner Hill Community Trust', dueOn: days.at(daysAgo).slice(0, 10), draft: randomUUID() });
  const tell = (project: string, body: object) => act('amina', 'POST', `${path}/projects/${project}/news`, { draft: randomUUID(), ...body });
  const [first, second] = projects;
  if (!first || !second) return;
  days.go(130);
  const [ordered, inUse] = [await plan(first.id, 'Everything is ordered', 120), await plan(first.id, 'It is there, and used', 80)];
  const late = await plan(second.id, 'The first day', 60);
  days.go(118);
  await tell(first.id, { kind: 'done', milestone: ordered.id, words: 'Ordered from two firms on the hill.' });
  days.go(78);
  await tell(first.id, { kind: 'done', milestone: inUse.id, words: 'There, and used every day.' });
  days.go(58);
  await tell(second.id, { kind: 'delayed', milestone: late.id, words: 'It will be a month later.', reason: 'The delivery was short, and the rest comes in December.', newDueOn: days.at(-25).slice(0, 10) });
}
