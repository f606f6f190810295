/** How far raises may be taken at once: never further than raise after raise comes to the same, and nearly always as far. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contestFor } from '../../server/src/votes/counting/contest.ts';
import { count } from '../../server/src/votes/counting/count.ts';
import { Limits } from '../../server/src/votes/counting/limits.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import { fieldFor } from '../../server/src/votes/counting/shares-field.ts';
import { raisesAlike } from '../../server/src/votes/counting/shares-reach.ts';
import { SharesRun } from '../../server/src/votes/counting/shares-run.ts';
import { Ties } from '../../server/src/votes/counting/ties.ts';
import { built, describedElection, equalSharesMethods, lots, projectId, rules } from './elections.ts';

const RAISES = 60;

test('raises taken at once buy the same, leave the same ballots short, and break the same ties', () => {
  let [alike, taken] = [0, 0];
  const sizes = fc.constantFrom({ projects: 6, ballots: 8, costMinor: 3 }, { projects: 6, ballots: 8, costMinor: 90 }).chain((each) => describedElection(each));
  fc.assert(
    fc.property(sizes, rules(equalSharesMethods), lots, fc.constantFrom(1, 10, 37), (described, rule, lot, step) => {
      const election = built(described);
      if (rule.method.kind !== 'equal-shares') return;
      const contest = contestFor(election, election.budgetMinor, new Set());
      const field = fieldFor(contest, rule.method.utility);
      const limits = new Limits(election.projects, rule);
      const candidates = contest.candidates.filter((project) => field.totalUnits[project]! > 0);
      const ballots = BigInt(Math.max(contest.ballots.count, 1));
      const runs = Array.from({ length: RAISES }, (_, raise) => {
        const endowment = { numerator: BigInt(election.budgetMinor) + BigInt(raise * step) * ballots, denominator: ballots };
        const ties = new Ties(election.projects, rule.ties, lot);
        const run = new SharesRun(field, endowment, limits.clone(), ties);
        run.buyAll(candidates);
        return { endowment, books: run.books, ties };
      });
      for (const [start, { endowment, books, ties }] of runs.entries()) {
        const isSame = ({ books: others, ties: broken }: (typeof runs)[number]) => others.isLike(books) && JSON.stringify(broken.decided) === JSON.stringify(ties.decided);
        const different = runs.findIndex((other, index) => index > start && !isSame(other));
        if (different < 0) break;
        const reach = raisesAlike({ field, endowment, books, limits, ties, candidates }, step);
        expect(reach).toBeLessThan(different - start);
        alike += different - start - 1;
        taken += reach;
      }
    }),
    { numRuns: 700 },
  );
  expect(taken / alike).toBeGreaterThan(0.9);
});

test('a large budget in small units takes no run for every unit of it', () => {
  // Everybody names three of ten projects that each cost a tenth of the budget or more, in units of a cent.
  const ballots = Array.from({ length: 30 }, (_, voter) => ({ lines: [voter % 10, (voter * 3 + 1) % 10, (voter * 7 + 5) % 10].filter((id, at, all) => all.indexOf(id) === at).map((id) => ({ projectId: projectId(id) })) }));
  const projects = Array.from({ length: 10 }, (_, index) => ({ id: projectId(index), costMinor: 5_000_011 + index * 700_001, categories: [], withdrawn: false }));
  const election = built({ input: { budgetMinor: 50_000_000, minorPerUnit: 1, voteType: 'approval', projects }, ballots });
  const start = performance.now();
  const outcome = count(election, presets['equal-shares-add1'], { kind: 'id' });
  expect(outcome.kind === 'decided' && outcome.pots[0]!.equalShares!.raises).toBeGreaterThan(100_000);
  // One run takes some tenth of a millisecond; as many runs as raises would take most of a minute.
  expect(performance.now() - start).toBeLessThan(5000);
});
