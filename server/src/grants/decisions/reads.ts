/** Reads for those who decide. */
import { and, asc, count, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { applicant, deciderInterest, request, requestDecision } from '@commonpot/db/grants';
import { accountContact, membership } from '@commonpot/db/people';
import type { Request } from '../requests/reads.ts';
import { WAITING } from '../requests/rules.ts';

/** Requests that wait, oldest first; one more than `limit` says that there is another page. */
export async function waitingRequests(tx: Transaction, fundId: string, grantRoundId: string, given: { limit: number; after: string | undefined }) {
  const helper = tx.select({ accountId: membership.accountId, name: sql<string>`min(${membership.name})`.as('name') }).from(membership).where(eq(membership.fundId, fundId)).groupBy(membership.accountId).as('helper');
  return tx.select({ request, person: applicant, helperName: helper.name }).from(request)
    .innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .leftJoin(helper, eq(helper.accountId, request.helperAccountId))
    .where(and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId), inArray(request.state, [...WAITING]), given.after ? gt(request.id, given.after) : undefined))
    .orderBy(asc(request.id)).limit(given.limit + 1);
}

/** How many others at this door have asked; people who stand apart are neither counted nor counted for. */
export async function othersAtDoor(tx: Transaction, person: typeof applicant.$inferSelect): Promise<number> {
  if (!person.householdHash || person.standsApart) return 0;
  return tx.$count(applicant, and(eq(applicant.fundId, person.fundId), eq(applicant.householdHash, person.householdHash), ne(applicant.id, person.id), eq(applicant.standsApart, false)));
}

/** How many requests somebody has brought. */
export async function broughtBy(tx: Transaction, fundId: string, accountId: string): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(request).where(and(eq(request.fundId, fundId), eq(request.helperAccountId, accountId)));
  return row?.count ?? 0;
}

/** Why an account must not decide a request, or null. Reads within the account's own scope, beside the fund's. */
export async function whyNot(tx: Transaction, of: Pick<Request, 'fundId' | 'id' | 'applicantId' | 'helperAccountId'>, accountId: string): Promise<'you-decided' | 'your-interest' | 'you-helped' | 'your-own' | null> {
  await setScope(tx, { fund: of.fundId, account: accountId });
  if (of.helperAccountId === accountId) return 'you-helped';
  const [interest] = await tx.select({ id: deciderInterest.id }).from(deciderInterest)
    .where(and(eq(deciderInterest.fundId, of.fundId), eq(deciderInterest.accountId, accountId), eq(deciderInterest.applicantId, of.applicantId)));
  if (interest) return 'your-interest';
  const [own] = await tx.select({ id: applicant.id }).from(applicant).innerJoin(accountContact, and(eq(accountContact.contactHash, applicant.contactHash), eq(accountContact.accountId, accountId)))
    .where(and(eq(applicant.fundId, of.fundId), eq(applicant.id, of.applicantId)));
  if (own) return 'your-own';
  const [decided] = await tx.select({ id: requestDecision.id }).from(requestDecision)
    .where(and(eq(requestDecision.fundId, of.fundId), eq(requestDecision.requestId, of.id), eq(requestDecision.accountId, accountId)));
  return decided ? 'you-decided' : null;
}
