/** What a simulation knows and the fund's record does not: who is behind a request, and what each of them still means to do. */
import type { Ask, Person } from './plan.ts';

/** A request that was taken in, as the person behind it knows it. */
export interface Asked {
  ask: Ask;
  reference: string;
  /** Of the private link. */
  token: string;
  /** Below `/api/v1`. */
  round: string;
  /** The request's id, once somebody who decides has seen it. */
  id: string | null;
  appealed: boolean;
}

/** What somebody does on a day of the year, counted from 0. */
export interface Errand {
  day: number;
  run(): Promise<void>;
}

export class Diary {
  readonly byReference = new Map<string, Asked>();
  private errands: Errand[] = [];

  keep(asked: Asked): void {
    this.byReference.set(asked.reference, asked);
  }

  /** Does this on a later day. */
  plan(day: number, run: () => Promise<void>): void {
    this.errands.push({ day, run });
  }

  /** What is to be done on a day, or was before it, taken out of the diary. */
  takeDue(day: number): Errand[] {
    const due = this.errands.filter((errand) => errand.day <= day);
    this.errands = this.errands.filter((errand) => errand.day > day);
    return due;
  }
}

/** The person behind each reference, and what they said with it: what the record is judged against. */
export function askersOf(diary: Diary): Map<string, { contact: string | null; door: string; apart: boolean }> {
  const contactOf = ({ channel, address }: Person): string => `${channel}:${address}`;
  return new Map([...diary.byReference].map(([reference, { ask }]) =>
    [reference, { contact: ask.helper && !ask.helper.withContact ? null : contactOf(ask.person), door: ask.person.door, apart: ask.apart }]));
}
