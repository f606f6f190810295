/**
 * Telephone numbers change hands. Which account a proved number opens, and what more it takes: docs/decisions/changed-numbers.md.
 * Everything here that decides over a number waits for others that do.
 */
import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { account, accountBrowser, accountContact, membership, numberHolder, recoveryCode, signInClaim } from '@commonpot/db/people';
import { newId } from '../platform/ids.ts';
import { refuse, type Refusal } from '../platform/problems.ts';
import type { Language } from '../platform/words.ts';
import { BROWSER_DAYS, CARD_DAYS, CLAIM_MINUTES, isSilent, touchesMoney } from './rules.ts';
import { createAccount, type Redeemed } from './writes.ts';

const minutes = (now: Date, count: number) => new Date(now.getTime() + count * 60_000);
const isNumber = (contactHash: Buffer) => and(eq(accountContact.channel, 'sms'), eq(accountContact.contactHash, contactHash));

/** Waits for others that decide over this number, and scopes the transaction to it. */
async function takeNumber(tx: Transaction, contactHash: Buffer): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`number:${contactHash.toString('hex')}`}, 0))`);
  await setScope(tx, { contact: contactHash });
}

/** Who a number opens now, and who it opened before, the last one first. Needs the number's scope. */
async function holdersOf(tx: Transaction, contactHash: Buffer) {
  const [holder] = await tx.select({ accountId: accountContact.accountId, provedAt: accountContact.provedAt, createdAt: accountContact.createdAt }).from(accountContact).where(isNumber(contactHash));
  const former = await tx.select({ accountId: numberHolder.accountId }).from(numberHolder)
    .where(and(eq(numberHolder.contactHash, contactHash), holder ? ne(numberHolder.accountId, holder.accountId) : undefined)).orderBy(desc(numberHolder.since), desc(numberHolder.accountId));
  return { holder, all: [...(holder ? [holder.accountId] : []), ...former.map((each) => each.accountId)] };
}

/**
 * The account that a proved number opens in this browser; null when the number alone does not say whose it is, and a claim must be settled.
 * With `isNewHere` it is a new account, whoever the number opened before.
 */
export async function openByNumber(tx: Transaction, given: { contactHash: Buffer; browserHash: Buffer; isNewHere: boolean; now: Date }): Promise<string | null> {
  const { contactHash, browserHash, isNewHere, now } = given;
  await takeNumber(tx, contactHash);
  const { holder, all } = await holdersOf(tx, contactHash);
  if (isNewHere) return openNew(tx, contactHash, browserHash, now);
  for (const accountId of all) {
    if (await speaksFor(tx, browserHash, accountId, now)) return giveNumber(tx, contactHash, accountId, now);
  }
  if (!holder || isSilent(holder, now)) return null;
  const isFirst = holder.provedAt === null && now.getTime() - holder.createdAt.getTime() < CARD_DAYS * 86_400_000;
  return isFirst || !(await hasMoneyRole(tx, holder.accountId)) ? giveNumber(tx, contactHash, holder.accountId, now) : null;
}

/**
 * A new account for somebody who is invited by a number that was silent for long: whoever it opened before gets no role that was meant for
 * its new owner. Null where the number's account is the one to invite. Leaves the transaction scoped to `fundId` and the number.
 */
export async function accountForInvitation(tx: Transaction, contactHash: Buffer, fundId: string, now: Date): Promise<string | null> {
  await takeNumber(tx, contactHash);
  const { holder } = await holdersOf(tx, contactHash);
  const accountId = holder && isSilent(holder, now) ? await giveNumber(tx, contactHash, await createAccount(tx, now), null, now) : null;
  await setScope(tx, { fund: fundId, contact: contactHash });
  return accountId;
}

/** A new account for a number; whoever it opened before keeps all but the number. */
async function openNew(tx: Transaction, contactHash: Buffer, browserHash: Buffer, now: Date): Promise<string> {
  await setScope(tx, { contact: contactHash });
  const { all } = await holdersOf(tx, contactHash);
  // Who signed in to somebody else's account by mistake is not known there by their browser.
  for (const accountId of all) await forgetBrowser(tx, browserHash, accountId);
  return giveNumber(tx, contactHash, await createAccount(tx, now), now);
}

/** Lets a number open this account, and answers it; `provedAt` is null where nobody has proved the number yet. From its second account on, a number's accounts are written down. */
async function giveNumber(tx: Transaction, contactHash: Buffer, accountId: string, provedAt: Date | null, now = provedAt as Date): Promise<string> {
  await setScope(tx, { contact: contactHash });
  const { holder } = await holdersOf(tx, contactHash);
  if (!holder) {
    await tx.insert(accountContact).values({ channel: 'sms', contactHash, accountId, createdAt: now, provedAt });
  } else if (holder.accountId === accountId) {
    await tx.update(accountContact).set({ provedAt }).where(isNumber(contactHash));
  } else {
    await tx.insert(numberHolder).values([holder.accountId, accountId].map((each) => ({ contactHash, accountId: each, since: now }))).onConflictDoNothing();
    await tx.update(accountContact).set({ accountId, createdAt: now, provedAt }).where(isNumber(contactHash));
  }
  return accountId;
}

async function hasMoneyRole(tx: Transaction, accountId: string): Promise<boolean> {
  await setScope(tx, { account: accountId });
  const roles = await tx.select({ role: membership.role }).from(membership).where(and(eq(membership.accountId, accountId), isNull(membership.endedAt)));
  return roles.some((each) => touchesMoney(each.role));
}

/** Whether this browser signed in to the account lately and did not sign out. */
async function speaksFor(tx: Transaction, browserHash: Buffer, accountId: string, now: Date): Promise<boolean> {
  return (await tx.$count(accountBrowser, and(eq(accountBrowser.browserHash, browserHash), eq(accountBrowser.accountId, accountId), gt(accountBrowser.seenAt, minutes(now, -BROWSER_DAYS * 24 * 60))))) > 0;
}

/** What a sign-in leaves behind: this browser speaks for the account, and its language is the account's. */
export async function remember(tx: Transaction, given: { accountId: string; browserHash: Buffer | null; language: Language | null; now: Date }): Promise<void> {
  const { accountId, browserHash, language, now } = given;
  if (browserHash) {
    await tx.insert(accountBrowser).values({ browserHash, accountId, seenAt: now }).onConflictDoUpdate({ target: [accountBrowser.browserHash, accountBrowser.accountId], set: { seenAt: now } });
  }
  if (!language) return;
  await setScope(tx, { account: accountId });
  await tx.update(account).set({ language }).where(eq(account.id, accountId));
}

/** After signing out, as on a library's computer, the browser speaks for nobody. */
export async function forgetBrowser(tx: Transaction, browserHash: Buffer, accountId: string): Promise<void> {
  await tx.delete(accountBrowser).where(and(eq(accountBrowser.browserHash, browserHash), eq(accountBrowser.accountId, accountId)));
}

/** Keeps that this browser proved a number, until whoever sits there says who they are. */
export async function createClaim(tx: Transaction, of: Redeemed & { browserHash: Buffer; deskCodeHash: Buffer; sealedDeskCode: Buffer }, now: Date): Promise<void> {
  const { browserHash, contactHash, deskCodeHash, sealedDeskCode, language } = of;
  await tx.update(signInClaim).set({ usedAt: now }).where(and(eq(signInClaim.browserHash, browserHash), isNull(signInClaim.usedAt)));
  await tx.insert(signInClaim).values({ id: newId(), browserHash, contactHash, deskCodeHash, sealedDeskCode, language, madeAt: now, expiresAt: minutes(now, CLAIM_MINUTES) });
}

export type Claim = typeof signInClaim.$inferSelect;

/** The claim of a browser that is still open. */
export async function findClaim(tx: Transaction, browserHash: Buffer, now: Date): Promise<Claim | null> {
  const [row] = await tx.select().from(signInClaim).where(and(eq(signInClaim.browserHash, browserHash), isNull(signInClaim.usedAt), gt(signInClaim.expiresAt, now))).for('update');
  return row ?? null;
}

async function closeClaim(tx: Transaction, claim: Claim, now: Date): Promise<void> {
  await tx.update(signInClaim).set({ usedAt: now }).where(eq(signInClaim.id, claim.id));
}

/** Somebody new: the number opens a new account. */
export async function settleAsNew(tx: Transaction, claim: Claim, now: Date): Promise<string> {
  await takeNumber(tx, claim.contactHash);
  await closeClaim(tx, claim, now);
  return openNew(tx, claim.contactHash, claim.browserHash, now);
}

/** Somebody an administrator vouched for. Refuses `not-ready` until then. */
export async function settleVouched(tx: Transaction, claim: Claim, now: Date): Promise<string | Refusal> {
  if (!claim.accountId) return refuse('not-ready');
  await takeNumber(tx, claim.contactHash);
  const { all } = await holdersOf(tx, claim.contactHash);
  // What was vouched for an hour ago may be another's by now, or may have been given a role that touches money.
  if (!all.includes(claim.accountId) || await hasMoneyRole(tx, claim.accountId)) return refuse('not-ready');
  await closeClaim(tx, claim, now);
  return giveNumber(tx, claim.contactHash, claim.accountId, now);
}

/** Another thing proved the account in this browser: a number that waits there, and opened it once, opens it again. */
export async function settleWith(tx: Transaction, accountId: string, browserHash: Buffer | null, now: Date): Promise<boolean> {
  const claim = browserHash && await findClaim(tx, browserHash, now);
  if (!claim) return false;
  await takeNumber(tx, claim.contactHash);
  if (!(await holdersOf(tx, claim.contactHash)).all.includes(accountId)) return false;
  await closeClaim(tx, claim, now);
  await giveNumber(tx, claim.contactHash, accountId, now);
  return true;
}

/**
 * Uses up a recovery code. Alone it opens an account without money roles; with a number that waits in this browser and
 * opened the account once, any. Refuses `wrong-code`.
 */
export async function redeemRecovery(tx: Transaction, codeHash: Buffer, browserHash: Buffer | null, now: Date): Promise<string | Refusal> {
  const [found] = await tx.select({ accountId: recoveryCode.accountId }).from(recoveryCode).where(and(eq(recoveryCode.codeHash, codeHash), isNull(recoveryCode.usedAt))).for('update');
  if (!found) return refuse('wrong-code');
  const isWithNumber = await settleWith(tx, found.accountId, browserHash, now);
  if (!isWithNumber && await hasMoneyRole(tx, found.accountId)) return refuse('wrong-code');
  await tx.update(recoveryCode).set({ usedAt: now }).where(eq(recoveryCode.codeHash, codeHash));
  return found.accountId;
}

/** Keeps a new recovery code, and takes the one before out of use. */
export async function createRecoveryCode(tx: Transaction, codeHash: Buffer, accountId: string, now: Date): Promise<void> {
  await tx.update(recoveryCode).set({ usedAt: now }).where(and(eq(recoveryCode.accountId, accountId), isNull(recoveryCode.usedAt)));
  await tx.insert(recoveryCode).values({ codeHash, accountId, madeAt: now });
}

export async function hasRecoveryCode(tx: Transaction, accountId: string): Promise<boolean> {
  return (await tx.$count(recoveryCode, and(eq(recoveryCode.accountId, accountId), isNull(recoveryCode.usedAt)))) > 0;
}

/**
 * An administrator says whose number waits behind a desk code. Refuses `not-found` (no such member), `card-not-for-role` (a role that
 * touches money, or a member of another fund), `same-person`, and `wrong-code` when no open claim has this code or its number never opened the member's account.
 */
export async function vouchFor(tx: Transaction, given: { fundId: string; memberId: string; deskCodeHash: Buffer; actorId: string; now: Date }): Promise<true | Refusal> {
  const { fundId, memberId, deskCodeHash, actorId, now } = given;
  const [member] = await tx.select({ accountId: membership.accountId }).from(membership).where(and(eq(membership.fundId, fundId), eq(membership.id, memberId), isNull(membership.endedAt)));
  if (!member) return refuse('not-found');
  if (member.accountId === actorId) return refuse('same-person');
  await setScope(tx, { fund: fundId, account: member.accountId });
  const everywhere = await tx.select({ fundId: membership.fundId, role: membership.role }).from(membership).where(and(eq(membership.accountId, member.accountId), isNull(membership.endedAt)));
  if (everywhere.some((each) => each.fundId !== fundId || touchesMoney(each.role))) return refuse('card-not-for-role');
  const [claim] = await tx.select().from(signInClaim).where(and(eq(signInClaim.deskCodeHash, deskCodeHash), isNull(signInClaim.usedAt), gt(signInClaim.expiresAt, now))).for('update');
  if (!claim) return refuse('wrong-code');
  await takeNumber(tx, claim.contactHash);
  if (!(await holdersOf(tx, claim.contactHash)).all.includes(member.accountId)) return refuse('wrong-code');
  await tx.update(signInClaim).set({ accountId: member.accountId, vouchedBy: actorId }).where(eq(signInClaim.id, claim.id));
  await setScope(tx, { fund: fundId });
  return true;
}

/** Adds a proved address to an account. Refuses `address-taken`, but for a number that opened this account once. */
export async function addContact(tx: Transaction, of: Redeemed, accountId: string, now: Date): Promise<true | Refusal> {
  await takeNumber(tx, of.contactHash);
  const mine = and(eq(accountContact.channel, of.channel), eq(accountContact.contactHash, of.contactHash));
  const [made] = await tx.insert(accountContact).values({ channel: of.channel, contactHash: of.contactHash, accountId, createdAt: now, provedAt: now }).onConflictDoNothing().returning({ accountId: accountContact.accountId });
  if (made) return true;
  const [there] = await tx.select({ accountId: accountContact.accountId }).from(accountContact).where(mine);
  if (there?.accountId === accountId) return true;
  if (of.channel !== 'sms' || !(await holdersOf(tx, of.contactHash)).all.includes(accountId)) return refuse('address-taken');
  await giveNumber(tx, of.contactHash, accountId, now);
  return true;
}
