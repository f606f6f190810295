/** Reads of the roll: who an actor is in a round, and what administrators see of it. */
import { and, count, desc, eq, exists, gt, ilike, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { accountContact } from '@commonpot/db/people';
import { codeBatch, elector, electorAccount, electorCode, rollEntry } from '@commonpot/db/rounds';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { accountsOfContact } from '../../people/reads.ts';
import type { Actor } from '../../platform/actor.ts';

/** One entry of the roll; `area` is empty where the round knows none. */
export interface Elector {
  electorId: string;
  area: string;
}

/**
 * The elector an actor stands for: the one their printed code opened, or the one their account joined as.
 * Reads only. Refuses `not-on-roll`.
 */
export async function resolveElector(tx: Transaction, given: { actor: Pick<Actor, 'accountId' | 'codeHolder'>; fundId: string; roundId: string }): Promise<Elector | Refusal> {
  const { actor, fundId, roundId } = given;
  const inRound = and(eq(elector.fundId, fundId), eq(elector.roundId, roundId));
  const found = actor.codeHolder
    ? actor.codeHolder.fundId === fundId && actor.codeHolder.roundId === roundId
      ? await tx.select({ id: elector.id, area: elector.area }).from(elector).where(and(inRound, eq(elector.id, actor.codeHolder.electorId)))
      : []
    : actor.accountId
      ? await tx.select({ id: elector.id, area: elector.area }).from(electorAccount)
          .innerJoin(elector, and(inRound, eq(elector.id, electorAccount.electorId)))
          .where(and(eq(electorAccount.fundId, fundId), eq(electorAccount.roundId, roundId), eq(electorAccount.accountId, actor.accountId)))
      : [];
  const [row] = found;
  return row ? { electorId: row.id, area: row.area ?? '' } : refuse('not-on-roll');
}

/** The elector whose printed code has this hash, or null. */
export async function findByCode(tx: Transaction, fundId: string, roundId: string, codeHash: Buffer): Promise<string | null> {
  const [row] = await tx.select({ electorId: electorCode.electorId }).from(electorCode)
    .where(and(eq(electorCode.fundId, fundId), eq(electorCode.roundId, roundId), eq(electorCode.codeHash, codeHash)));
  return row?.electorId ?? null;
}

/** The roll's entry for one of an account's addresses, or null. Leaves the transaction scoped to the fund and the account. */
export async function findEntryOfAccount(tx: Transaction, fundId: string, roundId: string, accountId: string) {
  await setScope(tx, { fund: fundId, account: accountId });
  const [row] = await tx.select({ electorId: rollEntry.electorId, bornYear: rollEntry.bornYear }).from(rollEntry)
    .innerJoin(accountContact, and(eq(accountContact.contactHash, rollEntry.contactHash), eq(accountContact.accountId, accountId)))
    .where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId))).orderBy(rollEntry.electorId).limit(1);
  return row ?? null;
}

/** Those of these addresses behind which an account joined already, each with its elector; of a number that changed hands, whichever of its accounts did. Leaves the transaction scoped to the fund. */
export async function electorsOfContacts(tx: Transaction, fundId: string, roundId: string, contactHashes: readonly Buffer[]): Promise<Map<string, string>> {
  const ofRound = and(eq(electorAccount.fundId, fundId), eq(electorAccount.roundId, roundId));
  const found = new Map<string, string>();
  const [anybody] = await tx.select({ one: sql`1` }).from(electorAccount).where(ofRound).limit(1);
  if (!anybody) return found;
  // An address is read under its own scope only, one at a time.
  for (const contactHash of contactHashes) {
    const accountIds = await accountsOfContact(tx, fundId, contactHash);
    const [joined] = accountIds.length > 0 ? await tx.select({ electorId: electorAccount.electorId }).from(electorAccount).where(and(ofRound, inArray(electorAccount.accountId, accountIds))).limit(1) : [];
    if (joined) found.set(contactHash.toString('hex'), joined.electorId);
  }
  await setScope(tx, { fund: fundId });
  return found;
}

/**
 * How many are on the roll, in all and by what is known of them. `codesWithoutName` could come in by another way as well:
 * they bear no name or, where people may also join by their own word, no address to know them by. `unknownAreas` are in an
 * area the round does not name.
 */
export async function countRoll(tx: Transaction, fundId: string, roundId: string) {
  const of = (table: 'elector' | 'roll_entry' | 'elector_code' | 'elector_account') =>
    sql`(select count(*) from ${sql.identifier(table)} where fund_id = ${fundId}::uuid and round_id = ${roundId}::uuid)`;
  const { rows } = await tx.execute<{ electors: number; names: number; codes: number; codesWithoutName: number; accounts: number; unknownAreas: number }>(sql`
    select ${of('elector')} as electors, ${of('roll_entry')} as names, ${of('elector_code')} as codes, ${of('elector_account')} as accounts,
      (select count(*) from elector_code c join round r on r.fund_id = c.fund_id and r.id = c.round_id
          left join roll_entry e on e.fund_id = c.fund_id and e.round_id = c.round_id and e.elector_id = c.elector_id
        where c.fund_id = ${fundId}::uuid and c.round_id = ${roundId}::uuid
          and (e.elector_id is null or (e.contact_hash is null and 'sign-in' = any (r.credentials)))) as "codesWithoutName",
      (select count(*) from elector v join round r on r.fund_id = v.fund_id and r.id = v.round_id
        where v.fund_id = ${fundId}::uuid and v.round_id = ${roundId}::uuid and v.area is not null and v.area <> all (r.area)) as "unknownAreas"`);
  const [counts] = rows;
  if (!counts) throw new Error('a count without an answer');
  return counts;
}

