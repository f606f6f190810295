/** Dates move grant rounds on: a window closes itself on its last moment to ask, and a pause ends by itself. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { dueRounds, holdGrantRoundById } from './reads.ts';
import { isOver } from './rules.ts';
import { moveGrantRound, pauseGrantRound } from './writes.ts';

export function grantRoundJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.dates', cron: '* * * * *', run: async (_data: never, now) => void (await keepDates(services, now)) }];
}

/** Does what the dates of every fund's open rounds say at `now`; answers how many windows closed and how many pauses ended. Doing it again, or twice at once, changes nothing more. */
export async function keepDates(services: Services, now: Date): Promise<{ closed: number; reopened: number }> {
  const done = { closed: 0, reopened: 0 };
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id: fundId }) =>
    withEach(await within(services.db, { fund: fundId }, (tx) => dueRounds(tx, fundId, now)), async (id) => {
      const became = await within(services.db, { fund: fundId }, async (tx) => {
        const round = await holdGrantRoundById(tx, fundId, id, 'update');
        const given = { actorId: null, at: now };
        const pauseEnds = round.phase === 'open' && isOver(round.pausedUntil, now);
        if (pauseEnds) await pauseGrantRound(tx, round, null, given);
        const closes = round.phase === 'open' && isOver(round.closesAt, now);
        if (closes) {
          const refusal = await moveGrantRound(tx, round, 'deciding', services.config.beacon, given);
          if (refusal instanceof Refusal) throw new Error(`a window did not close: ${refusal.code}`);
        }
        return { closed: closes, reopened: pauseEnds };
      });
      done.closed += became.closed ? 1 : 0;
      done.reopened += became.reopened ? 1 : 0;
    }));
  return done;
}
