/** A project on the ballot as the page holds it: its card, and the field that says whether, how many points, or in which place. */
import { lineText } from './lines.ts';
import { givesPoints, type BallotForm, type Choice, type Part } from './terms.ts';

export interface Card {
  item: HTMLElement;
  input: HTMLInputElement;
  number: string;
  title: string;
  costMinor: number;
  /** Its place in the round's order, which is the order of a ballot's lines. */
  place: number;
  /** The part of the ballot it belongs to. */
  part: number;
  /** Everything it says, for the search. */
  text: string;
}

/** The cards of a form that is on the page. */
export function readCards(form: HTMLFormElement): Card[] {
  return [...form.querySelectorAll<HTMLInputElement>('input[data-cost]')].map((input) => {
    const item = input.closest<HTMLElement>('li') as HTMLElement;
    return {
      item, input, number: input.dataset.number ?? '', title: item.querySelector('h2')?.textContent ?? '',
      costMinor: Number(input.dataset.cost), place: Number(input.dataset.place), part: Number(input.dataset.part ?? 0), text: item.textContent ?? '',
    };
  });
}

/** Zero for a project that is not chosen; else its points, its place in a ranking, or one. */
export function valueOf({ input }: Card): number {
  if (input.type === 'number') return Math.max(0, Math.trunc(Number(input.value)) || 0);
  return input.checked ? 1 : 0;
}

export function setValue({ input }: Card, value: number): void {
  if (input.type === 'number') input.value = value > 0 ? String(value) : '';
  else input.checked = value > 0;
}

/** The order of a ballot's lines: the round's, or that of a ranking, part by part. */
export function inOrder(form: BallotForm, cards: readonly Card[]): Card[] {
  const rank = (card: Card): number => (form.kind === 'ranking' ? card.part * 1000 + valueOf(card) : 0);
  return [...cards].sort((a, b) => rank(a) - rank(b) || a.place - b.place);
}

/** The card's line on the ballot. */
export function lineOf({ form }: Pick<Part, 'form'>, card: Card): string {
  return lineText({ project: card.number, ...(givesPoints(form) && { points: valueOf(card) }) });
}

/** What the card adds to the sum of its part. */
export function choiceOf({ form }: Pick<Part, 'form'>, card: Card): Choice {
  const { part, costMinor } = card;
  return { part, costMinor, ...(givesPoints(form) && { points: valueOf(card) }) };
}
