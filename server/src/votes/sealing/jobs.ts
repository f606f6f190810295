/** Seals what is due, step by step; every step can be repeated after a crash, and the next run goes on where the last one ended. */
import { join } from 'node:path';
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../people/reads.ts';
import { turnoutRollEnd, type Round } from '../../rounds/rules.ts';
import { makeKeyring } from '../ballots/keyring.ts';
import { uuidBytes } from '../ballots/protocol.ts';
import type { Outcome } from '../counting/outcome.ts';
import { openLogKey, signReceipts, type LogSigner } from '../log/signer.ts';
import { waitsForObservers } from '../observers/reads.ts';
import { signFolder, type Folder } from '../published/folder.ts';
import type { SealedRound } from '../published/record.ts';
import { findFaultsApart, writeFilesApart } from './apart.ts';
import { putFolder } from './folders.ts';
import { isLogClosed, listBoxesLeft, listRolls, listUncounted, listUnsealed, placeOf, readObjections, readSeal } from './reads.ts';
import { decideRound, dropBox, endSealing, eraseRoll, readSealedRound, writeSealRows } from './writes.ts';

export const SEAL = 'votes.seal';

export function sealingJobs(services: Services): Job<never>[] {
  return [
    { name: SEAL, cron: '* * * * *', run: async (_data: never, now) => void (await sealDueRounds(services, now)) },
    { name: 'votes.erase-rolls', cron: '17 * * * *', run: async (_data: never, now) => eraseDueRolls(services, now) },
  ];
}

/** What the sealing of a round has come to, or what it waits for. */
export type Sealing = 'sealed' | 'objections' | 'count' | 'draw' | 'key-away' | 'observers' | 'busy';

/** The boundaries between the steps, in their order; a test ends the process at each. */
export type Step = 'checked' | 'rows' | 'first-place' | 'second-place' | 'verified' | 'destroyed' | 'sealed' | 'dropped';

/** What would be published does not hold, so nothing is sealed. The message lists the findings' names. */
class WouldNotVerify extends Error {}

/** Seals every round of every fund that is due. One that fails does not keep the others. */
export async function sealDueRounds(services: Services, now: Date, onStep: (step: Step) => void = () => {}): Promise<Map<string, Sealing>> {
  const results = new Map<string, Sealing>();
  const faults: unknown[] = [];
  for (const fundId of await within(services.db, {}, listFundIds)) {
    for (const round of await within(services.db, { fund: fundId }, (tx) => listUnsealed(tx, fundId))) {
      try {
        results.set(round.id, await sealRound(services, round, now, onStep));
      } catch (error) {
        faults.push(error);
      }
    }
    // What a crash or a busy table left standing behind a seal.
    for (const roundId of await within(services.db, { fund: fundId }, (tx) => listBoxesLeft(tx, fundId))) {
      await dropBehind(services, { fundId, roundId });
      onStep('dropped');
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, faults.map((fault) => (fault as Error).message).join('; '));
  return results;
}

/** Goes on with the sealing of one round as far as it can; one process at a time, so that none takes a folder from under another. */
async function sealRound(services: Services, round: Round, now: Date, onStep: (step: Step) => void): Promise<Sealing> {
  const connection = await services.db.$client.connect();
  const lock = [`commonpot.seal:${round.id}`];
  try {
    const { rows: [taken] } = await connection.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', lock);
    if (!taken?.mine) return 'busy';
    try {
      return await goOn(services, round, now, onStep);
    } finally {
      await connection.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
    }
  } finally {
    connection.release();
  }
}

async function goOn(services: Services, round: Round, now: Date, onStep: (step: Step) => void): Promise<Sealing> {
  const ref = { fundId: round.fundId, roundId: round.id };
  const inFund = { fund: round.fundId };
  const { network } = services.config.beacon;
  const signer = await openLogKey(services.keys);
  const keys = await makeKeyring(services.keys).open(round.id);
  if (!signer) return 'key-away';
  if (!(await within(services.db, inFund, (tx) => readSeal(tx, ref)))) {
    const objections = await within(services.db, inFund, (tx) => readObjections(tx, round));
    if (!objections || now < objections.endsAt) return 'objections';
    if (!(await within(services.db, inFund, async (tx) => (await isLogClosed(tx, ref)) && !(await listUncounted(tx, round.fundId)).includes(round.id)))) return keys ? 'count' : 'key-away';
    if (!keys) return 'key-away';
    const given = { keys, timeZone: objections.timeZone, now };
    const decided = await within(services.db, inFund, (tx) => decideRound(tx, ref, keys, given.timeZone));
    if (!decided || 'kind' in decided) return 'draw';
    // Before anything is written: what would not verify is not sealed. Observers sign what is written.
    const faults = (await findFaultsApart(await folderOf(decided.round, signer, decided.outcome), network)).filter((fault) => fault !== 'observer-missing');
    if (faults.length > 0) throw new WouldNotVerify(faults.join(' '));
    onStep('checked');
    const refusal = await within(services.db, inFund, (tx) => writeSealRows(tx, ref, given));
    if (refusal instanceof Refusal) return 'count';
  }
  onStep('rows');
  if (await within(services.db, inFund, (tx) => waitsForObservers(tx, round))) return 'observers';
  const { fundSlug, roundSlug } = await within(services.db, inFund, (tx) => placeOf(tx, ref));
  const places = [services.config.publishFolder, services.config.publishCopy].map((folder) => join(folder, fundSlug, roundSlug));
  for (const [index, place] of places.entries()) {
    if ((await findFaultsApart(place, network)).length > 0) {
      const sealed = await within(services.db, inFund, (tx) => readSealedRound(tx, ref, keys));
      if (!sealed) return 'key-away';
      await putFolder(await folderOf(sealed, signer), place);
    }
    onStep(index === 0 ? 'first-place' : 'second-place');
  }
  for (const place of places) {
    const faults = await findFaultsApart(place, network);
    if (faults.length > 0) throw new WouldNotVerify(faults.join(' '));
  }
  onStep('verified');
  await services.keys.destroy(round.id);
  onStep('destroyed');
  await within(services.db, inFund, (tx) => endSealing(tx, ref, now));
  onStep('sealed');
  return 'sealed';
}

/** The folder of a sealed round; whoever asks for a page meanwhile gets it. The thread never sees the log's key. */
async function folderOf(round: SealedRound, signer: LogSigner, known?: Outcome): Promise<Folder> {
  const receipts = await signReceipts(signer, uuidBytes(round.statement.round.id), round.leaves);
  return signFolder(await writeFilesApart(round, receipts, known), round, signer.sign);
}

/** Ballots behind a seal are unreadable already; a table that is busy keeps them until the next run. */
async function dropBehind(services: Services, ref: { fundId: string; roundId: string }): Promise<void> {
  await within(services.db, { fund: ref.fundId }, (tx) => dropBox(tx, ref)).catch((error: { cause?: { code?: string } }) => {
    if (error.cause?.code !== '55P03') throw error;
  });
}

/** Erases the turnout rolls whose 28 days are over. */
export async function eraseDueRolls(services: Services, now: Date): Promise<void> {
  await withEach(await within(services.db, {}, listFundIds), (fundId) =>
    within(services.db, { fund: fundId }, async (tx) => {
      for (const { roundId, sealedAt } of await listRolls(tx, fundId)) if (now >= turnoutRollEnd(sealedAt)) await eraseRoll(tx, { fundId, roundId });
    }));
}
