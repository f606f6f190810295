/** Where the money of some pots came from and where it is now, as bands that flow from row to row. Pure. */

/** A pot's figures in minor units: what is in it, set aside and paid out adds up to what arrived. */
export interface FlowPot { arrivedMinor: number; yoursMinor: number; inPotMinor: number; setAsideMinor: number; paidOutMinor: number }
/** A piece of a row, in percent of the picture's width. */
export interface Piece { x: number; width: number }
export type Tone = 'yours' | 'others' | 'pot' | 'sun' | 'leaf';

/** Between two pieces of a row. */
const GAP = 2;
const ENDS = [['pot', 'inPotMinor'], ['sun', 'setAsideMinor'], ['leaf', 'paidOutMinor']] as const;

/** Three rows (who gave, pots, where it is now) and the bands between them, each as wide as its money. Pots that nothing came into are left out. */
export function flowOf(given: readonly FlowPot[]) {
  const pots = given.filter((pot) => pot.arrivedMinor > 0);
  const total = pots.reduce((sum, pot) => sum + pot.arrivedMinor, 0);
  const from = [['yours', pots.map((pot) => pot.yoursMinor)], ['others', pots.map((pot) => pot.arrivedMinor - pot.yoursMinor)]] as const;
  const to = ENDS.map(([tone, figure]) => [tone, pots.map((pot) => pot[figure])] as const);
  const rows = { from: from.map(([, amounts]) => sum(amounts)), pots: pots.map((pot) => pot.arrivedMinor), to: to.map(([, amounts]) => sum(amounts)) };
  const gaps = Math.max(...Object.values(rows).map((amounts) => amounts.filter((amount) => amount > 0).length - 1), 0);
  const scale = total > 0 ? (100 - gaps * GAP) / total : 0;
  const placed = { from: place(rows.from, scale), pots: place(rows.pots, scale), to: place(rows.to, scale) };
  return {
    from: from.map(([tone], index) => ({ tone: tone as Tone, ...placed.from[index] as Piece })).filter(isThere),
    pots: placed.pots,
    to: to.map(([tone], index) => ({ tone: tone as Tone, ...placed.to[index] as Piece })).filter(isThere),
    into: bands(from, placed.from, placed.pots, scale),
    out: bands(to, placed.to, placed.pots, scale),
  };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
const isThere = ({ width }: { width: number }): boolean => width > 0;

/** A row's pieces side by side, in the middle. */
function place(amounts: readonly number[], scale: number): Piece[] {
  const shown = amounts.filter((amount) => amount > 0).length;
  let x = (100 - sum(amounts) * scale - Math.max(shown - 1, 0) * GAP) / 2;
  return amounts.map((amount) => {
    const piece = { x, width: amount * scale };
    if (amount > 0) x += piece.width + GAP;
    return piece;
  });
}

/** The bands between the ends of a row and the pots; `outer` is where one begins at its end, `inner` at its pot. */
function bands(ends: readonly (readonly [Tone, readonly number[]])[], places: readonly Piece[], pots: readonly Piece[], scale: number) {
  const used = pots.map(() => 0);
  return ends.flatMap(([tone, amounts], end) => {
    let outer = places[end]?.x ?? 0;
    return amounts.map((amount, pot) => {
      const band = { tone, width: amount * scale, outer, inner: (pots[pot]?.x ?? 0) + (used[pot] ?? 0) };
      outer += band.width;
      used[pot] = (used[pot] ?? 0) + band.width;
      return band;
    }).filter(isThere);
  });
}
