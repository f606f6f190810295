/** Writes of the people's tables: challenges, sessions, accounts, memberships. */
import { and, count, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { account, accountBrowser, accountContact, agency, fund, host, memberInvitation, membership, session, shop, signInCard, signInChallenge, signInClaim } from '@commonpot/db/people';
import { newId } from '../platform/ids.ts';
import type { Channel } from '../platform/messages.ts';
import type { Role } from '../platform/policy.ts';
import { refuse, refuseAndKeep, Refusal } from '../platform/problems.ts';
import { sameBytes } from '../platform/secrets.ts';
import type { Language } from '../platform/words.ts';
import { BROWSER_DAYS, CARD_DAYS, CODE_MINUTES, CODE_TRIES, CODES_PER_ADDRESS_PER_HOUR, CODES_PER_ASKER_PER_HOUR, mayHaveCard, SESSION_DAYS } from './rules.ts';

const after = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000);

export interface NewChallenge {
  browserHash: Buffer;
  channel: Channel;
  contactHash: Buffer;
  codeHash: Buffer;
  /** The network that asks. */
  askerHash: Buffer;
  language: Language;
  /** Whose account the address is added to; null for signing in. */
  accountId: string | null;
}

/**
 * Stores a code that is about to be sent, within the budgets per asker and address, per address, and in all. A browser that
 * has signed in with the address is not kept waiting by what strangers asked for.
 */
export async function createChallenge(tx: Transaction, given: NewChallenge, codesPerHour: number, now: Date): Promise<Date | Refusal> {
  const hourAgo = after(now, -60);
  // One at a time, so that many asks at once cannot each find the budget unspent.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('people.codes'))`);
  const isTheirs = await speaksForContact(tx, given.browserHash, given.contactHash, now);
  const [budget] = await tx.select({
    all: count(),
    forAddress: sql<number>`count(*) filter (where ${signInChallenge.contactHash} = ${given.contactHash})`.mapWith(Number),
    fromAsker: sql<number>`count(*) filter (where ${signInChallenge.contactHash} = ${given.contactHash} and ${signInChallenge.askerHash} = ${given.askerHash} and (${signInChallenge.browserHash} = ${given.browserHash} or not ${isTheirs}))`.mapWith(Number),
  }).from(signInChallenge).where(gt(signInChallenge.askedAt, hourAgo));
  if ((budget?.fromAsker ?? 0) >= CODES_PER_ASKER_PER_HOUR || (!isTheirs && (budget?.forAddress ?? 0) >= CODES_PER_ADDRESS_PER_HOUR)) return refuse('too-many-codes');
  if ((budget?.all ?? 0) >= codesPerHour) return refuse('codes-exhausted');
  const expiresAt = after(now, CODE_MINUTES);
  await tx.insert(signInChallenge).values({ id: newId(), ...given, askedAt: now, expiresAt });
  return expiresAt;
}

async function speaksForContact(tx: Transaction, browserHash: Buffer, contactHash: Buffer, now: Date): Promise<boolean> {
  await setScope(tx, { contact: contactHash });
  const [known] = await tx.select({ accountId: accountBrowser.accountId }).from(accountBrowser)
    .innerJoin(accountContact, and(eq(accountContact.accountId, accountBrowser.accountId), eq(accountContact.contactHash, contactHash)))
    .where(and(eq(accountBrowser.browserHash, browserHash), gt(accountBrowser.seenAt, after(now, -BROWSER_DAYS * 24 * 60)))).limit(1);
  return known !== undefined;
}

/** A code came back: who may be behind it. */
export interface Redeemed {
  channel: Channel;
  contactHash: Buffer;
  language: Language | null;
}

