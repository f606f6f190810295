/** What was chosen, as check and receipt list it. */
import { choiceOf } from './card.ts';
import type { Choosing } from './choices.ts';
import type { Line } from './phone.ts';
import type { Part } from './terms.ts';

/** In the ballot's order; a ranking's with their places, part by part. */
export function linesOf({ parts, chosen }: Pick<Choosing, 'parts' | 'chosen'>): Line[] {
  const terms = parts[0] as Part;
  return withRanks(terms, chosen().map((card) => ({ title: card.title, ...choiceOf(terms, card) })));
}

/** Gives each line of a ranking its place in its part. */
export function withRanks<L extends { part: number }>({ form }: Pick<Part, 'form'>, lines: readonly L[]): (L & { rank?: number })[] {
  if (form.kind !== 'ranking') return [...lines];
  return lines.map((line, index) => ({ ...line, rank: lines.slice(0, index + 1).filter((other) => other.part === line.part).length }));
}
