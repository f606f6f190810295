/** What a vote round is to the frame of rounds: what must hold before it opens, and what happens on entering its phases. */
import type { Transaction } from '@commonpot/db/client';
import { reserveAll } from '../money/ledger.ts';
import type { PreflightItem, RoundKind } from '../rounds/kind.ts';
import type { Round } from '../rounds/rules.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { potsOf, sharesOf, votersWithoutArea } from './areas/reads.ts';
import { makeKeyring } from './ballots/keyring.ts';
import { fitsForm } from './ballots/rules.ts';
import { openBallotTables } from './ballots/writes.ts';
import { ruleSchema, wholeMinor } from './counting/rule.ts';
import { makeLogKey } from './log/signer.ts';
import { publishStatement } from './log/statement-writes.ts';
import { lotCommitment } from './published/bytes.ts';
import { awardWinners } from './tally/awards.ts';
import { enqueueCount } from './tally/jobs.ts';
import { findTally } from './tally/reads.ts';

export const voteRounds: RoundKind = {
  kind: 'vote',

  shares: async (tx, round) => (await sharesOf(tx, round)).pots,

  async preflight(tx, round) {
    const rule = ruleSchema.safeParse(round.rule);
    const fits = !round.ballotForm || !rule.success || fitsForm(rule.data, round.ballotForm);
    return [
      { code: 'ballot-form', ok: round.ballotForm !== null, isNeeded: true, facts: {} },
      { code: 'rule', ok: rule.success, isNeeded: true, facts: {} },
      { code: 'rule-fits', ok: fits, isNeeded: true, facts: {} },
      ...(await areaItems(tx, round)),
    ];
  },

  async entering(tx, round, to, { services, now, actorId }) {
    if (to === 'voting') {
      if (!ruleSchema.safeParse(round.rule).success) return refuse('rule-not-built');
      await services.keys.create(round.id);
      await openBallotTables(tx, round);
      const keys = await makeKeyring(services.keys).open(round.id);
      if (!keys) throw new Error('a round’s key cannot be read right after it was made');
      // A sheet of another key would be no way back.
      if (round.recoveryCheck && !lotCommitment(keys.lot).equals(round.recoveryCheck)) return refuse('not-ready', { missing: ['recovery-settled'] });
      const { publicKey } = await makeLogKey(services.keys);
      if (!(await publishStatement(tx, round, { keys, publicKey, publicUrl: services.config.publicUrl, beacon: services.config.beacon, now }))) return refuse('not-ready', { missing: ['statement'] });
      return round.isPractice ? undefined : setBudgetAside(tx, round, { now, actorId });
    }
    if (to === 'counting') await enqueueCount(services, tx);
    if (to === 'results') {
      // Money follows a result that nobody can change any more.
      const counted = round.sealedAt && (await findTally(tx, round.fundId, round.id));
      if (!counted) return refuse('not-ready', { missing: ['sealed'] });
      return round.isPractice ? undefined : awardWinners(tx, round, counted, { now, actorId });
    }
    return undefined;
  },
};

/** Where areas have money of their own: people vote there, the budget is enough for them, and everybody is somewhere. */
async function areaItems(tx: Transaction, round: Round): Promise<PreflightItem[]> {
  const pots = potsOf(round);
  if (!pots) return [];
  const vote = pots.areas.every(({ area }) => round.area.includes(area));
  // What an area leaves can go on only where it comes from the pot that pays for the whole.
  const { pots: sources } = await sharesOf(tx, round);
  const within = wholeMinor(round.budgetMinor ?? 0, { pots }) >= 0 && (pots.unspent === 'stays' || round.isPractice || [...sources.keys()].every((potId) => potId === (round.potId ?? '')));
  const nowhere = await votersWithoutArea(tx, round);
  return [
    { code: 'areas-vote', ok: vote, isNeeded: true, facts: {} },
    { code: 'areas-within-budget', ok: within, isNeeded: true, facts: {} },
    { code: 'voters-have-areas', ok: nowhere === 0, isNeeded: false, facts: { count: nowhere } },
  ];
}

/** From here on nothing else can spend what is being voted on. */
async function setBudgetAside(tx: Transaction, round: Round, given: { now: Date; actorId: string | null }): Promise<void | Refusal> {
  if (!round.potId || round.budgetMinor === null) return refuse('not-ready', { missing: ['pot-chosen'] });
  const { fundId, id } = round;
  const { pots } = await sharesOf(tx, round);
  const parts = [...pots].map(([potId, amountMinor]) => ({ potId, amountMinor }));
  const reserved = await reserveAll(tx, { fundId, parts, subjectId: id, at: given.now, actorId: given.actorId });
  return reserved instanceof Refusal ? reserved : undefined;
}
