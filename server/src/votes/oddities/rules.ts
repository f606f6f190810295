/** What looks odd, as pure functions. Every threshold is a question to people, never an answer. */
import type { Figure } from '../sealing/figures.ts';

/** How many times the usual size makes a burst, and by how many ballots at least. */
const [TIMES, AT_LEAST] = [3, 100];
/** Turnout of an area that is looked at: nearly all of it, or so many times that of the whole. */
const [NEARLY_ALL, TIMES_THE_WHOLE] = [0.9, 2];
const AREA_MIN = 50;

/** Batches far larger than half of the others. The last head closes the log with what waited, and is no batch of ten minutes. */
export function findBursts(heads: readonly { size: number; at: Date; isLast: boolean }[]): { at: Date; ballots: number; usual: number }[] {
  const batches = heads.flatMap(({ size, at, isLast }, index) => (isLast ? [] : [{ at, ballots: size - (heads[index - 1]?.size ?? 0) }]));
  const sizes = batches.map((each) => each.ballots).sort((a, b) => a - b);
  const usual = sizes[Math.floor((sizes.length - 1) / 2)] ?? 0;
  return batches.filter(({ ballots }) => ballots >= TIMES * usual && ballots - usual >= AT_LEAST).map((each) => ({ ...each, usual }));
}

/** Areas in which unusually many voted. One whose figure is hidden stays hidden. */
export function findAreas(areas: readonly Figure[], onRoll: ReadonlyMap<string, number>, whole: { people: number; onRoll: number }): { name: string; people: number; onRoll: number }[] {
  const rate = whole.onRoll > 0 ? whole.people / whole.onRoll : 0;
  return areas.flatMap(({ name, people }) => {
    const there = onRoll.get(name) ?? 0;
    if (people === null || there < AREA_MIN) return [];
    const share = people / there;
    return share >= NEARLY_ALL || (rate > 0 && share >= TIMES_THE_WHOLE * rate) ? [{ name, people, onRoll: there }] : [];
  });
}
