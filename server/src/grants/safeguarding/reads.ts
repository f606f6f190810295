/** Reads of leads and of what waits for them. Row-level security shows disclosures to a lead's own account alone. */
import { and, asc, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { applicant, disclosure, grantRound, request, safeguardingLead } from '@commonpot/db/grants';
import { membership } from '@commonpot/db/people';
import { whyNot, whyNots } from '../decisions/reads.ts';
import type { NotYou } from '../decisions/rules.ts';
import type { Request } from '../requests/reads.ts';
import { charterOf } from '../../rounds/charter/reads.ts';

export type Lead = typeof safeguardingLead.$inferSelect;

/** The leads of now, first named first. */
export async function listLeads(tx: Transaction, fundId: string): Promise<Lead[]> {
  return tx.select().from(safeguardingLead).where(and(eq(safeguardingLead.fundId, fundId), isNotNull(safeguardingLead.agreedAt), isNull(safeguardingLead.endedAt))).orderBy(asc(safeguardingLead.id));
}

/** Who was named and not agreed to, first named first. */
export async function waitingLeads(tx: Transaction, fundId: string): Promise<Lead[]> {
  return tx.select().from(safeguardingLead).where(and(eq(safeguardingLead.fundId, fundId), isNull(safeguardingLead.agreedAt), isNull(safeguardingLead.endedAt))).orderBy(asc(safeguardingLead.id));
}

/** A member who has not left, or null. */
export async function findMember(tx: Transaction, fundId: string, id: string): Promise<{ accountId: string; name: string } | null> {
  const [row] = await tx.select({ accountId: membership.accountId, name: membership.name }).from(membership)
    .where(and(eq(membership.fundId, fundId), eq(membership.id, id), isNull(membership.endedAt)));
  return row ?? null;
}

/** A request and who asked; null when the fund has none of this id. */
export async function findAsked(tx: Transaction, fundId: string, requestId: string) {
  const [row] = await tx.select({ request, person: applicant }).from(request)
    .innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .where(and(eq(request.fundId, fundId), eq(request.id, requestId)));
  return row ?? null;
}

/** How many days the charter of a request's round keeps what is told in private. */
export async function daysKept(tx: Transaction, { fundId, grantRoundId }: typeof request.$inferSelect): Promise<number> {
  const [row] = await tx.select({ charterId: grantRound.charterId }).from(grantRound).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, grantRoundId)));
  return (await charterOf(tx, fundId, row?.charterId as string)).content.disclosureDays;
}

/** The leads of now who do not know whoever asked: not by an interest, an address, a door, nor by having brought the request. What somebody fears at home is told to nobody there. */
export async function leadsFor(tx: Transaction, of: Request, now: Date): Promise<Lead[]> {
  const free: Lead[] = [];
  for (const lead of await listLeads(tx, of.fundId)) if (isFree(await whyNot(tx, of, lead.accountId, now))) free.push(lead);
  return free;
}

const isFree = (why: NotYou | null): boolean => why === null || why === 'you-decided';

/** What waits, newest first, as this account may see it: nothing of somebody they know. */
export async function listDisclosures(tx: Transaction, fundId: string, accountId: string, now: Date) {
  await setScope(tx, { fund: fundId, account: accountId });
  const rows = await tx.select({ disclosure, request, reference: request.reference }).from(disclosure)
    .innerJoin(request, and(eq(request.fundId, disclosure.fundId), eq(request.id, disclosure.requestId)))
    .where(eq(disclosure.fundId, fundId)).orderBy(desc(disclosure.id)).limit(200);
  const known = await whyNots(tx, rows.map((row) => row.request), accountId, now);
  return rows.filter((row) => isFree(known.get(row.request.id) ?? null));
}
