/** The steps of a count, in sentences. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readSteps } from '@commonpot/server/votes/steps/contract';
import { inOneLine, money, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Tally } from './round-words.ts';

export type CountSteps = AnswerOf<typeof readSteps>;
export type CountStep = CountSteps['steps'][number];

/** What the picture of a step shows. */
export function potWords(step: CountStep, currency: string): string {
  const amounts = { budget: money(step.budgetMinor, currency), spent: money(step.budgetMinor - step.leftMinor, currency), cost: money(step.costMinor, currency) };
  return step.funded ? m.count_steps_pot(amounts) : m.count_steps_pot_passed(amounts);
}

/** Why it was looked at now, who stood level with it, and what its supporters paid. */
export function stepWords(step: CountStep, { currency, counts }: Pick<Tally, 'currency' | 'counts'>, titleOf: (project: string) => string): string[] {
  const isPoints = counts === 'points';
  const words: string[] = step.isCompletion ? [isPoints ? m.count_steps_completion_points() : m.count_steps_completion()] : [];
  words.push(isPoints ? orderOfPoints(step) : orderOfVotes(step, currency));
  if (typeof step.shares?.payMinor === 'number') words.push(m.count_steps_pay({ pay: money(step.shares.payMinor, currency) }));
  if (step.shares) words.push(m.count_steps_payers({ paying: number(step.shares.paying), poor: number(step.shares.poor) }));
  if (step.level.length > 0) words.push(`${m.count_steps_level({ titles: inOneLine(step.level.map(titleOf)) })} ${step.byLot ? m.count_steps_level_lot() : isPoints ? m.count_steps_level_rule_points() : m.count_steps_level_rule()}`);
  return words;
}

/** Why it was looked at now. */
function orderOfVotes(step: CountStep, currency: string): string {
  const votes = number(step.votes);
  switch (step.by) {
    case 'votes': return m.count_steps_by_votes({ votes });
    case 'votes-per-cost': return m.count_steps_by_cost({ votes });
    case 'shares': return m.count_steps_by_shares({ votes });
    case 'load': return m.count_steps_by_load({ votes, earned: money(step.earnedMinor ?? 0, currency) });
  }
}

/** As `orderOfVotes`, where ballots give points or rank; a round's preflight knows no loads for these. */
function orderOfPoints(step: CountStep): string {
  const points = number(step.votes);
  if (step.by === 'votes-per-cost') return m.count_steps_by_cost_points({ points });
  return step.by === 'shares' ? m.count_steps_by_shares_points({ points }) : m.count_steps_by_points({ points });
}

/** What came before the first step of a pot: how large the shares were, and the comparison with most votes. */
export function potSentences({ shares }: CountSteps['pots'][number], currency: string): string[] {
  if (!shares) return [];
  const words = [m.count_steps_endowment({ share: money(shares.endowmentMinor, currency) })];
  if (shares.raises > 0) words.push(m.count_steps_raises({ n: number(shares.raises) }));
  if (shares.raisingEnded === 'overspent' && shares.nextCostMinor !== null) words.push(m.count_steps_raises_overspent({ cost: money(shares.nextCostMinor, currency) }));
  if (shares.raisingEnded === 'exhaustive') words.push(m.count_steps_raises_exhaustive());
  if (shares.raisingEnded === 'all-funded') words.push(m.count_steps_raises_all());
  if (shares.comparison) words.push(m.count_steps_compared({ shares: number(shares.comparison.preferEqualShares), votes: number(shares.comparison.preferByVotes) }));
  return words;
}
