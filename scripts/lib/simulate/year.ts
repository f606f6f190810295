/** A simulated year, week by week: money comes in, people ask, others decide and pay, and every morning the jobs run. */
import { makeAgent } from '../http-client.ts';
import { startProgress } from '../progress.ts';
import { askAs, openLinks } from './asking.ts';
import { makeCast, refill, signInAgain, type Cast, type Member } from './cast.ts';
import { together, type Line } from './client.ts';
import { decideEvening } from './deciding.ts';
import { Diary } from './diary.ts';
import { PANEL_DAYS, seatPanel, sitPanels } from './panels.ts';
import { cashEvening, payEvening } from './paying.ts';
import { asksOf, ASKING_DAYS, DAYS, MEAN_MINOR, MET, takenBy, WINDOW_DAYS, WINDOW_SHARE, type Ask, type Size } from './plan.ts';
import type { Stage } from './stage.ts';
import type { Year } from './state.ts';
import { askingWindow, decidedWindows, keepWindows, livingWindows, pickUrgent, typeDraws } from './windows.ts';

/** A Monday. The year lies ahead of every real clock. */
export const START = new Date('2030-01-07T06:00:00Z');
const DAY = 24 * 3600_000;
const AT_ONCE = 8;
/** Times that a day's missing requests are made up for. */
const MOST_TRIES = 20;

/** Plays the whole year. What nobody expected stands in `line.surprises`. */
export async function playYear(stage: Stage, size: Size): Promise<Year> {
  const line: Line = { agent: makeAgent(32), origin: stage.origin, surprises: new Map() };
  const cast = await makeCast(stage, line);
  const year: Year = { stage, size, line, cast, diary: new Diary(), windows: [], isSecondHalf: false, opened: new Set(), day: 0, asks: asksOf(size), collecting: [], taken: { requests: 0, amountMinor: 0 }, seconds: new Map() };
  const bar = startProgress('A year', size.weeks * DAYS);
  for (; year.day < size.weeks * DAYS; year.day += 1) {
    await playDay(year);
    bar.to(year.day + 1);
  }
  bar.end();
  await learnFollowed(year);
  line.agent.destroy();
  return year;
}

const at = (year: Year, hour: number): void => void (year.stage.clock.now = new Date(START.getTime() + year.day * DAY + (hour - 6) * 3600_000));

/** Keeps how long something took. */
async function timed(year: Year, what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  year.seconds.set(what, (year.seconds.get(what) ?? 0) + (performance.now() - start) / 1000);
}

async function playDay(year: Year): Promise<void> {
  const { cast, day } = year;
  const weekday = day % DAYS;
  const [first, second] = pairOf(cast, Math.floor(day / 2));
  at(year, 6);
  await timed(year, 'jobs', () => year.stage.wake());
  if (day > 0 && day % (2 * DAYS) === 0) await timed(year, 'signing in', () => signInAgain(year.line, cast));
  at(year, 8);
  if (weekday === 0) await timed(year, 'refilling', () => refillPot(year));
  if (day % PANEL_DAYS === 0) await seatPanel(year, cast.rolling);
  await timed(year, 'windows', () => keepWindows(year));
  at(year, 10);
  await timed(year, 'asking', () => askAll(year));
  at(year, 17);
  await timed(year, 'errands', () => together(year.diary.takeDue(day), AT_ONCE, (errand) => errand.run()));
  await timed(year, 'links', () => openLinks(year));
  await timed(year, 'draws', () => typeDraws(year, second, first));
  at(year, 19);
  await learnFollowed(year);
  const rounds = [cast.rolling, ...livingWindows(year)];
  if (weekday === 1 || weekday === 4) await timed(year, 'deciding', () => eachOf([cast.rolling, ...decidedWindows(year)], (round) => decideEvening(year, round, first, second)));
  if (weekday === 0) await timed(year, 'panels', () => sitPanels(year));
  if (weekday === 3) await timed(year, 'paying', () => eachOf(rounds, (round) => payEvening(year, round, first, second)));
  if (weekday === 3) await timed(year, 'reserve', () => pickUrgent(year, first, second));
  if (weekday === 5) await timed(year, 'cash', () => cashEvening(year, first, second));
}

async function eachOf(rounds: readonly string[], work: (round: string) => Promise<void>): Promise<void> {
  for (const round of rounds) await work(round);
}

/** Two of the administrators, others each time. */
function pairOf({ administrators }: Cast, turn: number): [Member, Member] {
  const { length } = administrators;
  const first = turn % length;
  return [administrators[first] as Member, administrators[(first + 1 + (Math.floor(turn / length) % (length - 1))) % length] as Member];
}

/** Takes in as many as the day has; for whoever meets a limit the next one asks. */
async function askAll(year: Year): Promise<void> {
  const target = takenBy(year.size, year.day);
  for (let tries = 0; year.taken.requests < target && tries < MOST_TRIES; tries += 1) {
    const asks = Array.from({ length: target - year.taken.requests }, () => year.asks.next().value);
    await together(asks, AT_ONCE, (ask) => takeAsk(year, ask));
  }
}

/** A request that waited for its day goes on under another reference: the same person is behind it. */
async function learnFollowed({ stage, diary }: Year): Promise<void> {
  for (const { of, by } of await stage.readFollowed()) {
    const asked = diary.byReference.get(of);
    if (asked && !diary.byReference.has(by)) diary.keep({ ...asked, reference: by, id: null, appealed: false });
  }
}

async function takeAsk(year: Year, ask: Ask): Promise<void> {
  const round = ask.kind === 'window' ? (askingWindow(year)?.path ?? year.cast.rolling) : year.cast.rolling;
  if (!(await askAs(year, ask, round))) return;
  year.taken.requests += 1;
  year.taken.amountMinor += ask.amountMinor;
}

/** Brings what a quarter of a week's asking for the rolling round needs. */
async function refillPot(year: Year): Promise<void> {
  const { size, day } = year;
  const inWindows = (WINDOW_SHARE * ASKING_DAYS) / WINDOW_DAYS;
  const amountMinor = Math.round((size.requests / size.weeks) * (1 - inWindows) * MEAN_MINOR * MET);
  await refill(year.cast, amountMinor, year.stage.clock.now.toISOString().slice(0, 10), `Week ${day / DAYS + 1}`);
}
