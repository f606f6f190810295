/** Appends to the log: one batch, one signed head, one transaction. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { headCopy, logHead } from '@commonpot/db/votes';
import { leafOfRecord, openBox, readRecord, uuidBytes, type RoundKeys } from '../ballots/protocol.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { laterDraw } from '../../rounds/draws/beacon.ts';
import { checkpoint } from '../published/note.ts';
import type { Statement } from '../published/record.ts';
import { rootOf } from '../published/tree.ts';
import { drawBatch } from './pool.ts';
import { lastHead, readBoxesOf, readLeaves, readWaiting, type RoundRef } from './reads.ts';
import type { LogSigner } from './signer.ts';

export interface Appending extends RoundRef {
  keys: RoundKeys;
  signer: LogSigner;
  network: BeaconNetwork;
  statement: Statement;
  /** The close: everything that waits goes in, and the head is the last. */
  isClosed: boolean;
  now: Date;
}

/**
 * Appends what the pool lets out now and signs the head over it; the answer is how many leaves that were. Two at once
 * wait for each other. Behind the last head nothing is appended, because the lot's seed hangs on it; where that comes too late
 * for the value of the beacon that was named, the same transaction names a later one.
 */
export async function appendBatch(tx: Transaction, given: Appending): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`commonpot.log:${given.roundId}`}, 0))`);
  const head = await lastHead(tx, given);
  if (head?.isLast) return 0;
  const logged = await readLeaves(tx, given);
  const { standing, replaced } = await readWaiting(tx, given, given.keys, logged);
  const marks = drawBatch(standing, replaced, given.isClosed);
  if (marks.length === 0 && !given.isClosed) return 0;
  const fresh = await openLeaves(tx, given, marks);
  await insertLeaves(tx, given, logged.length, fresh);
  const size = logged.length + fresh.length;
  const note = checkpoint({ origin: given.statement.log.origin, size, root: rootOf([...logged, ...fresh]) }, given.signer.publicKey, given.signer.sign);
  await tx.insert(logHead).values({ fundId: given.fundId, roundId: given.roundId, size, note, isLast: given.isClosed, signedAt: given.now, laterDraw: laterDrawOf(given) });
  const copies = given.statement.log.mirrors.map((mirror) => ({ fundId: given.fundId, roundId: given.roundId, size, mirror, nextTryAt: given.now }));
  if (copies.length > 0) await tx.insert(headCopy).values(copies);
  return fresh.length;
}

function laterDrawOf({ statement: { lot }, network, isClosed, now }: Appending): string | null {
  return (isClosed && lot.kind === 'draw' && laterDraw(network, lot.name, now)?.name) || null;
}

/** The leaves behind these marks, sorted, so that nothing is left of the order in which they came. */
async function openLeaves(tx: Transaction, given: Appending, marks: readonly Buffer[]): Promise<Buffer[]> {
  const round = uuidBytes(given.roundId);
  const leaves: Buffer[] = [];
  for await (const { column, box } of readBoxesOf(tx, given, marks)) {
    leaves.push(leafOfRecord(round, readRecord(openBox(given.keys, round, column, box))));
  }
  if (leaves.length !== marks.length) throw new Error('a ballot on its way into the log is gone');
  return leaves.sort(Buffer.compare);
}

async function insertLeaves(tx: Transaction, { fundId, roundId }: RoundRef, from: number, leaves: readonly Buffer[]): Promise<void> {
  if (leaves.length === 0) return;
  await tx.execute(sql`insert into log_leaf (fund_id, round_id, index, leaf)
    select ${fundId}::uuid, ${roundId}::uuid, ${from}::int + place::int - 1, leaf from unnest(${sql.param(leaves)}::bytea[]) with ordinality as given (leaf, place)`);
}
