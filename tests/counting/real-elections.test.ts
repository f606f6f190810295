/** Real elections: what the reference implementation computed with exact rationals, and what cities really funded. */
import { describe, expect, test } from 'vitest';
import { count } from '../../server/src/votes/counting/count.ts';
import { readPabulib } from '../../server/src/votes/counting/pabulib.ts';
import { ruleOfFile } from '../../server/src/votes/counting/pabulib-rule.ts';
import { presets, type PresetName } from '../../server/src/votes/counting/presets.ts';
import type { Rule } from '../../server/src/votes/counting/rule.ts';
import { bytesOf, expectedWinners, hasPabulib, pabulibNames, readReal } from './real-elections.ts';

/** The reference's greedy always divides by cost, except under the name "by votes". */
const presetOf: Record<string, PresetName> = {
  greedy_votes: 'greedy', greedy_vpc: 'greedy-per-cost', greedy_points: 'greedy-per-cost', greedy_borda: 'greedy-per-cost', phragmen: 'phragmen',
  mes_cost: 'equal-shares', mes_card: 'equal-shares-cardinality', mes_points: 'equal-shares-points', mes_borda: 'equal-shares-points',
  mes_cost_add1: 'equal-shares-add1-exhaustive', mes_cost_add1_noexh: 'equal-shares-add1', mes_cost_add1_noexh_int: 'wieliczka',
  mes_cost_add1u: 'equal-shares-add1-utilitarian', mes_card_add1: 'equal-shares-cardinality-add1-exhaustive',
  mes_points_add1: 'equal-shares-points-add1-exhaustive',
};

function winnersOf(name: string, rule: Rule): string[] {
  const outcome = count(readReal(name).election, rule, { kind: 'id' });
  if (outcome.kind !== 'decided') throw new Error('a lot was given');
  return [...outcome.winners].sort();
}

describe.skipIf(!hasPabulib)('the reference implementation agrees', () => {
  for (const [name, byRule] of Object.entries(expectedWinners())) {
    for (const [referenceName, winners] of Object.entries(byRule)) {
      test(`${name} ${referenceName}`, () => {
        const ownTies = referenceName.indexOf(' (ties: ');
        const preset = presetOf[ownTies < 0 ? referenceName : referenceName.slice(0, ownTies)];
        if (!preset) throw new Error(`no preset for ${referenceName}`);
        expect(winnersOf(name, presets[preset])).toEqual([...winners].sort());
        // Where the reference broke ties by id alone, so do we; no file of these tells the two orders apart.
        if (ownTies < 0) expect(winnersOf(name, { ...presets[preset], ties: [] })).toEqual([...winners].sort());
      });
    }
  }
});

describe.skipIf(!hasPabulib)('cities funded the same', () => {
  test.each([
    ['Netherlands_Assen_2024.pb', 'assen', 9], ['Poland_Swiecie_2023.pb', 'swiecie', 17], ['Poland_Wieliczka_2023_Green_Budget.pb', 'wieliczka', 30],
  ] as const)('%s by the rule of %s', (name, preset, size) => {
    const winners = winnersOf(name, presets[preset]);
    expect(winners).toEqual([...readReal(name).selected!].sort());
    expect(winners.length).toBe(size);
  });

  test('every file that marks its winners and names its rule', () => {
    const compared: string[] = [];
    for (const name of pabulibNames()) {
      const file = readReal(name);
      const rule = ruleOfFile(file);
      if (!rule || !file.selected) continue;
      expect([name, ...winnersOf(name, rule)]).toEqual([name, ...[...file.selected].sort()]);
      compared.push(name);
    }
    expect(compared.length).toBeGreaterThanOrEqual(11);
  });
});

describe.skipIf(!hasPabulib)('reading real files', () => {
  test('all but the one with a project twice on a ballot are well formed', () => {
    const refused = pabulibNames().flatMap((name) => {
      const reading = readPabulib(bytesOf(name));
      return reading.ok ? [] : [[name, reading.problems]];
    });
    expect(refused).toEqual([
      ['Poland_Warszawa_2026_Blonia_Wilanowskie.pb', [{ line: 268, code: 'project-twice-on-ballot', detail: '1481' }]],
    ]);
  });

  test('a cost of 999999999 is a cost to a strict reader and not eligible to a lenient one', () => {
    const name = 'Poland_Gdynia_2020_Grabowek__large.pb';
    const strict = readPabulib(bytesOf(name));
    const lenient = readPabulib(bytesOf(name), { lenient: true });
    if (!strict.ok || !lenient.ok) throw new Error('well formed');
    expect(strict.file.election.projects.filter((project) => project.withdrawn)).toEqual([]);
    expect(lenient.file.election.projects.filter((project) => project.withdrawn).map((project) => project.id)).toEqual(['5']);
    expect(lenient.repairs).toEqual([{ line: 31, code: 'not-eligible-cost', detail: '5' }]);
  });

  test('decimals become hundredths, and caps come from META', () => {
    const { election } = readReal('Poland_Warszawa_2017_Grochow_Poludniowy.pb');
    expect([election.minorPerUnit, election.budgetMinor]).toEqual([100, 77_631_403]);
    const amsterdam = readReal('Netherlands_Amsterdam_166.pb');
    expect(ruleOfFile(amsterdam)?.caps.categories['Armoede']).toBe(52_000);
    const outcome = count(amsterdam.election, ruleOfFile(amsterdam)!, { kind: 'id' });
    const decision = outcome.kind === 'decided' && outcome.decisions.find((one) => one.projectId === '12438');
    expect(decision && decision.reason).toEqual({ kind: 'cap', of: 'category', name: 'Rattenpreventie', overMinor: 8000 });
  });
});
