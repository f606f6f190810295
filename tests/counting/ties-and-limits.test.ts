/** Ties and the lot, thresholds, conflicts, caps and several pots, each on an election small enough to count by hand. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { count } from '../../server/src/votes/counting/count.ts';
import { buildElection, type Project } from '../../server/src/votes/counting/election.ts';
import { canonicalJson, ruleDigest } from '../../server/src/votes/counting/digest.ts';
import type { Lot } from '../../server/src/votes/counting/lot.ts';
import type { Outcome, Reason } from '../../server/src/votes/counting/outcome.ts';
import { isPresetName, presets } from '../../server/src/votes/counting/presets.ts';
import { plainRule, ruleSchema, type Rule } from '../../server/src/votes/counting/rule.ts';

type Sketch = Partial<Omit<Project, 'id'>> & { costMinor: number };

/** `ballots` are strings of one-letter project ids, at times "Area:ids". */
function election(budgetMinor: number, sketches: Record<string, Sketch>, ballots: string[]) {
  return buildElection({
    budgetMinor, minorPerUnit: 1, voteType: 'approval',
    projects: Object.entries(sketches).map(([id, sketch]) => ({ id, categories: [], withdrawn: false, ...sketch })),
    ballots: ballots.map((text) => {
      const [area, ids] = text.includes(':') ? text.split(':') : [undefined, text];
      return { ...(area && { area }), lines: [...ids!].map((projectId) => ({ projectId })) };
    }),
  });
}

function decided(...input: Parameters<typeof count>): Outcome {
  const outcome = count(...input);
  if (outcome.kind !== 'decided') throw new Error(`needs a lot between ${outcome.tied}`);
  return outcome;
}

function reasons(outcome: Outcome): Record<string, Reason> {
  return Object.fromEntries(outcome.decisions.map((decision) => [decision.projectId, decision.reason]));
}

const order = (ids: string): Lot => ({ kind: 'order', ids: [...ids] });

describe('ties', () => {
  const equal = election(10, { a: { costMinor: 6 }, b: { costMinor: 6 }, c: { costMinor: 5 } }, ['ab', 'ab', 'c']);

  test('the cheaper of equal votes goes first, without a lot', () => {
    const outcome = decided(election(10, { a: { costMinor: 7 }, b: { costMinor: 6 } }, ['ab']), presets.greedy);
    expect([outcome.winners, outcome.ties]).toEqual([['b'], []]);
  });

  test('only the lot can tell equals apart, and it is asked for', () => {
    expect(count(equal, presets.greedy)).toEqual({ kind: 'needs-lot', tied: ['a', 'b'] });
    expect(decided(equal, presets.greedy, order('bac')).winners).toEqual(['b']);
    expect(decided(equal, presets.greedy, order('abc'))).toMatchObject({ winners: ['a'], ties: [{ tied: ['a', 'b'] }] });
  });

  test.each(['greedy', 'greedy-no-skip', 'equal-shares', 'phragmen'] as const)('%s asks for no lot where both fit', (name) => {
    const apart = election(12, { a: { costMinor: 6 }, b: { costMinor: 6 } }, ['a', 'b']);
    expect(decided(apart, presets[name]).winners).toEqual(['a', 'b']);
  });

  test('equal shares ask where a supporter of both cannot pay for both', () => {
    const shared = election(12, { a: { costMinor: 4 }, b: { costMinor: 4 } }, ['ab', 'a', 'b']);
    expect(count(shared, presets['equal-shares'])).toMatchObject({ kind: 'decided', winners: ['a', 'b'] });
    const tight = election(6, { a: { costMinor: 4 }, b: { costMinor: 4 } }, ['ab', 'a', 'b']);
    expect(count(tight, presets['equal-shares'])).toEqual({ kind: 'needs-lot', tied: ['a', 'b'] });
    expect(decided(tight, presets['equal-shares'], order('ba')).winners).toEqual(['b']);
  });

  test('a seed orders projects by HMAC-SHA256 of their ids, the smallest first', () => {
    const seed = Buffer.from('aa'.repeat(32), 'hex');
    const digest = (id: string) => createHmac('sha256', seed).update(id).digest('hex');
    const first = digest('a') < digest('b') ? 'a' : 'b';
    expect(decided(equal, presets.greedy, { kind: 'seed', seed }).winners[0]).toBe(first);
  });

  test('by id as text, "10" comes before "9"', () => {
    const text = election(6, { 9: { costMinor: 6 }, x: { costMinor: 6 } }, ['9x']);
    const ten = { ...text, projects: text.projects.map((project) => (project.id === 'x' ? { ...project, id: '10' } : project)) };
    expect(decided(ten, presets.greedy, { kind: 'id' }).winners).toEqual(['10']);
  });

  test('a drawn order must have all projects', () => {
    expect(() => count(equal, presets.greedy, order('ab'))).toThrow('lacks project c');
  });
});

