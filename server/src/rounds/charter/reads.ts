/** Reads of charters and of what is stated about pots. */
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { charter, charterDraft, potStatement } from '@commonpot/db/charter';
import { pot } from '@commonpot/db/money';
import { agency, membership } from '@commonpot/db/people';
import { charterSchema, type Charter } from './rules.ts';

export interface CharterVersion {
  id: string;
  version: number;
  content: Charter;
  digest: Buffer;
  /** The account. */
  publishedBy: string;
}

/** A version of the charter, the newest when none is named; null when there is none. */
export async function findCharter(tx: Transaction, fundId: string, version?: number): Promise<CharterVersion | null> {
  const [row] = await tx.select().from(charter).where(and(eq(charter.fundId, fundId), version === undefined ? undefined : eq(charter.version, version)))
    .orderBy(desc(charter.version)).limit(1);
  return row ? { ...row, content: charterSchema.parse(row.content) } : null;
}

/** The version a round keeps. */
export async function charterOf(tx: Transaction, fundId: string, charterId: string): Promise<CharterVersion> {
  const [row] = await tx.select().from(charter).where(and(eq(charter.fundId, fundId), eq(charter.id, charterId)));
  if (!row) throw new Error('a round without its charter');
  return { ...row, content: charterSchema.parse(row.content) };
}

/** Every version, newest first, with the name of who published it. */
export async function listVersions(tx: Transaction, fundId: string) {
  const rows = await tx.selectDistinctOn([charter.version], { version: charter.version, content: charter.content, note: charter.note, publishedAt: charter.publishedAt, publishedBy: membership.name })
    .from(charter).leftJoin(membership, and(eq(membership.fundId, charter.fundId), eq(membership.accountId, charter.publishedBy), eq(membership.role, 'administrator')))
    .where(eq(charter.fundId, fundId)).orderBy(desc(charter.version), desc(membership.id));
  return rows.map((row) => ({ ...row, content: charterSchema.parse(row.content), publishedBy: row.publishedBy ?? '' }));
}

/** The newest statement of each pot that has one. */
export async function listStatements(tx: Transaction, fundId: string) {
  return tx.selectDistinctOn([potStatement.potId], {
    pot: potStatement.potId, potName: pot.name, publicFunds: potStatement.publicFunds, benefits: potStatement.benefits, adviser: potStatement.adviser, checkedOn: potStatement.checkedOn,
  }).from(potStatement).innerJoin(pot, and(eq(pot.fundId, potStatement.fundId), eq(pot.id, potStatement.potId)))
    .where(eq(potStatement.fundId, fundId)).orderBy(potStatement.potId, desc(potStatement.id));
}

/** What an administrator is writing; null when they are writing nothing. */
export async function findDraft(tx: Transaction, fundId: string, accountId: string): Promise<{ content: Charter; after: number | null; changedAt: Date } | null> {
  const [row] = await tx.select().from(charterDraft).where(and(eq(charterDraft.fundId, fundId), eq(charterDraft.accountId, accountId)));
  return row ? { content: charterSchema.parse(row.content), after: row.afterVersion, changedAt: row.changedAt } : null;
}

/** The agencies that somebody speaks for in this fund, by name. */
export async function listAgencies(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.selectDistinct({ name: agency.name }).from(agency)
    .innerJoin(membership, and(eq(membership.fundId, agency.fundId), eq(membership.agencyId, agency.id), eq(membership.role, 'officer'), isNull(membership.endedAt)))
    .where(eq(agency.fundId, fundId)).orderBy(asc(agency.name));
  return rows.map((row) => row.name);
}
