/** Writes ballots: many at once in one transaction, sorted by slot, so that they share a commit and never deadlock. */
import { sql } from 'drizzle-orm';
import type pg from 'pg';
import type { Transaction } from '@commonpot/db/client';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { boxSize, recordSize } from './protocol.ts';
import { longestBallot } from './rules.ts';

/** Makes the round's partitions, whose boxes all have the length of its longest ballot. Doing it again changes nothing. */
export async function openBallotTables(tx: Transaction, round: Pick<Round, 'fundId' | 'id' | 'area' | 'ballotForm'>): Promise<void> {
  const size = boxSize(recordSize(longestBallot(round.area, await listProjects(tx, round.fundId, round.id), round.ballotForm ?? undefined)));
  await tx.execute(sql`select open_ballot_box(${round.fundId}::uuid, ${round.id}::uuid, ${size}::int)`);
}

/** One ballot on its way in: ciphertext and handles only. */
export interface Cast {
  slot: Buffer;
  mark: Buffer;
  box: Buffer;
  /** The handle of the ballot it replaces, or null for a first one. */
  replaces: Buffer | null;
  oldVoidKey: Buffer | null;
}

export type CastResult = 'in' | 'voting-not-open' | 'voting-closed' | 'already-voted' | 'ballot-replaced' | 'voted-on-paper' | 'illegal-ballot';

export interface CastTarget {
  fundId: string;
  roundId: string;
  /** Seals the record of a ballot that is being replaced, with its void key if that fits, for `replaced_open`. */
  retire(old: { slot: Buffer; mark: Buffer; box: Buffer }, oldVoidKey: Buffer | null): Buffer;
}

interface Row {
  slot: Buffer;
  mark: Buffer;
  box: Buffer;
  struck: boolean;
}

/** A ballot that another takes the place of, and the void key that came with the other. */
interface Retired {
  row: Row;
  oldVoidKey: Buffer | null;
}

/**
 * Puts a batch of casts into the ballot box and answers one result for each, in order. Casts of one slot are taken
 * one after the other. The round is locked for sharing before its phase is read, so that no ballot enters once the
 * close has begun. `clock` is read after the lock. A cast that is in already is answered `in`, after the deadline too.
 */
export async function castBatch(client: pg.PoolClient, target: CastTarget, casts: readonly Cast[], clock: () => Date): Promise<CastResult[]> {
  await client.query('begin');
  try {
    const closed = await findClosed(client, target, clock);
    const bySlot = new Map<string, Cast[]>();
    for (const cast of [...casts].sort((a, b) => Buffer.compare(a.slot, b.slot))) {
      const slot = cast.slot.toString('hex');
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), cast]);
    }
    const entered = closed ? new Set<Cast>() : await insertNew(client, target, [...bySlot.values()].map((each) => each[0] as Cast));
    const rest = [...bySlot.values()].flatMap((each) => each.filter((cast) => !entered.has(cast)));
    const results = rest.length > 0 ? await settle(client, target, rest, closed) : new Map<Cast, CastResult>();
    await client.query('commit');
    return casts.map((cast) => results.get(cast) ?? 'in');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Locks the round for sharing, then reads whether its voting is open. */
async function findClosed(client: pg.PoolClient, target: CastTarget, clock: () => Date): Promise<CastResult | null> {
  await client.query({ name: 'ballot-scope', text: `select set_config('commonpot.fund', $1, true)`, values: [target.fundId] });
  const { rows } = await client.query<{ phase: string; voting_opens_at: Date; voting_closes_at: Date }>({
    name: 'ballot-lock', text: `select phase, voting_opens_at, voting_closes_at from round where fund_id = $1 and id = $2 for share`, values: [target.fundId, target.roundId],
  });
  const [round] = rows;
  if (!round) throw new Error('the round of a ballot is gone');
  if (['draft', 'ideas', 'review', 'notice'].includes(round.phase)) return 'voting-not-open';
  return round.phase === 'voting' && clock() < round.voting_closes_at ? null : 'voting-closed';
}

