/** Windows of a year: opened with their money, closed by their date, drawn by what two people type, decided down the list, and ended. */
import { must, openRound, publishCharter, refill, type Member } from './cast.ts';
import { chanceOf, type Chance } from './chance.ts';
import { surprise, together } from './client.ts';
import { seatPanel } from './panels.ts';
import { ASKING_DAYS, DAYS, MEAN_MINOR, MET, WINDOW_DAYS, WINDOW_SHARE } from './plan.ts';
import type { Window, Year } from './state.ts';

const DAY = 24 * 3600_000;
/** Days after its end for which awards of a window are still looked after. */
const LOOKED_AFTER = 9 * DAYS;

/** Paths of windows whose awards are paid now. */
export const livingWindows = ({ windows, day }: Year): string[] => windows.filter((each) => each.phase !== 'open' && day < each.openedOn + WINDOW_DAYS + LOOKED_AFTER).map((each) => each.path);

/** Paths of windows whose requests are decided now, appeals included. */
export const decidedWindows = ({ windows, day }: Year): string[] => windows.filter((each) => each.phase === 'deciding' || (each.phase === 'paying' && day < each.openedOn + WINDOW_DAYS + DAYS)).map((each) => each.path);

/** The window that takes requests now; undefined when none does. */
export const askingWindow = ({ windows, day }: Year): Window | undefined => windows.find((each) => each.phase === 'open' && day < each.openedOn + ASKING_DAYS);

/** What a morning brings: the windows before move on, and every four weeks a new one opens. */
export async function keepWindows(year: Year): Promise<void> {
  const { cast: { administrators: [first] }, day, size, windows } = year;
  if (!first) return;
  for (const window of windows) {
    const age = day - window.openedOn;
    if (window.phase === 'open' && age > ASKING_DAYS) window.phase = 'deciding';
    if (window.phase === 'deciding' && age >= WINDOW_DAYS) await move(first, window, 'paying');
    else if (window.phase === 'paying' && age >= WINDOW_DAYS + DAYS) await move(first, window, 'closed');
  }
  const isLast = day + ASKING_DAYS > size.weeks * DAYS;
  if (day % WINDOW_DAYS === 0 && !isLast) await openWindow(year, first);
}

async function move(by: Member, window: Window, to: 'paying' | 'closed'): Promise<void> {
  const moved = await by.call('POST', `${window.path}/transitions`, { to });
  if (moved.ok) window.phase = to;
}

async function openWindow(year: Year, first: Member): Promise<void> {
  const { cast, day, size, stage: { clock }, windows } = year;
  const isFirst = windows.length === 0;
  const isSecondHalf = !isFirst && !year.isSecondHalf && day * 2 >= size.weeks * DAYS;
  if (isFirst) await publishCharter(first, 1);
  if (isSecondHalf) {
    await publishCharter(first, 2);
    year.isSecondHalf = true;
  }
  const budgetMinor = Math.round((size.requests / (size.weeks * DAYS)) * ASKING_DAYS * WINDOW_SHARE * MEAN_MINOR * MET);
  await refill(cast, budgetMinor, clock.now.toISOString().slice(0, 10), `Window ${windows.length + 1}`);
  const closesAt = new Date(clock.now.getTime() + ASKING_DAYS * DAY).toISOString();
  const path = await openRound(cast.administrators as unknown as [Member, Member], { title: `Window ${windows.length + 1}`, potId: cast.potId, kind: 'window', budgetMinor, closesAt });
  windows.push({ path, openedOn: day, phase: 'open', drawn: false });
  if (!year.isSecondHalf) await seatPanel(year, path);
}

interface Draws {
  draws: { number: number; state: string; draw: { date: string } }[];
}

/** On the day of a public draw two people type what it said; now and then one mistypes first, or both type at the same instant. */
export async function typeDraws(year: Year, first: Member, second: Member): Promise<void> {
  for (const window of year.windows.filter((each) => !each.drawn && each.phase !== 'open')) {
    const { draws } = await must(first.call<Draws>('GET', `${window.path}/draws`));
    window.drawn = draws.length === 0 || draws.every((each) => each.state === 'drawn' || each.state === 'enough');
    for (const draw of draws.filter((each) => each.state === 'committed')) await typeDraw(year, window, draw, first, second);
  }
}

async function typeDraw(year: Year, window: Window, { number, draw: { date } }: Draws['draws'][number], first: Member, second: Member): Promise<void> {
  const today = year.stage.clock.now.toISOString().slice(0, 10);
  const type = (who: Member, body: object, may: readonly string[] = ['already-decided']) => who.call<{ confirmed: boolean }>('POST', `${window.path}/draws/${number}/result`, body, { may });
  if (today < date) return;
  const chance = chanceOf(year.size.seed, 'draw', window.path, number);
  const body = { drawnOn: date, text: numbersOf(chance), evidence: 'https://example.org/draw', missed: [] };
  const lot = chance.real();
  if (lot < 0.2) await Promise.all([type(first, body), type(second, body)]);
  else if (lot < 0.4) {
    await type(first, { ...body, text: '1 2 3 4 5' });
    await type(second, body);
  } else if (lot < 0.6) {
    const alone = [await type(first, body), await type(first, body)];
    if (alone.some((each) => each.ok && each.body.confirmed)) surprise(year.line, 'one person alone gave a seed');
    await type(second, body);
  } else {
    await type(first, body);
    await type(second, body);
  }
  // Whoever is still missing says the same, so that the list is drawn today.
  await Promise.all([type(first, body), type(second, body)]);
}

/** Five numbers of fifty, as a lottery says them. */
function numbersOf(chance: Chance): string {
  const left = Array.from({ length: 50 }, (_, index) => index + 1);
  const drawn = Array.from({ length: 5 }, () => left.splice(chance.below(left.length), 1)[0] as number);
  return drawn.sort((a, b) => a - b).join(' ');
}

interface CannotWait {
  requests: { id: string; reference: string; notYou: boolean }[];
}

/** What cannot wait for the draw: two people say so of a few, each for themselves. */
export async function pickUrgent(year: Year, first: Member, second: Member): Promise<void> {
  for (const window of year.windows.filter((each) => each.phase === 'open' || (each.phase === 'deciding' && !each.drawn))) {
    const { requests } = await must(first.call<CannotWait>('GET', `${window.path}/waiting?limit=200`));
    const urgent = requests.filter(({ reference, notYou }) => {
      const asked = year.diary.byReference.get(reference);
      return !notYou && asked && chanceOf(year.size.seed, 'urgent', asked.ask.index).happens(0.02);
    });
    await together(urgent, 2, async ({ id }) => {
      for (const who of [first, first, second]) await who.call('POST', `${window.path}/waiting/${id}`, undefined, { may: ['already-decided', 'knows-applicant', 'same-person', 'reserve-too-small', 'wrong-phase'] });
    });
  }
}
