/** Public figures: no small group is shown, nor found by subtraction, whatever the rows. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeRows, daysOf, drawUp, FEWEST, figuresUntil, tabulate, type CodedRow, type Fact } from '@commonpot/server/grants/figures/rules';
import { costOf, minutesOf } from '@commonpot/server/grants/trust/rules';

const group = fc.constantFrom('a', 'b', 'c', 'd', 'e');

it('shows no group below ten, and hides enough that the total tells of none', () => {
  fc.assert(fc.property(fc.array(group, { maxLength: 120 }), (groups) => {
    const table = tabulate(groups);
    if (!table) return;
    const shown = table.flatMap((row) => (row.count === null ? [] : [row.count]));
    const hidden = groups.length - shown.reduce((sum, count) => sum + count, 0);
    expect(shown.every((count) => count >= FEWEST)).toBe(true);
    const hiddenGroups = table.filter((row) => row.count === null).length;
    expect(hiddenGroups === 0 ? hidden === 0 : hiddenGroups >= 2 && hidden >= FEWEST).toBe(true);
    // Every group shown is told truly.
    for (const row of table) if (row.count !== null) expect(row.count).toBe(groups.filter((each) => each === row.group).length);
  }));
});

const coded = fc.record({ agree: fc.constantFrom('one', 'two'), way: fc.constantFrom('voucher', 'cash', 'bank'), upTo: fc.constantFrom('5000', '20000'), quarter: fc.constantFrom('2026-Q3', '2026-Q4') });

it('codes rows so that at least ten share whatever a row says, and none is lost', () => {
  fc.assert(fc.property(fc.array(coded, { maxLength: 150 }), (rows) => {
    const shown = codeRows(rows);
    if (rows.length < FEWEST) return void expect(shown).toBeNull();
    expect(shown).toHaveLength(rows.length);
    const said = (row: CodedRow) => JSON.stringify(row);
    for (const same of Map.groupBy(shown ?? [], said).values()) expect(same.length).toBeGreaterThanOrEqual(FEWEST);
  }));
});

const at = new Date('2026-11-10T10:00:00Z');
const fact = fc.record({
  state: fc.constantFrom('asked', 'awarded', 'declined', 'upheld', 'withdrawn'), agree: fc.constantFrom('one', 'two', 'panel'), way: fc.constantFrom('voucher', 'cash'),
  purpose: fc.constantFrom(null, 'GTIP010'), amountMinor: fc.integer({ min: 1, max: 20_000 }), appealed: fc.boolean(),
}).map((each): Fact => ({ ...each, askedAt: at, answeredAt: at, paidAt: null }));

it('tells nothing of a round in which fewer than ten asked or were given', () => {
  fc.assert(fc.property(fc.array(fact, { maxLength: 60 }), (facts) => {
    const figures = drawUp(facts, [{ upToMinor: 5_000 }, { upToMinor: 20_000 }]);
    const given = facts.filter((each) => each.state === 'awarded').length;
    if (facts.length < FEWEST) expect([figures.asked, figures.outcomes, figures.appeals]).toEqual([null, null, null]);
    if (given < FEWEST) expect([figures.givenMinor, figures.rows, figures.ways, figures.purposes, figures.daysToMoney]).toEqual([null, null, null, null, null]);
    for (const table of [figures.outcomes, figures.agree, figures.ways, figures.amounts, figures.purposes, figures.appeals]) {
      for (const row of table ?? []) expect(row.count === null || row.count >= FEWEST).toBe(true);
    }
  }));
});

it('counts days and minutes, and stands still within a month', () => {
  const spans = [...Array(10).keys()].map((n) => ({ from: at, to: new Date(at.getTime() + (n + 1) * 86_400_000) }));
  expect(daysOf(spans)).toEqual({ median: 5, nineOfTen: 9 });
  expect(daysOf(spans.slice(1))).toBeNull();
  expect(figuresUntil('open', at).toISOString()).toBe('2026-11-01T00:00:00.000Z');
  expect(figuresUntil('closed', at)).toBe(at);
  const act = (by: string, minute: number) => ({ by, at: new Date(at.getTime() + minute * 60_000) });
  // Two sittings of one person, one of another: 3 + 5, 3, 3.
  expect(minutesOf([act('a', 5), act('a', 0), act('a', 60), act('b', 1)])).toBe(14);
  expect(costOf(14, 20_00)).toBe(467);
});
