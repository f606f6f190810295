/** Reads of awards. */
import { and, asc, desc, eq, lt } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { ledgerLevel } from '@commonpot/db/money';
import { round } from '@commonpot/db/rounds';

const shown = { award, heldMinor: ledgerLevel.balanceMinor, roundSlug: round.slug, roundTitle: round.title };
const held = and(eq(ledgerLevel.fundId, award.fundId), eq(ledgerLevel.accountId, award.reservationId));
const ofRound = and(eq(round.fundId, award.fundId), eq(round.id, award.roundId));

/** What the projects of a round were awarded, in the order of awarding. */
export async function projectAwards(tx: Transaction, fundId: string, roundId: string) {
  return tx.select().from(award).where(and(eq(award.fundId, fundId), eq(award.roundId, roundId), eq(award.subjectKind, 'project'))).orderBy(asc(award.id));
}

/** Awards of a fund, newest first; one more than `limit` says that there is another page. */
export async function listAwards(tx: Transaction, fundId: string, limit: number, cursor: string | undefined) {
  return tx.select(shown).from(award).innerJoin(ledgerLevel, held).innerJoin(round, ofRound)
    .where(and(eq(award.fundId, fundId), cursor ? lt(award.id, cursor) : undefined)).orderBy(desc(award.id)).limit(limit + 1);
}

export async function readAward(tx: Transaction, fundId: string, awardId: string) {
  const [row] = await tx.select(shown).from(award).innerJoin(ledgerLevel, held).innerJoin(round, ofRound).where(and(eq(award.fundId, fundId), eq(award.id, awardId)));
  return row ?? null;
}
