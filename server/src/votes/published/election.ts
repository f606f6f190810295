/** From a published round to the election it was, and to its count. */
import type { BallotForm } from '../ballots/rules.ts';
import { readBallotBytes } from '../ballots/protocol.ts';
import { count } from '../counting/count.ts';
import { buildElection, type Ballot, type Election, type VoteType } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import { metaOfRule } from '../counting/pabulib-rule.ts';
import { writePabulib } from '../counting/pabulib-write.ts';
import { wholeMinor } from '../counting/rule.ts';
import type { Seal, Statement } from './record.ts';

const voteTypes: Record<BallotForm['kind'], VoteType> = {
  'knapsack': 'approval', 'up-to': 'approval', 'at-least': 'approval', 'one': 'choose-1', 'points': 'cumulative', 'scores': 'scoring', 'ranking': 'ordinal',
};

/** The election of these ballots' texts; they must be legal. */
export function electionOf(statement: Statement, ballots: Iterable<Buffer>): Election {
  return buildElection({
    unit: { name: statement.fund, currency: statement.currency },
    minorPerUnit: statement.minorPerUnit,
    budgetMinor: wholeMinor(statement.budgetMinor, statement.counting.rule),
    voteType: voteTypes[statement.ballotForm.kind],
    projects: statement.projects.map(({ number, title, costMinor, category, area }) => ({
      id: number, costMinor, name: title, categories: category === null ? [] : [category], withdrawn: false, ...(area !== null && { area }),
    })),
    ballots: readBallots(ballots),
  });
}

function* readBallots(texts: Iterable<Buffer>): Generator<Ballot> {
  for (const text of texts) {
    const { area, lines } = readBallotBytes(text);
    yield { ...(area !== '' && { area }), lines: lines.map(({ project, points }) => ({ projectId: project, ...(points !== undefined && { points }) })) };
  }
}

/** The order that decides between level projects, as far as it is known. */
export function lotOf(statement: Statement, lot: Seal['lot']): Lot | undefined {
  if (statement.lot.kind === 'ballot-order') return { kind: 'order', ids: statement.projects.map((project) => project.number) };
  return lot?.seed ? { kind: 'seed', seed: Buffer.from(lot.seed, 'hex') } : undefined;
}

/** The count by the frozen rule. */
export function recount(statement: Statement, election: Election, lot: Seal['lot']): Outcome | NeedsLot {
  return count(election, statement.counting.rule, lotOf(statement, lot));
}

/** How ballots.pb was written: the first way names no rule and writes dates as 2026-06-15; folders that have it stay as they are. */
export const WRITINGS = ['with-rule', 'first'] as const;

/** ballots.pb: the election in the Pabulib format, with what was funded. Its budget is all of the round's money. */
export function* pabulibOf(statement: Statement, election: Election, winners: readonly string[], writing: (typeof WRITINGS)[number] = 'with-rule'): Generator<string> {
  const { round, fund, currency, voting, budgetMinor, minorPerUnit, counting } = statement;
  const amount = (minor: number) => `${minor / minorPerUnit}`;
  const day = (moment: string) => (writing === 'first' ? moment.slice(0, 10) : moment.slice(0, 10).split('-').reverse().join('.'));
  const pots = counting.rule.pots?.areas ?? [];
  yield* writePabulib({ ...election, budgetMinor }, {
    selected: winners,
    meta: [
      ['description', round.title], ['unit', fund], ['instance', round.slug], ['currency', currency],
      ...(writing === 'first' ? [] : metaOfRule(counting.rule, election)),
      ['date_begin', day(voting.opens)], ['date_end', day(voting.closes)],
      ...(pots.length > 0 ? [['neighborhoods', pots.map((pot) => pot.area).join(',')], ['budget_per_neighborhood', pots.map((pot) => amount(pot.budgetMinor)).join(',')]] as [string, string][] : []),
      // Where a ballot has a part for its area and one for the whole, the format knows no limit for each.
      ...(pots.length > 0 ? [] : limitsOf(statement.ballotForm, amount(budgetMinor))),
    ],
  });
}

function limitsOf(form: BallotForm, budget: string): [string, string][] {
  switch (form.kind) {
    case 'one': return [['max_length', '1']];
    case 'knapsack': return [['max_sum_cost', budget]];
    case 'up-to': case 'ranking': return [['max_length', String(form.k)]];
    case 'at-least': return [['min_length', String(form.k)]];
    case 'points': return [['max_points', String(form.most)], ['max_sum_points', String(form.total)]];
    case 'scores': return [['max_points', String(form.most)]];
  }
}