describe('greedy', () => {
  const list = election(10, { a: { costMinor: 6 }, b: { costMinor: 5 }, c: { costMinor: 4 }, d: { costMinor: 1 }, e: { costMinor: 1, withdrawn: true } },
    ['abc', 'abc', 'ab', 'ae']);

  test('skips what does not fit, and says by how much', () => {
    expect(reasons(decided(list, presets.greedy))).toEqual({
      a: { kind: 'won', place: 1, through: 'method' }, b: { kind: 'short', shortMinor: 1, afterWinners: 1 },
      c: { kind: 'won', place: 2, through: 'method' }, d: { kind: 'no-votes' }, e: { kind: 'withdrawn' },
    });
  });

  test('or ends there', () => {
    expect(reasons(decided(list, presets['greedy-no-skip'])).c).toEqual({ kind: 'stopped', at: 'b', afterWinners: 1 });
  });

  test('a project below the threshold neither wins nor ends the list', () => {
    const rule: Rule = { ...presets['greedy-no-skip'], threshold: { kind: 'votes', atLeast: 3 } };
    expect(reasons(decided(list, rule)).c).toEqual({ kind: 'below-threshold', needed: 3, of: 'votes' });
    const share: Rule = { ...presets.greedy, threshold: { kind: 'share', percent: 51 } };
    expect(reasons(decided(list, share)).c).toEqual({ kind: 'below-threshold', needed: 3, of: 'supporters' });
    expect(decided(list, { ...share, threshold: { kind: 'share', percent: 50 } }).winners).toEqual(['a', 'c']);
  });

  test('of projects in conflict the one with more votes wins, and the list goes on', () => {
    const rule: Rule = { ...presets['greedy-no-skip'], conflicts: [['a', 'b']] };
    const outcome = decided(list, rule);
    expect([outcome.winners, reasons(outcome).b]).toEqual([['a', 'c'], { kind: 'conflict', with: 'a' }]);
  });
});

describe.each(['greedy', 'equal-shares', 'phragmen'] as const)('caps under %s', (name) => {
  const green = { categories: ['green'], area: 'Nord' };
  const list = election(30, { a: { costMinor: 6, ...green }, b: { costMinor: 5, ...green }, c: { costMinor: 4 } }, ['ab', 'ab', 'a', 'c']);

  test('by category and by neighbourhood', () => {
    const byCategory: Rule = { ...presets[name], caps: { categories: { green: 10 }, areas: {} } };
    const byArea: Rule = { ...presets[name], caps: { categories: {}, areas: { Nord: 10 } } };
    expect(reasons(decided(list, byCategory)).b).toEqual({ kind: 'cap', of: 'category', name: 'green', overMinor: 1 });
    expect(reasons(decided(list, byArea)).b).toEqual({ kind: 'cap', of: 'area', name: 'Nord', overMinor: 1 });
    expect(decided(list, presets[name]).winners.length).toBe(3);
  });
});