/** Inserts what has no ballot yet, and answers which casts entered. */
async function insertNew(client: pg.PoolClient, target: CastTarget, sorted: readonly Cast[]): Promise<Set<Cast>> {
  const { rows } = await client.query<{ slot: Buffer }>({
    name: 'ballot-insert',
    text: `insert into ballot_open (fund_id, round_id, slot, mark, box)
      select $1, $2, slot, mark, box from unnest($3::bytea[], $4::bytea[], $5::bytea[]) as cast_now (slot, mark, box)
      on conflict do nothing returning slot`,
    values: [target.fundId, target.roundId, sorted.map((cast) => cast.slot), sorted.map((cast) => cast.mark), sorted.map((cast) => cast.box)],
  });
  const slots = new Set(rows.map((row) => row.slot.toString('hex')));
  return new Set(sorted.filter((cast) => slots.has(cast.slot.toString('hex'))));
}

/** Decides what meets a ballot that is there already, under that row's lock, and replaces what may be replaced. */
async function settle(client: pg.PoolClient, target: CastTarget, rest: readonly Cast[], closed: CastResult | null): Promise<Map<Cast, CastResult>> {
  const { rows } = await client.query<Row>({
    name: 'ballot-current',
    text: `select slot, mark, box, struck from ballot_open where round_id = $1 and slot = any ($2::bytea[]) order by slot for update`,
    values: [target.roundId, rest.map((cast) => cast.slot)],
  });
  const current = new Map(rows.map((row) => [row.slot.toString('hex'), row]));
  const { rows: gone } = await client.query<{ mark: Buffer }>({
    name: 'ballot-replaced', text: `select mark from replaced_open where round_id = $1 and mark = any ($2::bytea[])`, values: [target.roundId, rest.map((cast) => cast.mark)],
  });
  const replaced = new Set(gone.map((row) => row.mark.toString('hex')));
  const results = new Map<Cast, CastResult>();
  const retired: Retired[] = [];
  for (const cast of rest) {
    const slot = cast.slot.toString('hex');
    const row = current.get(slot);
    const result = judge(cast, row, replaced.has(cast.mark.toString('hex')), closed);
    results.set(cast, result);
    if (result !== 'in' || !row || row.mark.equals(cast.mark)) continue;
    retired.push({ row, oldVoidKey: cast.oldVoidKey });
    replaced.add(row.mark.toString('hex'));
    current.set(slot, { slot: cast.slot, mark: cast.mark, box: cast.box, struck: false });
  }
  if (retired.length > 0) {
    const changed = new Set(retired.map(({ row }) => row.slot.toString('hex')));
    await replace(client, target, retired, [...current].filter(([slot]) => changed.has(slot)).map(([, row]) => row));
  }
  return results;
}

/** Compares and sets on the handle: a late retry meets a newer ballot and leaves it alone. */
function judge(cast: Cast, row: Row | undefined, wasReplaced: boolean, closed: CastResult | null): CastResult {
  // Without a row of its own the leaf is in under another slot: two phones cannot draw the same salt by chance.
  if (!row) return closed ?? 'illegal-ballot';
  if (row.struck) return 'voted-on-paper';
  if (row.mark.equals(cast.mark)) return 'in';
  if (wasReplaced) return 'ballot-replaced';
  if (closed) return closed;
  if (!cast.replaces) return 'already-voted';
  return row.mark.equals(cast.replaces) ? 'in' : 'ballot-replaced';
}

async function replace(client: pg.PoolClient, target: CastTarget, retired: readonly Retired[], fresh: readonly Row[]): Promise<void> {
  await client.query({
    name: 'ballot-retire',
    text: `insert into replaced_open (fund_id, round_id, mark, box) select $1, $2, mark, box from unnest($3::bytea[], $4::bytea[]) as old (mark, box)`,
    values: [target.fundId, target.roundId, retired.map(({ row }) => row.mark), retired.map(({ row, oldVoidKey }) => target.retire(row, oldVoidKey))],
  });
  await client.query({
    name: 'ballot-replace',
    text: `update ballot_open set mark = fresh.mark, box = fresh.box
      from unnest($2::bytea[], $3::bytea[], $4::bytea[]) as fresh (slot, mark, box) where round_id = $1 and ballot_open.slot = fresh.slot`,
    values: [target.roundId, fresh.map((row) => row.slot), fresh.map((row) => row.mark), fresh.map((row) => row.box)],
  });
}
