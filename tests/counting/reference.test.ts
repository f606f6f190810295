/** The fast count against the slow, obvious one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count } from '../../server/src/votes/counting/count.ts';
import { buildElection } from '../../server/src/votes/counting/election.ts';
import type { Lot } from '../../server/src/votes/counting/lot.ts';
import type { Outcome } from '../../server/src/votes/counting/outcome.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import { built, describedElection, equalSharesMethods, lots, projectId, rules, small } from './elections.ts';
import { Q, Reference } from './reference.ts';

function decided(...input: Parameters<typeof count>): Outcome {
  const outcome = count(...input);
  if (outcome.kind !== 'decided') throw new Error('a lot was given, yet none was found');
  return outcome;
}

function sorted(ids: readonly string[]): string[] {
  return [...ids].sort();
}

const textOf = ({ n, d }: Q): string => (d === 1n ? `${n}` : `${n}/${d}`);
const lotOf = (lot: Lot): readonly string[] => (lot.kind === 'order' ? lot.ids : []);

describe('the fast count and the slow one elect the same', () => {
  test('small elections, all rules', () => {
    fc.assert(
      fc.property(describedElection(), rules(), lots, (described, rule, lot) => {
        const election = built(described);
        const [outcome, reference] = [decided(election, rule, lot), new Reference(election, rule, lotOf(lot))];
        expect(sorted(outcome.winners)).toEqual(reference.winners());
        const endowment = outcome.pots[0]!.equalShares?.endowment;
        if (endowment) expect(endowment).toBe(textOf(reference.endowment));
      }),
      { numRuns: 12_000 },
    );
  });

  test('larger elections with uneven costs, Equal Shares', () => {
    const sizes = { projects: 14, ballots: 60, costMinor: 1_000_003 };
    const unraised = equalSharesMethods.map((method) => ({ ...method, raise: null }));
    fc.assert(
      fc.property(describedElection(sizes), rules(unraised), lots, (described, rule, lot) => {
        const election = built(described);
        expect(sorted(decided(election, rule, lot).winners)).toEqual(new Reference(election, rule, lotOf(lot)).winners());
      }),
      { numRuns: 2000 },
    );
  });

  test('tiny units of money against large budgets: hundreds of raises, most of them alike', () => {
    const methods = equalSharesMethods.map((method) => ({ ...method, raise: { byUnits: 1, stopWhenExhaustive: method.raise?.stopWhenExhaustive ?? false } }));
    fc.assert(
      fc.property(describedElection({ projects: 5, ballots: 5, costMinor: 40 }), rules(methods), lots, fc.boolean(), ({ input, ballots }, rule, lot, isTwice) => {
        const election = built({ input: { ...input, minorPerUnit: 1, budgetMinor: input.budgetMinor * 3 }, ballots: isTwice ? [...ballots, ...ballots] : ballots });
        const [outcome, reference] = [decided(election, rule, lot), new Reference(election, rule, lotOf(lot))];
        expect(sorted(outcome.winners)).toEqual(reference.winners());
        expect(outcome.pots[0]!.equalShares!.endowment).toBe(textOf(reference.endowment));
      }),
      { numRuns: 400 },
    );
  });

  test('without a lot: where the count ends, no lot could have changed who wins', () => {
    let ended = 0;
    let waited = 0;
    fc.assert(
      fc.property(describedElection({ ...small, costMinor: 3 }), rules(), lots, (described, rule, lot) => {
        const election = built(described);
        const open = count(election, rule);
        if (open.kind === 'needs-lot') {
          waited += 1;
          expect(open.tied.length).toBeGreaterThan(1);
        } else {
          ended += 1;
          const closed = decided(election, rule, lot);
          expect(sorted(closed.winners)).toEqual(sorted(open.winners));
          expect(closed.ties).toEqual([]);
        }
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(ended, waited)).toBeGreaterThan(100);
  });
});

test('a dear project with one supporter does not take a run for every unit of money', () => {
  const election = buildElection({
    budgetMinor: 3_000_000_000, minorPerUnit: 100, voteType: 'approval',
    projects: [{ id: 'dear', costMinor: 2_000_000_000, categories: [], withdrawn: false }, { id: 'cheap', costMinor: 100, categories: [], withdrawn: false }],
    ballots: [{ lines: [{ projectId: 'dear' }] }, ...Array.from({ length: 9999 }, () => ({ lines: [{ projectId: 'cheap' }] }))],
  });
  const outcome = decided(election, presets['equal-shares-add1'], { kind: 'id' });
  expect(outcome.winners).toEqual(['cheap', 'dear']);
  // From 300,000 in steps of 100 to the first that pays for it alone.
  expect(outcome.pots[0]!.equalShares).toMatchObject({ endowment: '2000000000', raises: 19_997_000, raisingEnded: 'all-funded' });
});

describe('what floats cannot tell', () => {
  const project = (index: number, costMinor: number) => ({ id: projectId(index), costMinor, categories: [], withdrawn: false });
  const ballots = (...sets: number[][]) => sets.map((set) => ({ lines: set.map((index) => ({ projectId: projectId(index) })) }));

  test('which of two rates is lower, when both round to one float', () => {
    // 9007199254740991 / 3 is a third and 6004799503160661 / 2 a half above 3002399751580330; near 3e15 floats stand half apart.
    const election = buildElection({
      budgetMinor: 9_007_199_254_740_991, minorPerUnit: 1, voteType: 'approval',
      projects: [project(0, 6_004_799_503_160_661), project(1, 9_007_199_254_740_991)],
      ballots: ballots([0, 1], [0, 1], [1]),
    });
    expect(9_007_199_254_740_991 / 3).toBe(6_004_799_503_160_661 / 2);
    expect(decided(election, presets['equal-shares-cardinality'], { kind: 'id' }).winners).toEqual(['p1']);
    expect(decided(election, presets.phragmen, { kind: 'id' }).winners).toEqual(['p1']);
  });

  test('whether supporters can pay, when they have the cost to the last fraction', () => {
    // Every ballot has share / voters of the money, and `voters` of them, no two alike, just pay for the first project.
    for (const voters of [3, 7, 11, 13, 49]) {
      for (let share = 1; share < 40; share++) {
        const dear = Array.from({ length: voters }, (_, voter) => project(voter + 2, 1000 * share));
        const sets = Array.from({ length: voters * 2 }, (_, voter) => (voter < voters ? [0, voter + 2] : [1]));
        const election = buildElection({
          budgetMinor: share * 2, minorPerUnit: 1, voteType: 'approval', ballots: ballots(...sets),
          projects: [project(0, share), project(1, share + 1), ...dear],
        });
        expect(decided(election, presets['equal-shares']).winners).toEqual(['p0']);
      }
    }
  });

  test('who is short, after thirds and sevenths have been paid', () => {
    // Money is left to the last fraction: each purchase takes what remains of the one before it.
    const election = buildElection({
      budgetMinor: 100, minorPerUnit: 1, voteType: 'approval',
      projects: [project(0, 10), project(1, 20), project(2, 33), project(3, 37)],
      ballots: ballots([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3], [1, 2, 3], [2, 3], [2, 3]),
    });
    const lot = ['p0', 'p1', 'p2', 'p3'];
    for (const name of ['equal-shares', 'equal-shares-cardinality', 'equal-shares-add1'] as const) {
      expect(sorted(decided(election, presets[name], { kind: 'id' }).winners)).toEqual(new Reference(election, presets[name], lot).winners());
    }
  });
});
