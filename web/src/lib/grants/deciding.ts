/** What the queue says about a request. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readQueue } from '@commonpot/server/grants/decisions/contract';
import { number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

export type Waiting = AnswerOf<typeof readQueue>['requests'][number];
type State = Waiting['state'];

/** Kind reasons for a no, in the order in which people choose; their sentences are what the person reads. */
export const REASONS = ['not-reached', 'helped-elsewhere', 'asked-twice', 'outside-charter', 'no-money-left'] as const;

export function stateWords(state: State): string {
  return {
    asked: m.decide_state_asked, half: m.decide_state_half, listed: m.decide_state_listed, awarded: m.decide_state_awarded, declined: m.decide_state_declined,
    appealed: m.decide_state_appealed, upheld: m.decide_state_upheld, withdrawn: m.decide_state_withdrawn, returned: m.decide_state_returned,
  }[state]();
}

/** Why the reader does not decide this one. */
export function notYouWords(why: NonNullable<Waiting['notYou']>): string {
  return {
    'you-decided': m.decide_not_decided, 'your-interest': m.decide_not_interest, 'you-helped': m.decide_not_helped, 'your-own': m.decide_not_own, 'your-door': m.decide_not_door, panel: m.decide_not_panel,
  }[why]();
}

/** How many more agree, and what has happened so far; nothing where one person's yes is all. */
export function standingWords({ state, agree, again }: Pick<Waiting, 'state' | 'agree' | 'again'>): string | null {
  if (agree === 'panel') return again && m.decide_again_panel();
  if (state === 'appealed') return again && again.needed > 1 ? m.decide_again({ needed: number(again.needed), yes: number(again.yes) }) : m.decide_appeal();
  if (state === 'half') return m.decide_two_second();
  return agree === 'two' ? m.decide_two_first() : null;
}

/** Whether too few are left who can look at an appeal, and what to do then; null where enough are. */
export function tooFewWords({ agree, again }: Pick<Waiting, 'agree' | 'again'>): string | null {
  if (!again || again.yes + again.left >= again.needed) return null;
  return (agree === 'panel' ? m.decide_again_few_panel : m.decide_again_few)({ left: number(again.left), needed: number(again.needed - again.yes) });
}

/** What a 360Giving purpose code means; the code itself where this page has no words for it. */
export function purposeWords(code: string): string {
  const sentence = m[`ask_purpose_${code.toLowerCase()}` as keyof typeof m] as (() => string) | undefined;
  return sentence?.() ?? code;
}
