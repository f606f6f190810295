/** Merging ballots loses none of them and joins only equal ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BallotBox } from '../../server/src/votes/counting/ballots.ts';

const lines = fc.uniqueArray(fc.tuple(fc.nat({ max: 6 }), fc.integer({ min: 0, max: 2 })), { selector: ([project]) => project, maxLength: 5 });
const ballot = fc.record({ lines, area: fc.option(fc.constantFrom('Nord', 'Süd', 'Ost'), { nil: undefined }), weight: fc.integer({ min: 1, max: 3 }) });

test('the groups are those of a plain map', () => {
  fc.assert(
    fc.property(fc.array(ballot, { minLength: 300, maxLength: 1500, size: 'max' }), (ballots) => {
      const box = new BallotBox(7);
      const expected = new Map<string, number>();
      for (const { lines: given, area, weight } of ballots) {
        box.add(given.map(([project]) => project), given.map(([, points]) => points), area, weight);
        const key = JSON.stringify([area ?? null, [...given].sort(([a], [b]) => a - b)]);
        expected.set(key, (expected.get(key) ?? 0) + weight);
      }
      const { count, weights, offsets, projects, points, areas, areaNames } = box.close();
      const merged = Array.from(weights, (weight, group) => {
        const own = Array.from(projects.slice(offsets[group], offsets[group + 1]), (project, k) => [project, points[offsets[group]! + k]]);
        return [JSON.stringify([areaNames[areas[group]!] ?? null, own]), weight] as const;
      });
      expect(merged.length).toBe(expected.size);
      expect(new Map(merged)).toEqual(expected);
      expect(count).toBe(ballots.reduce((sum, { weight }) => sum + weight, 0));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a project twice', [1, 1], [1, 1]], ['a project out of range', [7], [1]], ['more points than fit', [1], [-(2 ** 31)]], ['points that are a fraction', [1], [0.5]],
])('%s is a bug of the caller', (_, projects, points) => {
  expect(() => new BallotBox(7).add(projects, points)).toThrow(RangeError);
});
