/**
 * Writes of the roll. Electors get random ids and no times, and thousands go in with one statement.
 * A code's row says nothing about its use.
 */
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { codeBatch, elector, electorAccount, electorCode, rollEntry } from '@commonpot/db/rounds';

export interface RoundKey {
  fundId: string;
  roundId: string;
}

/**
 * Makes joining and listing wait for each other until the transaction ends, so that neither looks past what the other
 * is about to write. People who join do not wait for one another.
 */
export async function holdRoll(tx: Transaction, { roundId }: RoundKey, to: 'join' | 'list'): Promise<void> {
  const key = sql`hashtextextended(${`roll:${roundId}`}, 0)`;
  await tx.execute(to === 'join' ? sql`select pg_advisory_xact_lock_shared(${key})` : sql`select pg_advisory_xact_lock(${key})`);
}

/**
 * The elector of an account, made when there is none: of many joining at once with one account one makes it, and the
 * others find it. With `electorId` the account joins as that elector; null when another account already has.
 */
export async function joinAs(tx: Transaction, { fundId, roundId }: RoundKey, accountId: string, as: { electorId: string } | { area: string | null }): Promise<string | null> {
  const electorId = 'electorId' in as ? as.electorId : randomUUID();
  const [made] = await tx.insert(electorAccount).values({ fundId, roundId, accountId, electorId }).onConflictDoNothing().returning({ electorId: electorAccount.electorId });
  if (!made) return findElectorOfAccount(tx, { fundId, roundId }, accountId);
  if ('area' in as) await tx.insert(elector).values({ fundId, roundId, id: electorId, area: as.area });
  return electorId;
}

/** The elector an account joined as, or null. */
export async function findElectorOfAccount(tx: Transaction, { fundId, roundId }: RoundKey, accountId: string): Promise<string | null> {
  const [row] = await tx.select({ electorId: electorAccount.electorId }).from(electorAccount)
    .where(and(eq(electorAccount.fundId, fundId), eq(electorAccount.roundId, roundId), eq(electorAccount.accountId, accountId)));
  return row?.electorId ?? null;
}

export interface NewEntry {
  name: string;
  postcode: string | null;
  contactHash: Buffer | null;
  bornYear: number | null;
  area: string | null;
  /** Where the person behind the address joined before they were listed: the place they have already. */
  electorId?: string | undefined;
}

const column = (values: readonly unknown[], type: 'uuid' | 'text' | 'bytea' | 'integer') => sql`${sql.param(values)}::${sql.raw(type)}[]`;

/** Adds `areas.length` electors; the ids come in the order given. */
export async function addElectors(tx: Transaction, { fundId, roundId }: RoundKey, areas: readonly (string | null)[]): Promise<string[]> {
  const ids = areas.map(() => randomUUID());
  await tx.execute(sql`insert into elector (fund_id, round_id, id, area)
    select ${fundId}::uuid, ${roundId}::uuid, id, area from unnest(${column(ids, 'uuid')}, ${column(areas, 'text')}) as fresh (id, area)`);
  return ids;
}

/** Adds names with an elector each. Leaves out those whose address is on the roll already; answers those added, with their electors. */
export async function addEntries<Entry extends NewEntry>(tx: Transaction, { fundId, roundId }: RoundKey, entries: readonly Entry[]): Promise<(Entry & { electorId: string })[]> {
  const known = await knownContacts(tx, { fundId, roundId }, entries);
  const seen = new Set<string>();
  const fresh = entries.filter(({ contactHash }) => {
    if (!contactHash) return true;
    const hex = contactHash.toString('hex');
    if (known.has(hex) || seen.has(hex)) return false;
    seen.add(hex);
    return true;
  });
  const made = await addElectors(tx, { fundId, roundId }, fresh.filter((each) => !each.electorId).map((each) => each.area));
  const ids = fresh.map((each) => each.electorId ?? (made.shift() as string));
  await tx.execute(sql`insert into roll_entry (fund_id, round_id, elector_id, name, postcode, contact_hash, born_year)
    select ${fundId}::uuid, ${roundId}::uuid, fresh.* from unnest(
      ${column(ids, 'uuid')}, ${column(fresh.map((each) => each.name), 'text')}, ${column(fresh.map((each) => each.postcode), 'text')},
      ${column(fresh.map((each) => each.contactHash), 'bytea')}, ${column(fresh.map((each) => each.bornYear), 'integer')}) as fresh`);
  return fresh.map((each, index) => ({ ...each, electorId: ids[index] as string }));
}

async function knownContacts(tx: Transaction, { fundId, roundId }: RoundKey, entries: readonly NewEntry[]): Promise<Set<string>> {
  const hashes = entries.flatMap(({ contactHash }) => (contactHash ? [contactHash] : []));
  const rows = await tx.select({ contactHash: rollEntry.contactHash }).from(rollEntry)
    .where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId), sql`${rollEntry.contactHash} = any (${column(hashes, 'bytea')})`));
  return new Set(rows.map((row) => row.contactHash?.toString('hex') ?? ''));
}

/** Makes those wait for each other who make codes of a round, until the transaction ends. */
export async function holdCodes(tx: Transaction, { roundId }: RoundKey): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`codes:${roundId}`}, 0))`);
}

/** Gives each elector the code with the hash in the same place, all in one new batch. */
export async function addCodes(tx: Transaction, { fundId, roundId }: RoundKey, electorIds: readonly string[], codeHashes: readonly Buffer[], now: Date): Promise<void> {
  if (electorIds.length === 0) return;
  await holdCodes(tx, { fundId, roundId });
  const [last] = await tx.select({ number: max(codeBatch.number) }).from(codeBatch).where(and(eq(codeBatch.fundId, fundId), eq(codeBatch.roundId, roundId)));
  const batch = (last?.number ?? 0) + 1;
  await tx.insert(codeBatch).values({ fundId, roundId, number: batch, madeAt: now });
  await tx.execute(sql`insert into elector_code (fund_id, round_id, code_hash, elector_id, batch)
    select ${fundId}::uuid, ${roundId}::uuid, code_hash, elector_id, ${batch}::int
    from unnest(${column(codeHashes, 'bytea')}, ${column(electorIds, 'uuid')}) as fresh (code_hash, elector_id) order by code_hash`);
}

/** Puts a new code in the place of each elector's old one. */
export async function replaceCodes(tx: Transaction, { fundId, roundId }: RoundKey, electorIds: readonly string[], codeHashes: readonly Buffer[], now: Date): Promise<void> {
  await tx.delete(electorCode).where(and(eq(electorCode.fundId, fundId), eq(electorCode.roundId, roundId), inArray(electorCode.electorId, [...electorIds])));
  await addCodes(tx, { fundId, roundId }, electorIds, codeHashes, now);
}

/** Takes a name off the roll with its code and its account; the caller has seen that nobody votes yet. False when there is none. */
export async function removeEntry(tx: Transaction, { fundId, roundId }: RoundKey, electorId: string): Promise<boolean> {
  const [entry] = await tx.delete(rollEntry).where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId), eq(rollEntry.electorId, electorId))).returning({ electorId: rollEntry.electorId });
  if (!entry) return false;
  await tx.delete(electorCode).where(and(eq(electorCode.fundId, fundId), eq(electorCode.roundId, roundId), eq(electorCode.electorId, electorId)));
  await tx.delete(electorAccount).where(and(eq(electorAccount.fundId, fundId), eq(electorAccount.roundId, roundId), eq(electorAccount.electorId, electorId)));
  await tx.delete(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, roundId), eq(elector.id, electorId)));
  return true;
}