/** Uses up the newest open challenge of this browser, for signing in or for adding an address to `accountId`. A wrong code is counted, and the count is kept. */
export async function redeemChallenge(tx: Transaction, browserHash: Buffer, hashOf: (contactHash: Buffer) => Buffer, accountId: string | null, now: Date): Promise<Redeemed | Refusal> {
  const [challenge] = await tx.select().from(signInChallenge)
    .where(and(eq(signInChallenge.browserHash, browserHash), isNull(signInChallenge.usedAt), gt(signInChallenge.expiresAt, now),
      accountId ? eq(signInChallenge.accountId, accountId) : isNull(signInChallenge.accountId)))
    .orderBy(desc(signInChallenge.askedAt), desc(signInChallenge.id)).limit(1).for('update');
  if (!challenge) return refuse('wrong-code', { triesLeft: 0 });
  if (challenge.tries >= CODE_TRIES) return refuse('wrong-code', { triesLeft: 0 });
  if (!sameBytes(challenge.codeHash, hashOf(challenge.contactHash))) {
    await tx.update(signInChallenge).set({ tries: challenge.tries + 1 }).where(eq(signInChallenge.id, challenge.id));
    return refuseAndKeep('wrong-code', { triesLeft: CODE_TRIES - challenge.tries - 1 });
  }
  await tx.update(signInChallenge).set({ usedAt: now }).where(eq(signInChallenge.id, challenge.id));
  return { channel: challenge.channel, contactHash: challenge.contactHash, language: challenge.language };
}

/** Forgets challenges of yesterday, claims and sessions that are over, and browsers that speak for nobody any more. */
export async function tidy(tx: Transaction, now: Date): Promise<void> {
  await tx.delete(signInChallenge).where(lt(signInChallenge.expiresAt, after(now, -24 * 60)));
  await tx.delete(signInClaim).where(lt(signInClaim.expiresAt, after(now, -24 * 60)));
  await tx.delete(accountBrowser).where(lt(accountBrowser.seenAt, after(now, -BROWSER_DAYS * 24 * 60)));
  await tx.delete(session).where(lt(session.expiresAt, after(now, -24 * 60)));
}

/** Uses up a printed one-time code; the answer is its account's id. */
export async function redeemCard(tx: Transaction, codeHash: Buffer, now: Date): Promise<string | Refusal> {
  const [used] = await tx.update(signInCard).set({ usedAt: now })
    .where(and(eq(signInCard.codeHash, codeHash), isNull(signInCard.usedAt), gt(signInCard.expiresAt, now)))
    .returning({ accountId: signInCard.accountId });
  return used?.accountId ?? refuse('wrong-code');
}

/** Keeps a new one-time code of an account, and takes the ones before out of use. */
export async function createCard(tx: Transaction, codeHash: Buffer, accountId: string, now: Date): Promise<void> {
  await tx.update(signInCard).set({ usedAt: now }).where(and(eq(signInCard.accountId, accountId), isNull(signInCard.usedAt)));
  await tx.insert(signInCard).values({ codeHash, accountId, expiresAt: after(now, CARD_DAYS * 24 * 60) });
}

/**
 * The account of a member who may be given a new printed code: in a role that may have one, without an address, and
 * known in this fund only, so that no administrator can sign in as somebody of another fund.
 */
export async function accountForCard(tx: Transaction, fundId: string, memberId: string): Promise<string | Refusal> {
  const [member] = await tx.select({ accountId: membership.accountId, role: membership.role }).from(membership)
    .where(and(eq(membership.fundId, fundId), eq(membership.id, memberId), isNull(membership.endedAt)));
  if (!member) return refuse('not-found');
  await setScope(tx, { fund: fundId, account: member.accountId });
  const everywhere = await tx.select({ fundId: membership.fundId, role: membership.role }).from(membership).where(eq(membership.accountId, member.accountId));
  if (everywhere.some((each) => each.fundId !== fundId || !mayHaveCard(each.role))) return refuse('card-not-for-role');
  const [contact] = await tx.select({ accountId: accountContact.accountId }).from(accountContact).where(eq(accountContact.accountId, member.accountId));
  return contact ? refuse('has-address') : member.accountId;
}

/** The account behind an address, made when there is none. Leaves the transaction scoped to `fundId` and the address. */
export async function findOrCreateAccount(tx: Transaction, channel: Channel, contactHash: Buffer, fundId: string | undefined, now: Date): Promise<string> {
  await setScope(tx, { contact: contactHash, fund: fundId });
  const byContact = and(eq(accountContact.channel, channel), eq(accountContact.contactHash, contactHash));
  const [known] = await tx.select({ accountId: accountContact.accountId }).from(accountContact).where(byContact);
  if (known) return known.accountId;
  const accountId = await createAccount(tx, now);
  const [mine] = await tx.insert(accountContact).values({ channel, contactHash, accountId, createdAt: now }).onConflictDoNothing().returning({ accountId: accountContact.accountId });
  if (mine) return mine.accountId;
  const [other] = await tx.select({ accountId: accountContact.accountId }).from(accountContact).where(byContact);
  if (!other) throw new Error('an address is taken and cannot be read');
  return other.accountId;
}