const nameKey = sql<string>`lower(${rollEntry.name})`;

/** Names on the roll in their order. The cursor is where the page before ended. */
export async function listRoll(tx: Transaction, fundId: string, roundId: string, given: { search: string | undefined; limit: number; after: { name: string; elector: string } | null }) {
  const pattern = given.search ? `%${given.search.replace(/[\\%_]/g, '\\$&')}%` : null;
  const ofEntry = (table: typeof electorCode | typeof electorAccount) =>
    exists(tx.select({ one: sql`1` }).from(table).where(and(eq(table.fundId, rollEntry.fundId), eq(table.roundId, rollEntry.roundId), eq(table.electorId, rollEntry.electorId)))).mapWith(Boolean);
  return tx.select({
    elector: rollEntry.electorId, name: rollEntry.name, key: nameKey, postcode: rollEntry.postcode, area: elector.area,
    hasContact: sql<boolean>`${rollEntry.contactHash} is not null`, hasCode: ofEntry(electorCode), hasJoined: ofEntry(electorAccount),
  }).from(rollEntry)
    .innerJoin(elector, and(eq(elector.fundId, rollEntry.fundId), eq(elector.roundId, rollEntry.roundId), eq(elector.id, rollEntry.electorId)))
    .where(and(
      eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId),
      pattern ? or(ilike(rollEntry.name, pattern), ilike(rollEntry.postcode, pattern)) : undefined,
      given.after ? or(gt(nameKey, given.after.name), and(eq(nameKey, given.after.name), gt(rollEntry.electorId, given.after.elector))) : undefined,
    ))
    .orderBy(nameKey, rollEntry.electorId).limit(given.limit + 1);
}

/** Names on the roll that have no code yet, in their order; only those with an address where `needContact` says so. */
export async function entriesWithoutCode(tx: Transaction, fundId: string, roundId: string, limit: number, needContact: boolean) {
  return tx.select({ electorId: rollEntry.electorId, name: rollEntry.name, postcode: rollEntry.postcode }).from(rollEntry)
    .leftJoin(electorCode, and(eq(electorCode.fundId, rollEntry.fundId), eq(electorCode.roundId, rollEntry.roundId), eq(electorCode.electorId, rollEntry.electorId)))
    .where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId), sql`${electorCode.codeHash} is null`, needContact ? isNotNull(rollEntry.contactHash) : undefined))
    .orderBy(nameKey, rollEntry.electorId).limit(limit);
}

/** Codes that were made together and still open somebody's place, the newest batch first. */
export async function listCodeBatches(tx: Transaction, fundId: string, roundId: string) {
  return tx.select({ number: codeBatch.number, madeAt: codeBatch.madeAt, codes: count(), names: count(rollEntry.electorId) }).from(codeBatch)
    .innerJoin(electorCode, and(eq(electorCode.fundId, codeBatch.fundId), eq(electorCode.roundId, codeBatch.roundId), eq(electorCode.batch, codeBatch.number)))
    .leftJoin(rollEntry, and(eq(rollEntry.fundId, electorCode.fundId), eq(rollEntry.roundId, electorCode.roundId), eq(rollEntry.electorId, electorCode.electorId)))
    .where(and(eq(codeBatch.fundId, fundId), eq(codeBatch.roundId, roundId))).groupBy(codeBatch.number, codeBatch.madeAt).orderBy(desc(codeBatch.number));
}

/** Who holds a code, by name and then by no order that says anything: those of a batch, or those who were picked. */
export async function holdersOfCodes(tx: Transaction, fundId: string, roundId: string, of: { batch: number } | { electors: readonly string[] }) {
  return tx.select({ electorId: electorCode.electorId, batch: electorCode.batch, name: rollEntry.name, postcode: rollEntry.postcode }).from(electorCode)
    .leftJoin(rollEntry, and(eq(rollEntry.fundId, electorCode.fundId), eq(rollEntry.roundId, electorCode.roundId), eq(rollEntry.electorId, electorCode.electorId)))
    .where(and(eq(electorCode.fundId, fundId), eq(electorCode.roundId, roundId), 'batch' in of ? eq(electorCode.batch, of.batch) : inArray(electorCode.electorId, [...of.electors])))
    .orderBy(nameKey, electorCode.electorId);
}

/** The entry of the roll behind an address: listed with it, or joined with it. Null when there is none. Leaves the transaction scoped to the fund. */
export async function findByContact(tx: Transaction, fundId: string, roundId: string, contactHash: Buffer): Promise<string | null> {
  const [listed] = await tx.select({ electorId: rollEntry.electorId }).from(rollEntry)
    .where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId), eq(rollEntry.contactHash, contactHash))).limit(1);
  if (listed) return listed.electorId;
  return (await electorsOfContacts(tx, fundId, roundId, [contactHash])).get(contactHash.toString('hex')) ?? null;
}

/** Whether another account that this one's telephone number opened has a place in the round; accounts of one number wait for each other. The database holds it too. */
export async function hasSecondPlace(tx: Transaction, fundId: string, roundId: string, accountId: string): Promise<boolean> {
  const { rows: [row] } = await tx.execute<{ taken: boolean }>(sql`select has_second_place(${fundId}::uuid, ${roundId}::uuid, ${accountId}::uuid) as taken`);
  return row?.taken === true;
}

/** Whether the roll has a name for this elector. */
export async function isNamed(tx: Transaction, fundId: string, roundId: string, electorId: string): Promise<boolean> {
  const [row] = await tx.select({ electorId: rollEntry.electorId }).from(rollEntry)
    .where(and(eq(rollEntry.fundId, fundId), eq(rollEntry.roundId, roundId), eq(rollEntry.electorId, electorId)));
  return row !== undefined;
}
