/** Gives what was agreed to while there was no money, in the order of agreement, once there is some. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { listFundSlugs, lockRequest } from '../requests/reads.ts';
import { moveRequest } from '../requests/writes.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import { roundsShortOfMoney, waitingForMoney } from './reads.ts';
import { awardRequest } from './writes.ts';

export function decisionJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.agreed', cron: '* * * * *', run: async (_data: never, now) => void (await giveAgreed(services, now)) }];
}

type Given = 'given' | 'ended' | 'waits' | 'not-enough-money';

/**
 * Gives what there is money for at `now`, in every fund; answers how many. Nobody is passed over: where the money does not meet the next
 * of a round, the others wait with them, unless a limit is in that one's way. Where a round closed, whoever waits is told that no money
 * came. Doing it again, or twice at once, changes nothing more.
 */
export async function giveAgreed(services: Services, now: Date): Promise<number> {
  let given = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id: fundId }) => {
    const inFund = { fund: fundId };
    await withEach(await within(services.db, inFund, (tx) => roundsShortOfMoney(tx, fundId)), async (roundId) => {
      for (const { id } of await within(services.db, inFund, (tx) => waitingForMoney(tx, { fundId, id: roundId }))) {
        const became = await giveOne(services, { fundId, roundId, id }, now);
        if (became === 'given') given += 1;
        if (became === 'not-enough-money') break;
      }
    });
  });
  return given;
}

async function giveOne(services: Services, { fundId, roundId, id }: { fundId: string; roundId: string; id: string }, at: Date): Promise<Given> {
  const done = within(services.db, { fund: fundId }, async (tx): Promise<Given> => {
    const request = await lockRequest(tx, fundId, id);
    if (request?.state !== 'listed') return 'waits';
    const round = await holdGrantRoundById(tx, fundId, roundId, 'share');
    if (round.phase === 'closed') {
      await moveRequest(tx, request, { to: 'declined', reason: 'no-money-left', actorId: null, at });
      return 'ended';
    }
    const awarded = await awardRequest(tx, request, round, { actorId: null, at });
    if (awarded instanceof Refusal) throw new NotGiven(awarded.code === 'not-enough-money' ? awarded.code : 'waits');
    return 'given';
  });
  return done.catch((error: unknown) => {
    if (error instanceof NotGiven) return error.became;
    throw error;
  });
}

/** Takes back what its transaction began. */
class NotGiven extends Error {
  readonly became: Given;
  constructor(became: Given) {
    super(became);
    this.became = became;
  }
}