/** A new account without any address; it signs in with a printed code. */
export async function createAccount(tx: Transaction, now: Date): Promise<string> {
  const id = newId();
  await tx.insert(account).values({ id, createdAt: now });
  return id;
}

export type SessionOf = { accountId: string } | { fundId: string; roundId: string; electorId: string };

const HOUR = 3_600_000;

/**
 * Opens a session and answers its id and end. An elector's session keeps whole hours only, and lasts up to one longer:
 * the minute of a sign-in with a printed code is all but the minute of a ballot.
 */
export async function createSession(tx: Transaction, of: SessionOf, minutes: number, now: Date): Promise<{ id: string; expiresAt: Date }> {
  const end = after(now, minutes);
  const times = 'electorId' in of
    ? { createdAt: new Date(Math.floor(now.getTime() / HOUR) * HOUR), expiresAt: new Date(Math.ceil(end.getTime() / HOUR) * HOUR) }
    : { createdAt: now, expiresAt: end };
  const row = { id: crypto.randomUUID(), ...of, ...times };
  await tx.insert(session).values(row);
  return { id: row.id, expiresAt: row.expiresAt };
}

export const ACCOUNT_SESSION_MINUTES = SESSION_DAYS * 24 * 60;

export async function endSession(tx: Transaction, sessionId: string, now: Date): Promise<void> {
  await tx.update(session).set({ endedAt: now }).where(and(eq(session.id, sessionId), isNull(session.endedAt)));
}

/** Ends every session that a printed code opened for these electors. */
export async function endSessionsOfElectors(tx: Transaction, of: { fundId: string; roundId: string; electorIds: readonly string[] }, now: Date): Promise<void> {
  await tx.update(session).set({ endedAt: now })
    .where(and(eq(session.fundId, of.fundId), eq(session.roundId, of.roundId), inArray(session.electorId, [...of.electorIds]), isNull(session.endedAt)));
}

export async function setContactWish(tx: Transaction, accountId: string, contactWish: 'any' | 'codes-only' | 'none'): Promise<void> {
  await setScope(tx, { account: accountId });
  await tx.update(account).set({ contactWish }).where(eq(account.id, accountId));
}

export interface NewMember {
  accountId: string;
  role: Role;
  name: string;
  /** The agency or shop; only for officers and shops. */
  organisation?: string | undefined;
}

/**
 * Makes an account a member; its agency or shop is found by name or made. Whoever stands in a shop, or speaks for an agency, does
 * so for one of a fund. Refuses `already-exists`, `acts-for-another`.
 */
export async function createMembership(tx: Transaction, fundId: string, given: NewMember, now: Date): Promise<string | Refusal> {
  if (given.role === 'officer' || given.role === 'shop') {
    // Two invitations at once wait for each other.
    await tx.select({ id: account.id }).from(account).where(eq(account.id, given.accountId)).for('update');
    const [other] = await tx.select({ name: sql<string>`coalesce(${agency.name}, ${shop.name})` }).from(membership)
      .leftJoin(agency, and(eq(agency.fundId, membership.fundId), eq(agency.id, membership.agencyId))).leftJoin(shop, and(eq(shop.fundId, membership.fundId), eq(shop.id, membership.shopId)))
      .where(and(eq(membership.fundId, fundId), eq(membership.accountId, given.accountId), eq(membership.role, given.role), isNull(membership.endedAt)));
    if (other && other.name !== (given.organisation ?? given.name)) return refuse('acts-for-another');
  }
  const agencyId = given.role === 'officer' ? await findOrCreateOrganisation(tx, agency, fundId, given.organisation ?? given.name, now) : null;
  const shopId = given.role === 'shop' ? await findOrCreateOrganisation(tx, shop, fundId, given.organisation ?? given.name, now) : null;
  const [row] = await tx.insert(membership)
    .values({ fundId, id: newId(), accountId: given.accountId, role: given.role, name: given.name, agencyId, shopId, createdAt: now })
    .onConflictDoNothing().returning({ id: membership.id });
  return row?.id ?? refuse('already-exists');
}