describe('several pots', () => {
  const town = election(10, {
    n: { costMinor: 5, area: 'Nord' }, m: { costMinor: 4, area: 'Nord' }, s: { costMinor: 3, area: 'Süd' }, w: { costMinor: 12 }, v: { costMinor: 9 },
  }, ['Nord:nmw', 'Nord:nw', 'Süd:swv', 'Süd:s', 'nv']);
  const pots = (unspent: 'stays' | 'goes-to-whole'): Rule => ({
    ...presets.greedy, pots: { areas: [{ area: 'Nord', budgetMinor: 8 }, { area: 'Süd', budgetMinor: 4 }], unspent },
  });

  test('areas first, each with its own money and its own ballots, then the whole', () => {
    const outcome = decided(town, pots('stays'));
    expect(outcome.winners).toEqual(['n', 's', 'v']);
    expect(outcome.pots.map(({ area, ballots, spentMinor }) => [area, ballots, spentMinor])).toEqual([['Nord', 3, 5], ['Süd', 2, 3], [undefined, 5, 9]]);
    expect(reasons(outcome).m).toEqual({ kind: 'short', shortMinor: 1, afterWinners: 1 });
    expect(reasons(outcome).w).toEqual({ kind: 'short', shortMinor: 2, afterWinners: 0 });
  });

  test('what areas leave may go to the whole', () => {
    expect(decided(town, pots('goes-to-whole')).winners).toEqual(['n', 's', 'w']);
  });

  test('conflicts reach across pots', () => {
    expect(reasons(decided(town, { ...pots('stays'), conflicts: [['n', 'v']] })).v).toEqual({ kind: 'conflict', with: 'n' });
  });

  test('Equal Shares gives each pot its own endowment', () => {
    const outcome = decided(town, { ...pots('stays'), method: presets['equal-shares'].method });
    expect(outcome.pots.map((pot) => pot.equalShares?.endowment)).toEqual(['8/3', '2', '2']);
  });
});

describe('rules as data', () => {
  test('every preset is a rule, known by its name', () => {
    for (const [name, rule] of Object.entries(presets)) {
      expect(ruleSchema.parse(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
      expect(isPresetName(name)).toBe(true);
    }
    expect(isPresetName('toString')).toBe(false);
  });

  test.each([
    { ...presets.greedy, version: 2 }, { ...presets.greedy, surprise: 1 }, { ...presets.greedy, method: { kind: 'dice' } },
    { ...presets.greedy, threshold: { kind: 'share', percent: 101 } }, { ...presets.greedy, conflicts: [['a']] },
    { ...presets['equal-shares-add1'], method: { ...presets['equal-shares-add1'].method, raise: { byUnits: 0, stopWhenExhaustive: false } } },
  ])('%#: what is no rule is refused', (data) => {
    expect(ruleSchema.safeParse(data).success).toBe(false);
  });

  test('the digest is of what a rule says, not of how its keys are ordered', () => {
    const rule = presets['equal-shares-add1'];
    const reversed = JSON.parse(JSON.stringify(rule), (_, value: unknown) =>
      value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse()) : value) as Rule;
    expect(Object.keys(reversed)).not.toEqual(Object.keys(rule));
    expect(ruleDigest(reversed)).toBe(ruleDigest(rule));
    expect(new Set(Object.values(presets).map(ruleDigest)).size).toBe(new Set(Object.values(presets).map((preset) => JSON.stringify(preset))).size);
    expect(canonicalJson({ b: [1, null, 'ü"'], a: { d: true, c: -2 } })).toBe('{"a":{"c":-2,"d":true},"b":[1,null,"ü\\""]}');
  });

  test('an election of nobody funds nothing', () => {
    const empty = election(5, { a: { costMinor: 1 } }, []);
    for (const rule of Object.values(presets)) expect(decided(empty, rule).winners).toEqual([]);
    expect(plainRule(presets.greedy.method)).toEqual(presets.greedy);
  });

  test.each([
    ['a budget below zero', () => election(-1, { a: { costMinor: 1 } }, [])], ['a cost that is a fraction', () => election(5, { a: { costMinor: 1.5 } }, [])],
    ['a project twice on a ballot', () => election(5, { a: { costMinor: 1 } }, ['aa'])], ['a project that is not there', () => election(5, { a: { costMinor: 1 } }, ['b'])],
  ])('%s is a bug of the caller', (_, build) => {
    expect(build).toThrow(RangeError);
  });
});
