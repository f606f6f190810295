/** Few ballots and much money in small units: how long Add1 takes with the raises taken at once, and with a run for each. */
import { contestFor } from '../../../server/src/votes/counting/contest.ts';
import { count } from '../../../server/src/votes/counting/count.ts';
import { buildElection, type Election } from '../../../server/src/votes/counting/election.ts';
import { Limits } from '../../../server/src/votes/counting/limits.ts';
import { presets } from '../../../server/src/votes/counting/presets.ts';
import { fieldFor } from '../../../server/src/votes/counting/shares-field.ts';
import { SharesRun } from '../../../server/src/votes/counting/shares-run.ts';
import { Ties } from '../../../server/src/votes/counting/ties.ts';

const LOT = { kind: 'id' } as const;

export function compareRaises(): { ballots: number; raises: number; at_once_ms: number; one_by_one_ms: number; ratio: number; same: boolean } {
  const election = fewBallots();
  const start = performance.now();
  const outcome = count(election, presets['equal-shares-add1'], LOT);
  const atOnce = performance.now();
  const one = oneByOne(election);
  const end = performance.now();
  if (outcome.kind !== 'decided') throw new Error('a lot was given');
  const { raises } = outcome.pots[0]!.equalShares!;
  const same = raises === one.raises && JSON.stringify(outcome.winners) === JSON.stringify(one.winners);
  return { ballots: election.ballots.count, raises, at_once_ms: atOnce - start, one_by_one_ms: end - atOnce, ratio: (end - atOnce) / (atOnce - start), same };
}

/** Thirty people name three of ten projects, of which the money pays for about six. */
function fewBallots(): Election {
  const projects = Array.from({ length: 10 }, (_, index) => ({ id: String(index), costMinor: 500_011 + index * 70_001, categories: [], withdrawn: false }));
  const ballots = Array.from({ length: 30 }, (_, voter) => ({ lines: [...new Set([voter % 10, (voter * 3 + 1) % 10, (voter * 7 + 5) % 10])].map((index) => ({ projectId: String(index) })) }));
  return buildElection({ budgetMinor: 5_000_000, minorPerUnit: 1, voteType: 'approval', projects, ballots });
}

/** The rule's own words: one unit more for everybody, and a run, until the next would overspend. */
function oneByOne(election: Election): { winners: string[]; raises: number } {
  const contest = contestFor(election, election.budgetMinor, new Set());
  const field = fieldFor(contest, 'cost');
  const rule = presets['equal-shares-add1'];
  const ballots = BigInt(contest.ballots.count);
  let winners: string[] = [];
  for (let raises = 0; ; raises++) {
    const limits = new Limits(election.projects, rule);
    limits.openPot(election.budgetMinor);
    const run = new SharesRun(field, { numerator: BigInt(election.budgetMinor) + BigInt(raises) * ballots, denominator: ballots }, limits, new Ties(election.projects, rule.ties, LOT));
    run.buyAll(contest.candidates);
    if (limits.leftMinor < 0) return { winners, raises: raises - 1 };
    winners = run.books.purchases.map(({ project }) => election.projects[project]!.id);
    if (winners.length === election.projects.length) return { winners, raises };
  }
}
