/** From a published round to the election it was, and to its count. */
import { readBallotBytes } from '../ballots/protocol.ts';
import { count } from '../counting/count.ts';
import { buildElection, type Ballot, type Election } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import { writePabulib } from '../counting/pabulib-write.ts';
import type { Seal, Statement } from './record.ts';

/** The election of these ballots' texts; they must be legal. */
export function electionOf(statement: Statement, ballots: Iterable<Buffer>): Election {
  return buildElection({
    unit: { name: statement.fund, currency: statement.currency },
    minorPerUnit: statement.minorPerUnit,
    budgetMinor: statement.budgetMinor,
    voteType: statement.ballotForm.kind === 'one' ? 'choose-1' : 'approval',
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

/** ballots.pb: the election in the Pabulib format, with what was funded. */
export function* pabulibOf(statement: Statement, election: Election, winners: readonly string[]): Generator<string> {
  const { round, fund, currency, voting, ballotForm, budgetMinor, minorPerUnit } = statement;
  const limits: Record<string, [string, string][]> = {
    'one': [['max_length', '1']],
    'knapsack': [['max_sum_cost', `${budgetMinor / minorPerUnit}`]],
  };
  const k = 'k' in ballotForm ? String(ballotForm.k) : '';
  yield* writePabulib(election, {
    selected: winners,
    meta: [
      ['description', round.title], ['unit', fund], ['instance', round.slug], ['currency', currency],
      ['date_begin', voting.opens.slice(0, 10)], ['date_end', voting.closes.slice(0, 10)],
      ...(limits[ballotForm.kind] ?? [[ballotForm.kind === 'up-to' ? 'max_length' : 'min_length', k] as [string, string]]),
    ],
  });
}
