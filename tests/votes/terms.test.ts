/** The pages and the phone call a ballot legal exactly when the server does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { castBallot } from '@commonpot/server/votes/ballots/contract';
import { orderLines, type BallotForm } from '@commonpot/server/votes/ballots/rules';
import { castBody } from '../../web/src/lib/votes/cast-body.ts';
import { addUp, obstacle } from '../../web/src/lib/votes/terms.ts';

const form: fc.Arbitrary<BallotForm> = fc.oneof(
  fc.constantFrom<BallotForm>({ kind: 'knapsack' }, { kind: 'one' }),
  fc.record({ kind: fc.constantFrom('up-to' as const, 'at-least' as const), k: fc.integer({ min: 1, max: 6 }) }),
);
const ballot = fc.record({ form, budgetMinor: fc.integer({ min: 1, max: 300 }), projects: fc.array(fc.record({ costMinor: fc.integer({ min: 1, max: 400 }), isChosen: fc.boolean() }), { maxLength: 8 }) });

describe('a cast', () => {
  it('is as long for whatever was chosen, for a first ballot and for one that replaces', () => {
    const hex = 'ab'.repeat(32);
    const lines = fc.array(fc.oneof(fc.integer({ min: 1, max: 9999 }).map(String), fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 100 })).map(([number, points]) => `${number}\t${points}`), fc.constant('ŁÓDŹ-1')), { maxLength: 60 });
    fc.assert(fc.property(lines, fc.constantFrom(null, hex), (projects, replaces) => {
      const body = castBody({ projects, salt: hex, void: hex, replaces, oldVoidKey: replaces });
      expect(new TextEncoder().encode(body).length).toBe(4096);
      expect(castBallot.body.safeParse(JSON.parse(body)).error?.issues.filter(({ path }) => path[0] !== 'lines') ?? []).toEqual([]);
    }));
  });
});

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
