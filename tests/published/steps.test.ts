/** The steps that a reader follows: they spend the pot exactly, take the winners in their order, and say who was level. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count } from '../../server/src/votes/counting/count.ts';
import { buildElection } from '../../server/src/votes/counting/election.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import type { Rule } from '../../server/src/votes/counting/rule.ts';
import { readSteps } from '../../server/src/votes/steps/contract.ts';
import { stepsOf } from '../../server/src/votes/steps/rules.ts';
import { built, describedElection, lots, rules } from '../counting/elections.ts';

const described = (projects: readonly { id: string; costMinor: number }[]) => projects.map(({ id, costMinor }) => ({ number: id, title: `Project ${id}`, costMinor }));

describe('the steps of a count', () => {
  it('spend each pot exactly, and take the winners in their order, whatever the rule', () => {
    fc.assert(fc.property(describedElection(), rules(), lots, (wish, rule, lot) => {
      const election = built(wish);
      const outcome = count(election, rule, lot);
      if (outcome.kind !== 'decided') throw new Error('a lot was given');
      const { steps, pots } = stepsOf(outcome, rule, described(election.projects));
      expect(readSteps.answer.parse({ currency: 'GBP', steps, pots })).toBeTruthy();
      expect(steps.filter((step) => step.funded).map((step) => step.project)).toEqual(outcome.winners);
      for (const [index, step] of steps.entries()) {
        const next = steps[index + 1];
        expect(step.number).toBe(index + 1);
        if (next) expect(next.leftMinor).toBe(step.leftMinor - (step.funded ? step.costMinor : 0));
        else expect(step.budgetMinor - step.leftMinor + (step.funded ? step.costMinor : 0)).toBe(pots[0]!.spentMinor);
        for (const other of step.level) expect(steps.find((each) => each.project === other)?.level).toContain(step.project);
      }
    }), { numRuns: 400 });
  });

  const election = (votes: readonly string[], costs: Record<string, number>, budgetMinor: number) => buildElection({
    minorPerUnit: 100, budgetMinor, voteType: 'approval', projects: Object.entries(costs).map(([id, costMinor]) => ({ id, costMinor, categories: [], withdrawn: false })),
    ballots: votes.map((vote) => ({ lines: [...vote].map((projectId) => ({ projectId })) })),
  });
  const stepsBy = (rule: Rule, ...of: Parameters<typeof election>) => {
    const made = election(...of);
    const outcome = count(made, rule, { kind: 'order', ids: made.projects.map(({ id }) => id) });
    if (outcome.kind !== 'decided') throw new Error('a lot was given');
    return stepsOf(outcome, rule, described(made.projects));
  };

  it('say who was level, and whether the lot had to decide', () => {
    const { steps } = stepsBy(presets.greedy, ['ab', 'ab', 'c'], { a: 600, b: 600, c: 300 }, 1000);
    expect(steps.map(({ project, level, byLot, funded, leftMinor }) => [project, level, byLot, funded, leftMinor])).toEqual([['a', ['b'], true, true, 1000], ['b', ['a'], true, false, 400], ['c', [], false, true, 400]]);
    expect(stepsBy(presets.greedy, ['ab', 'ab'], { a: 600, b: 400 }, 1000).steps.map(({ byLot }) => byLot)).toEqual([false, false]);
  });

  it('say what each supporter paid out of equal shares, and what was raised', () => {
    const { steps, pots } = stepsBy(presets['equal-shares-add1'], ['a', 'a', 'b'], { a: 600, b: 500 }, 1200);
    expect(steps[0]).toMatchObject({ project: 'a', by: 'shares', shares: { payMinor: 300, paying: 2, poor: 0 }, earnedMinor: null });
    expect(stepsBy(presets['equal-shares'], ['a', 'b'], { a: 600, b: 600 }, 1200).steps.map(({ level }) => level)).toEqual([['b'], ['a']]);
    expect(pots[0]?.shares).toMatchObject({ raises: 1, endowmentMinor: 500, raisingEnded: 'all-funded' });
  });

  it('say what every ballot had been given when a project was bought', () => {
    const { steps } = stepsBy(presets.phragmen, ['a', 'a', 'b'], { a: 600, b: 500 }, 1200);
    expect(steps.map(({ project, by, earnedMinor }) => [project, by, earnedMinor])).toEqual([['a', 'load', 300], ['b', 'load', 500]]);
  });
});
