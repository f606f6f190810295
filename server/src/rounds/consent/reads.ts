/** Reads of consents. The ballot's routes may call these; they write nothing. */
import { and, eq, exists, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { consent } from '@commonpot/db/consent';
import { elector, electorAccount, rollEntry } from '@commonpot/db/rounds';
import { standingOf, type ConsentState } from './rules.ts';

export interface OfRound {
  fundId: string;
  id: string;
  consentBelowAge: number | null;
}

const hasJoined = (tx: Transaction) =>
  exists(tx.select({ one: sql`1` }).from(electorAccount).where(and(eq(electorAccount.fundId, elector.fundId), eq(electorAccount.roundId, elector.roundId), eq(electorAccount.electorId, elector.id)))).mapWith(Boolean);

/** Where these electors' consents stand, by elector; `reference` and `asks` where there is something on record. */
export async function standingsOf(tx: Transaction, round: OfRound, electorIds: readonly string[], now: Date): Promise<Map<string, { state: ConsentState; reference: string | null; asks: number }>> {
  if (electorIds.length === 0) return new Map();
  const rows = await tx.select({ id: elector.id, state: consent.state, reference: consent.reference, asks: consent.asks, bornYear: rollEntry.bornYear, hasJoined: hasJoined(tx) }).from(elector)
    .leftJoin(consent, and(eq(consent.fundId, elector.fundId), eq(consent.roundId, elector.roundId), eq(consent.electorId, elector.id)))
    .leftJoin(rollEntry, and(eq(rollEntry.fundId, elector.fundId), eq(rollEntry.roundId, elector.roundId), eq(rollEntry.electorId, elector.id)))
    .where(and(eq(elector.fundId, round.fundId), eq(elector.roundId, round.id), inArray(elector.id, [...electorIds])));
  return new Map(rows.map((row) => [row.id, { state: standingOf(round.consentBelowAge, row, now), reference: row.reference, asks: row.asks ?? 0 }]));
}

/** Where one elector's consent stands. */
export async function consentOf(tx: Transaction, round: OfRound, electorId: string, now: Date) {
  if (round.consentBelowAge === null) return { state: 'not-needed' as const, reference: null, asks: 0 };
  const found = (await standingsOf(tx, round, [electorId], now)).get(electorId);
  if (!found) throw new Error('an elector of the round cannot be read');
  return found;
}

/** The elector behind a parent's link, locked; null when no link of this round has this hash. */
export async function lockByToken(tx: Transaction, round: OfRound, tokenHash: Buffer) {
  const [row] = await tx.select({ electorId: consent.electorId, state: consent.state }).from(consent)
    .where(and(eq(consent.fundId, round.fundId), eq(consent.roundId, round.id), eq(consent.tokenHash, tokenHash))).for('update');
  return row ?? null;
}

/** The elector behind a paper form's reference, or null. */
export async function findByReference(tx: Transaction, round: OfRound, reference: string): Promise<string | null> {
  const [row] = await tx.select({ electorId: consent.electorId }).from(consent)
    .where(and(eq(consent.fundId, round.fundId), eq(consent.roundId, round.id), eq(consent.reference, reference)));
  return row?.electorId ?? null;
}

/** How many consents are waited for (of those on record), given, and refused or taken back. */
export async function countConsents(tx: Transaction, round: OfRound) {
  const rows = await tx.select({ state: consent.state, n: sql<number>`count(*)`.mapWith(Number) }).from(consent)
    .where(and(eq(consent.fundId, round.fundId), eq(consent.roundId, round.id))).groupBy(consent.state);
  const of = (...states: string[]) => rows.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.n, 0);
  return { belowAge: round.consentBelowAge, needed: of('needed'), given: of('given'), refused: of('refused', 'withdrawn') };
}

/** People with a printed code of whom nothing says whether they need consent, so that nobody could let them vote. */
export async function codesOfUnknownAge(tx: Transaction, round: OfRound): Promise<number> {
  const { rows } = await tx.execute<{ n: number }>(sql`select count(*) as n from elector_code c
    left join roll_entry e on e.fund_id = c.fund_id and e.round_id = c.round_id and e.elector_id = c.elector_id
    left join consent s on s.fund_id = c.fund_id and s.round_id = c.round_id and s.elector_id = c.elector_id
    where c.fund_id = ${round.fundId}::uuid and c.round_id = ${round.id}::uuid and e.born_year is null and s.elector_id is null`);
  return rows[0]?.n ?? 0;
}
