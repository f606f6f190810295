/** Does what is due of draws and lists: a pool is committed to, money that came back goes down the list, what is given at once is given, and lists end with their rounds. */
import { within } from '@commonpot/db/client';
import { takeTurn } from '../../payouts/turns.ts';
import { daysAfter } from '../../platform/days.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { awardRequest } from '../decisions/writes.ts';
import { listFundSlugs, lockRequest } from '../requests/reads.ts';
import { holdTurns } from '../requests/writes.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { endList, goDownList } from './list-writes.ts';
import * as reads from './reads.ts';
import { awaitingValue as panelsAwaitingValue, lockPanel } from '../panels/reads.ts';
import { drawByValue } from '../panels/writes.ts';
import { bringDueValues, type Waiting } from '../../rounds/draws/bringing.ts';
import { commitPool, enterValue } from './writes.ts';

export function drawJobs(services: Services): Job<never>[] {
  return [
    { name: 'grants.draw', cron: '* * * * *', run: async (_data: never, now) => void (await moveLists(services, now)) },
    { name: 'grants.beacon', cron: '* * * * *', run: async (_data: never, now) => void (await bringValues(services, now)) },
  ];
}

/** Draws whatever waits for a value of the beacon that can be had: lists, and panels; answers how many. */
export async function bringValues(services: Services, now: Date): Promise<number> {
  const waiting: Waiting[] = [];
  for (const { id: fund } of await within(services.db, {}, listFundSlugs)) {
    const brought = (value: string) => ({ value, network: services.config.beacon.network, actorId: null, at: now });
    for (const { draw, round } of await within(services.db, { fund }, (tx) => reads.awaitingValue(tx, fund))) {
      waiting.push({ name: draw.drawName, enter: (value) => within(services.db, { fund }, async (tx) => void (await enterValue(tx, round, draw, brought(value)))) });
    }
    for (const { id, drawName } of await within(services.db, { fund }, (tx) => panelsAwaitingValue(tx, fund, now))) {
      waiting.push({ name: drawName, enter: (value) => within(services.db, { fund }, async (tx) => {
        const panel = await lockPanel(tx, fund, id);
        if (panel) await drawByValue(tx, panel, brought(value));
      }) });
    }
  }
  return bringDueValues(services, waiting, now);
}

/** Does what is due at `now` in every fund; answers how many requests it let through, gave or ended. Doing it again, or twice at once, changes nothing more. */
export async function moveLists(services: Services, now: Date): Promise<number> {
  let moved = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id: fundId }) =>
    withEach(await within(services.db, { fund: fundId }, (tx) => reads.drawingRounds(tx, fundId)), async (round) => {
      moved += await moveRound(services, round, now);
    }));
  return moved;
}

async function moveRound(services: Services, round: GrantRound, now: Date): Promise<number> {
  const inFund = { fund: round.fundId };
  if (round.phase === 'closed') return within(services.db, inFund, (tx) => endList(tx, round, now));
  if (round.kind === 'rolling' || round.phase !== 'open') await within(services.db, inFund, (tx) => commitPool(tx, round, services.config.beacon, now));
  let moved = await within(services.db, inFund, (tx) => goDownList(tx, round, now));
  await withEach(await within(services.db, inFund, (tx) => reads.givenAtOnce(tx, round)), async (id) => {
    if (await giveAtOnce(services, round, id, now)) moved += 1;
  });
  return moved;
}

/** Gives what the charter gives at once, as far as the day's sum goes; the rest waits for tomorrow. */
async function giveAtOnce(services: Services, { fundId, id: roundId }: GrantRound, requestId: string, at: Date): Promise<boolean> {
  const given = within(services.db, { fund: fundId }, async (tx) => {
    const asked = await lockRequest(tx, fundId, requestId);
    if (asked?.state !== 'asked' || asked.agree !== 'at-once' || (await reads.awaitsDraw(tx, asked))) return false;
    const round = await holdGrantRoundById(tx, fundId, roundId, 'share');
    // The request, its person, then the day's sum: as whoever says that it was them waits for them.
    await holdTurns(tx, asked);
    await takeTurn(tx, `${fundId}:at-once`);
    const { atOnceDailyMinor } = (await charterOf(tx, fundId, round.charterId as string)).content;
    if ((await reads.awardedAtOnceSince(tx, fundId, daysAfter(at, -1))) + asked.amountMinor > (atOnceDailyMinor ?? 0)) return false;
    const awarded = await awardRequest(tx, asked, round, { actorId: null, at });
    if (awarded instanceof Refusal) throw new NotGiven(awarded.code);
    return true;
  });
  // A limit that came in the way, or a pot that others emptied: it waits for a person.
  return given.catch((error: unknown) => {
    if (error instanceof NotGiven) return false;
    throw error;
  });
}

/** Takes back what its transaction began. */
class NotGiven extends Error {}
