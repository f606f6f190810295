/** What a vote round is to the frame of rounds: what must hold before it opens, and what happens on entering its phases. */
import type { Transaction } from '@commonpot/db/client';
import { reserve } from '../money/ledger.ts';
import type { RoundKind } from '../rounds/kind.ts';
import type { Round } from '../rounds/rules.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { makeKeyring } from './ballots/keyring.ts';
import { fitsForm } from './ballots/rules.ts';
import { openBallotTables } from './ballots/writes.ts';
import { ruleSchema } from './counting/rule.ts';
import { makeLogKey } from './log/signer.ts';
import { publishStatement } from './log/statement-writes.ts';
import { lotCommitment } from './published/bytes.ts';
import { awardWinners } from './tally/awards.ts';
import { enqueueCount } from './tally/jobs.ts';
import { findTally } from './tally/reads.ts';

export const voteRounds: RoundKind = {
  kind: 'vote',

  async preflight(_tx, round) {
    const rule = ruleSchema.safeParse(round.rule);
    const fits = !round.ballotForm || !rule.success || fitsForm(rule.data, round.ballotForm);
    return [
      { code: 'ballot-form', ok: round.ballotForm !== null, isNeeded: true, facts: {} },
      { code: 'rule', ok: rule.success, isNeeded: true, facts: {} },
      { code: 'rule-fits', ok: fits, isNeeded: true, facts: {} },
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
      if (!(await publishStatement(tx, round, { keys, publicKey, publicUrl: services.config.publicUrl, now }))) return refuse('not-ready', { missing: ['statement'] });
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

/** From here on nothing else can spend what is being voted on. */
async function setBudgetAside(tx: Transaction, round: Round, given: { now: Date; actorId: string | null }): Promise<void | Refusal> {
  if (!round.potId || round.budgetMinor === null) return refuse('not-ready', { missing: ['pot-chosen'] });
  const { fundId, potId, budgetMinor, id } = round;
  const reserved = await reserve(tx, { fundId, potId, amountMinor: budgetMinor, subjectId: id, at: given.now, actorId: given.actorId });
  return reserved instanceof Refusal ? reserved : undefined;
}
