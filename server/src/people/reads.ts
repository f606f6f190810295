/** Reads of the people's tables. */
import { and, desc, eq, isNull, lt, ne, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { account, accountContact, agency, fund, host, memberInvitation, membership, numberHolder, session, shop } from '@commonpot/db/people';
import type { FundScope, Membership } from '../platform/actor.ts';
import { readLanguage, type Language } from '../platform/words.ts';

/** Finds a fund by its slug. What names a fund never changes, so each is read once a process. */
export function makeFundFinder(): (tx: Transaction, slug: string) => Promise<FundScope | null> {
  const known = new Map<string, FundScope>();
  return async (tx, slug) => {
    const found = known.get(slug);
    if (found) return found;
    const [row] = await tx.select({ id: fund.id, slug: fund.slug, currency: fund.currency }).from(fund).where(eq(fund.slug, slug));
    if (row) known.set(slug, row);
    return row ?? null;
  };
}

/** A session that is neither ended nor over; scopes the transaction to `fundId` in the same statement, found or not. */
export async function findSession(tx: Transaction, sessionId: string, fundId: string | null, now: Date) {
  const { id, accountId, fundId: ofFund, roundId, electorId, expiresAt, endedAt } = session;
  const [row] = await tx.select({ scope: sql`set_config('commonpot.fund', ${sql.placeholder('fund')}, true)`, id, accountId, fundId: ofFund, roundId, electorId, expiresAt, endedAt })
    .from(sql`(values (1)) as one`).leftJoin(session, eq(id, sql.placeholder('id'))).prepare('session-in-scope').execute({ fund: fundId ?? '', id: sessionId });
  if (!row?.id || row.endedAt || !row.expiresAt || row.expiresAt <= now) return null;
  const { scope: _, ...found } = row;
  return { ...found, id: row.id, expiresAt: row.expiresAt };
}

/** The account behind an address, or null. Leaves the transaction scoped to `fundId` and the address. */
export async function accountOfContact(tx: Transaction, fundId: string, contactHash: Buffer): Promise<string | null> {
  await setScope(tx, { fund: fundId, contact: contactHash });
  const [row] = await tx.select({ accountId: accountContact.accountId }).from(accountContact).where(eq(accountContact.contactHash, contactHash));
  return row?.accountId ?? null;
}

/** The accounts that an address opens or, a number that changed hands, opened; the one it opens now first. Leaves the transaction scoped to `fundId` and the address. */
export async function accountsOfContact(tx: Transaction, fundId: string, contactHash: Buffer): Promise<string[]> {
  const now = await accountOfContact(tx, fundId, contactHash);
  const before = await tx.select({ accountId: numberHolder.accountId }).from(numberHolder).where(eq(numberHolder.contactHash, contactHash)).orderBy(desc(numberHolder.since));
  return [...new Set([...(now ? [now] : []), ...before.map((each) => each.accountId)])];
}

/** What an account is in the fund the transaction is scoped to. */
export async function membershipsOf(tx: Transaction, accountId: string, fundId: string): Promise<Membership[]> {
  return tx.select({ id: membership.id, role: membership.role, name: membership.name, agencyId: membership.agencyId, shopId: membership.shopId })
    .from(membership).where(and(eq(membership.accountId, accountId), eq(membership.fundId, fundId), isNull(membership.endedAt)));
}

/** What an account is in every fund. Organisations belong to their funds, so each is read within its own. */
export async function membershipsEverywhere(tx: Transaction, accountId: string) {
  await setScope(tx, { account: accountId });
  const rows = await tx.select({ fundId: membership.fundId, slug: fund.slug, fundName: fund.name, role: membership.role, name: membership.name, agencyId: membership.agencyId, shopId: membership.shopId })
    .from(membership).innerJoin(fund, eq(fund.id, membership.fundId))
    .where(and(eq(membership.accountId, accountId), isNull(membership.endedAt))).orderBy(fund.name, membership.role);
  const answer = [];
  for (const row of rows) {
    await setScope(tx, { account: accountId, fund: row.fundId });
    answer.push({ fund: { slug: row.slug, name: row.fundName }, role: row.role, name: row.name, organisation: await organisationName(tx, row) });
  }
  return answer;
}

async function organisationName(tx: Transaction, of: { agencyId: string | null; shopId: string | null }): Promise<string | null> {
  const table = of.agencyId ? agency : shop;
  const id = of.agencyId ?? of.shopId;
  if (!id) return null;
  const [row] = await tx.select({ name: table.name }).from(table).where(eq(table.id, id));
  return row?.name ?? null;
}

/** Whether an account has an address; reads within the account's own scope and leaves the transaction in it, beside `fundId`'s. */
export async function hasAddress(tx: Transaction, accountId: string, fundId: string): Promise<boolean> {
  await setScope(tx, { account: accountId, fund: fundId });
  return (await tx.$count(accountContact, eq(accountContact.accountId, accountId))) > 0;
}

export async function contactWishOf(tx: Transaction, accountId: string) {
  await setScope(tx, { account: accountId });
  const [row] = await tx.select({ contactWish: account.contactWish }).from(account).where(eq(account.id, accountId));
  return row?.contactWish ?? null;
}

/** The language a person reads: the one they chose by asking in it, else their fund's. Leaves the transaction scoped to the account and the fund. */
export async function languageFor(tx: Transaction, accountId: string, fundId: string): Promise<Language> {
  await setScope(tx, { account: accountId, fund: fundId });
  const [chosen] = await tx.select({ language: account.language }).from(account).where(eq(account.id, accountId));
  if (chosen?.language) return chosen.language;
  const [spoken] = await tx.select({ language: fund.language }).from(fund).where(eq(fund.id, fundId));
  return readLanguage(spoken?.language) ?? 'en';
}

export async function listFunds(tx: Transaction) {
  return tx.select({ slug: fund.slug, name: fund.name, purpose: fund.purpose, host: host.name })
    .from(fund).innerJoin(host, eq(host.id, fund.hostId)).orderBy(fund.name).limit(200);
}

/** Every fund of this deployment, for a job that looks into each. */
export async function listFundIds(tx: Transaction): Promise<string[]> {
  return (await tx.select({ id: fund.id }).from(fund).orderBy(fund.id)).map((row) => row.id);
}

/** The time zone in which a fund's days begin and end. */
export async function timeZoneOf(tx: Transaction, fundId: string): Promise<string> {
  const [row] = await tx.select({ timeZone: fund.timeZone }).from(fund).where(eq(fund.id, fundId));
  if (!row) throw new Error('a fund in scope cannot be read');
  return row.timeZone;
}

export async function readFund(tx: Transaction, fundId: string) {
  const [row] = await tx.select({ slug: fund.slug, name: fund.name, purpose: fund.purpose, host: host.name, currency: fund.currency, language: fund.language, timeZone: fund.timeZone })
    .from(fund).innerJoin(host, eq(host.id, fund.hostId)).where(eq(fund.id, fundId));
  if (!row) throw new Error('a fund in scope cannot be read');
  return row;
}

/** Members, newest first; `cursor` is the last id of the page before. */
export async function listMembers(tx: Transaction, fundId: string, limit: number, cursor: string | undefined) {
  return tx.select({ id: membership.id, accountId: membership.accountId, role: membership.role, name: membership.name, agency: agency.name, shop: shop.name, since: membership.createdAt })
    .from(membership)
    .leftJoin(agency, and(eq(agency.fundId, membership.fundId), eq(agency.id, membership.agencyId)))
    .leftJoin(shop, and(eq(shop.fundId, membership.fundId), eq(shop.id, membership.shopId)))
    .where(and(eq(membership.fundId, fundId), isNull(membership.endedAt), cursor ? lt(membership.id, cursor) : undefined))
    .orderBy(desc(membership.id)).limit(limit + 1);
}

/** Whether anybody else was ever an administrator of a fund. Whoever is left alone may not choose their second person alone either. */
export async function hadAnotherAdministrator(tx: Transaction, fundId: string, accountId: string): Promise<boolean> {
  return (await tx.$count(membership, and(eq(membership.fundId, fundId), eq(membership.role, 'administrator'), ne(membership.accountId, accountId)))) > 0;
}

/** Invitations that wait for a second administrator, the oldest first, each with who made it. */
export async function openInvitations(tx: Transaction, fundId: string) {
  const inviter = sql<string>`(select m.name from ${membership} m where m.fund_id = ${memberInvitation.fundId} and m.account_id = ${memberInvitation.invitedBy} and m.role = 'administrator' order by m.id desc limit 1)`;
  return tx.select({ invitation: memberInvitation, inviter }).from(memberInvitation)
    .where(and(eq(memberInvitation.fundId, fundId), isNull(memberInvitation.settledAt))).orderBy(memberInvitation.id).limit(100);
}
