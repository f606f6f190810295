/** Random elections and rules for fast-check: small, so that ties, exact fits and empty corners are common. */
import fc from 'fast-check';
import { buildElection, type Ballot, type Election, type Project, type VoteType } from '../../server/src/votes/counting/election.ts';
import { plainRule, type EqualSharesMethod, type Rule } from '../../server/src/votes/counting/rule.ts';

export interface Sizes {
  readonly projects: number;
  readonly ballots: number;
  readonly costMinor: number;
}

export const small: Sizes = { projects: 6, ballots: 10, costMinor: 12 };

export function projectId(index: number): string {
  return `p${index}`;
}

function projectArbitrary(sizes: Sizes): fc.Arbitrary<Omit<Project, 'id'>> {
  return fc.record({
    costMinor: fc.integer({ min: 1, max: sizes.costMinor }),
    categories: fc.subarray(['green', 'sport']),
    withdrawn: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
  });
}

function ballotArbitrary(voteType: VoteType, ids: readonly string[]): fc.Arbitrary<Ballot> {
  const points = fc.integer({ min: voteType === 'scoring' ? -2 : 0, max: 3 });
  const lines = voteType === 'ordinal' ? fc.shuffledSubarray([...ids]) : fc.subarray([...ids], voteType === 'choose-1' ? { maxLength: 1 } : {});
  return lines.chain((chosen) =>
    fc.array(points, { minLength: chosen.length, maxLength: chosen.length }).map((given) => ({
      lines: chosen.map((id, index) => ({ projectId: id, points: given[index]! })),
    })),
  );
}

export interface Described {
  readonly input: Omit<Parameters<typeof buildElection>[0], 'ballots'>;
  readonly ballots: readonly Ballot[];
}

export function describedElection(
  sizes: Sizes = small, voteTypes: readonly VoteType[] = ['approval', 'choose-1', 'cumulative', 'scoring', 'ordinal'],
): fc.Arbitrary<Described> {
  return fc
    .record({
      voteType: fc.constantFrom(...voteTypes),
      projects: fc.array(projectArbitrary(sizes), { minLength: 1, maxLength: sizes.projects, size: 'max' }),
      budgetMinor: fc.integer({ min: 1, max: sizes.costMinor * 3 }),
      minorPerUnit: fc.constantFrom(1, 1, 100),
    })
    .chain(({ projects, ...rest }) => {
      const ids = projects.map((_, index) => projectId(index));
      // Cents make endowments that are no whole units; amounts grow with them so that raising stays short.
      const scaled = (minor: number) => (rest.minorPerUnit === 1 ? minor : minor * 37 + 1);
      const input = {
        ...rest, budgetMinor: scaled(rest.budgetMinor),
        projects: projects.map((project, index) => ({ ...project, id: ids[index]!, costMinor: scaled(project.costMinor) })),
      };
      return fc.array(ballotArbitrary(rest.voteType, ids), { maxLength: sizes.ballots, size: 'max' }).map((ballots) => ({ input, ballots }));
    });
}

export function built({ input, ballots }: Described): Election {
  return buildElection({ ...input, ballots });
}

export const equalSharesMethods: fc.Arbitrary<EqualSharesMethod> = fc.record({
  kind: fc.constant('equal-shares' as const),
  utility: fc.constantFrom('cost', 'cardinality', 'points', 'ranks'),
  start: fc.constantFrom('exact', 'whole-units'),
  raise: fc.option(fc.record({ byUnits: fc.integer({ min: 1, max: 2 }), stopWhenExhaustive: fc.boolean() })),
  completion: fc.constantFrom('none', 'by-votes'),
  comparison: fc.constantFrom('none', 'satisfaction', 'exclusion'),
});

export const methods: fc.Arbitrary<Rule['method']> = fc.oneof(
  fc.record({
    kind: fc.constant('greedy' as const), order: fc.constantFrom('votes', 'votes-per-cost'), tooExpensive: fc.constantFrom('skip', 'stop'),
  }),
  { arbitrary: equalSharesMethods, weight: 3 },
  fc.constant({ kind: 'phragmen' as const }),
);

/** Any method, at times with a threshold, a conflict or a cap. */
export function rules(method: fc.Arbitrary<Rule['method']> = methods): fc.Arbitrary<Rule> {
  const threshold = fc.oneof(
    { arbitrary: fc.constant(null), weight: 3 },
    fc.integer({ min: 0, max: 4 }).map((atLeast) => ({ kind: 'votes' as const, atLeast })),
    fc.integer({ min: 0, max: 60 }).map((percent) => ({ kind: 'share' as const, percent })),
  );
  const conflicts = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 }).map(projectId), { minLength: 2, maxLength: 3 }), { maxLength: 1 });
  const caps = fc.option(fc.integer({ min: 1, max: 20 }), { freq: 2 }).map((cap) => ({ categories: cap === null ? {} : { green: cap }, areas: {} }));
  return fc.record({ method, threshold, conflicts, caps }).map((parts) => ({ ...plainRule(parts.method), ...parts }));
}

/** An order of all the ids an election might have. */
export const lots: fc.Arbitrary<{ kind: 'order'; ids: string[] }> = fc
  .shuffledSubarray(Array.from({ length: 40 }, (_, index) => projectId(index)), { minLength: 40 })
  .map((ids) => ({ kind: 'order', ids }));