/** Keeps an invitation to a role that is a second pair of eyes, until another administrator agrees. Refuses `already-exists`. */
export async function keepInvitation(tx: Transaction, fundId: string, given: NewMember & { role: 'administrator' | 'officer'; actorId: string }, now: Date): Promise<string | Refusal> {
  const { accountId, role, name, organisation, actorId } = given;
  if ((await tx.$count(membership, and(eq(membership.fundId, fundId), eq(membership.accountId, accountId), eq(membership.role, role), isNull(membership.endedAt)))) > 0) return refuse('already-exists');
  const [row] = await tx.insert(memberInvitation)
    .values({ fundId, id: newId(), accountId, role, name, organisation: organisation ?? null, invitedBy: actorId, invitedAt: now })
    .onConflictDoNothing().returning({ id: memberInvitation.id });
  return row?.id ?? refuse('already-exists');
}

/**
 * Makes the invited a member, once somebody agrees who neither invited nor was invited; or drops the invitation. The answer is the new
 * membership, null where it was dropped. Refuses `not-found`, `already-decided`, `same-person` and what `createMembership` refuses.
 */
export async function settleInvitation(tx: Transaction, given: { fundId: string; invitationId: string; agree: boolean; actorId: string }, now: Date): Promise<{ memberId: string | null; role: Role } | Refusal> {
  const { fundId, invitationId, agree, actorId } = given;
  const mine = and(eq(memberInvitation.fundId, fundId), eq(memberInvitation.id, invitationId));
  const [row] = await tx.select().from(memberInvitation).where(mine).for('update');
  if (!row) return refuse('not-found');
  if (row.settledAt) return refuse('already-decided');
  if (agree && (row.invitedBy === actorId || row.accountId === actorId)) return refuse('same-person');
  await tx.update(memberInvitation).set({ [agree ? 'agreedBy' : 'droppedBy']: actorId, settledAt: now }).where(mine);
  if (!agree) return { memberId: null, role: row.role };
  const { accountId, role, name, organisation } = row;
  const memberId = await createMembership(tx, fundId, { accountId, role, name, organisation: organisation ?? undefined }, now);
  return memberId instanceof Refusal ? memberId : { memberId, role };
}

async function findOrCreateOrganisation(tx: Transaction, table: typeof agency | typeof shop, fundId: string, name: string, now: Date): Promise<string> {
  await tx.insert(table).values({ fundId, id: newId(), name, createdAt: now }).onConflictDoNothing();
  const [row] = await tx.select({ id: table.id }).from(table).where(and(eq(table.fundId, fundId), eq(table.name, name)));
  if (!row) throw new Error('an organisation was made and cannot be read');
  return row.id;
}

/** Ends a membership; the answer says whether there was one to end. */
export async function endMembership(tx: Transaction, fundId: string, memberId: string, now: Date): Promise<boolean> {
  const ended = await tx.update(membership).set({ endedAt: now })
    .where(and(eq(membership.fundId, fundId), eq(membership.id, memberId), isNull(membership.endedAt))).returning({ id: membership.id });
  return ended.length === 1;
}

export interface NewFund {
  /** The organisation that legally holds the money. */
  host: string;
  slug: string;
  name: string;
  purpose: string;
  currency: string;
  language: string;
  timeZone: string;
}

/** Makes a fund and its host: an operator's act. Leaves the transaction scoped to the new fund and answers its id. */
export async function createFund(tx: Transaction, given: NewFund, now: Date): Promise<string> {
  const [hostId, fundId] = [newId(), newId()];
  const { host: hostName, ...rest } = given;
  await setScope(tx, { fund: fundId });
  await tx.insert(host).values({ id: hostId, name: hostName, createdAt: now });
  await tx.insert(fund).values({ id: fundId, hostId, ...rest, createdAt: now });
  return fundId;
}
