/** The pages and the phone call a ballot legal exactly when the server does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderLines, type BallotForm } from '@commonpot/server/votes/ballots/rules';
import { addUp, obstacle } from '../../web/src/lib/votes/terms.ts';

const form: fc.Arbitrary<BallotForm> = fc.oneof(
  fc.constantFrom<BallotForm>({ kind: 'knapsack' }, { kind: 'one' }),
  fc.record({ kind: fc.constantFrom('up-to' as const, 'at-least' as const), k: fc.integer({ min: 1, max: 6 }) }),
);
const ballot = fc.record({ form, budgetMinor: fc.integer({ min: 1, max: 300 }), projects: fc.array(fc.record({ costMinor: fc.integer({ min: 1, max: 400 }), isChosen: fc.boolean() }), { maxLength: 8 }) });

describe('a ballot’s terms', () => {
  it('find the same ballots legal as the server', () => {
    fc.assert(fc.property(ballot, ({ form, budgetMinor, projects }) => {
      const numbered = projects.map((project, index) => ({ ...project, number: String(index) }));
      const chosen = numbered.filter((project) => project.isChosen);
      const found = orderLines({ form, budgetMinor, projects: numbered }, chosen.map(({ number }) => ({ project: number })));
      expect(addUp({ form, budgetMinor, currency: 'GBP' }, chosen.map((project) => project.costMinor)).fault).toBe(typeof found === 'string' ? found : null);
    }));
  });

  it('keep a project off exactly when adding it would break the ballot, and say when nothing makes room for it', () => {
    fc.assert(fc.property(ballot, fc.integer({ min: 1, max: 400 }), ({ form, budgetMinor, projects }, costMinor) => {
      const terms = { form, budgetMinor, currency: 'GBP' };
      const costs = projects.filter((project) => project.isChosen).map((project) => project.costMinor);
      const sum = addUp(terms, costs);
      const found = obstacle(terms, sum, costMinor);
      // One choice takes the other's place, and a ballot that lacks some is not full.
      const takesMore = form.kind === 'one' || form.kind === 'at-least';
      expect(found !== null).toBe(!takesMore && addUp(terms, [...costs, costMinor]).fault !== null);
      if (found && found !== 'no-place') expect(found.forGood).toBe(costMinor > budgetMinor);
    }));
  });
});
