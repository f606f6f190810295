/**
 * The ledger, for the rooms above: money moves between two accounts of one fund, currency and restriction, and
 * never without a transfer. The database holds all of it; here are the only statements that write it.
 *
 * All transfers of a transaction go into one call of `post` (or `reserve`, `reserveAll`, `divide`, `divideAll`, `release`, `reverse`), the
 * last thing the transaction does: the levels are then locked once, in one order, and for the shortest time.
 * A second call in the same transaction throws. After `not-enough-money` the transaction can only roll back.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, ledgerLevel, pot, transfer } from '@commonpot/db/money';
import { newId } from '../platform/ids.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { violatedConstraint } from './constraints.ts';

export interface NewTransfer {
  /** The account the money leaves. */
  from: string;
  /** The account it enters. */
  to: string;
  /** Positive, in minor units. */
  amountMinor: number;
  /** What it is, in one word of the room that moves it: `reserve`, `voucher-redeemed`. */
  kind: string;
  /** What it is for: the id of a contribution, an award, a voucher. */
  subjectId?: string;
}

export interface Posting {
  fundId: string;
  at: Date;
  /** The account of the person, or null when a date or a job did it. */
  actorId: string | null;
}

export interface Reservation {
  potId: string;
  amountMinor: number;
  /** What the money is set aside for: an award, a purpose. The same subject adds to the same reservation. */
  subjectId: string;
}

/** Posts all transfers of a transaction in one statement. Refuses `not-enough-money` when an account would go below zero. */
export async function post(tx: Transaction, given: Posting & { transfers: readonly NewTransfer[] }): Promise<{ ids: string[] } | Refusal> {
  return insertTransfers(tx, given, given.transfers.map((each) => ({ ...each, reverses: null })));
}

/**
 * Posts the mirror of a transfer: the same money, the other way. Refuses `already-decided` when it was reversed before,
 * `not-found` when there is none, `not-enough-money` when the money has moved on. A reversal cannot be reversed. `onward` moves on at once
 * what came back; the reversal's id is the first.
 */
export async function reverse(tx: Transaction, given: Posting & { transferId: string; onward?: readonly NewTransfer[] }): Promise<{ ids: string[] } | Refusal> {
  const [original] = await tx.select().from(transfer).where(and(eq(transfer.fundId, given.fundId), eq(transfer.id, given.transferId)));
  if (!original) return refuse('not-found');
  const { fromAccountId, toAccountId, amountMinor, subjectId, id } = original;
  const onward = (given.onward ?? []).map((each) => ({ ...each, reverses: null }));
  return insertTransfers(tx, given, [{ from: toAccountId, to: fromAccountId, amountMinor, kind: 'reversal', reverses: id, ...(subjectId ? { subjectId } : {}) }, ...onward]);
}

/** Sets money of a pot aside. `reservationId` is the reservation's account: later transfers go out of it. */
export async function reserve(tx: Transaction, given: Posting & Reservation): Promise<{ reservationId: string } | Refusal> {
  const made = await reserveAll(tx, { ...given, parts: [given] });
  return made instanceof Refusal ? made : { reservationId: made.reservationIds[0] as string };
}

/** Sets money of several pots aside for one subject, in one posting; each pot has a reservation of its own. The ids come in the order of the parts. */
export async function reserveAll(
  tx: Transaction, given: Posting & { subjectId: string; parts: readonly { potId: string; amountMinor: number }[] },
): Promise<{ reservationIds: string[] } | Refusal> {
  const { fundId, subjectId, at } = given;
  const transfers: NewTransfer[] = [];
  for (const { potId, amountMinor } of given.parts) {
    const [found] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)));
    if (!found) return refuse('not-found');
    const to = await openAccount(tx, { fundId, kind: 'reservation', subjectId, like: found.accountId, at });
    transfers.push({ from: found.accountId, to, amountMinor, kind: 'reserve', subjectId });
  }
  const posted = await post(tx, { ...given, transfers });
  return posted instanceof Refusal ? posted : { reservationIds: transfers.map((each) => each.to) };
}

/**
 * Divides a reservation among subjects, each with a reservation of its own, and puts what is left back into the pot,
 * all in one posting. The ids come in the order of the parts.
 */
export async function divide(
  tx: Transaction, given: Posting & { reservationId: string; parts: readonly { subjectId: string; amountMinor: number }[] },
): Promise<{ reservationIds: string[] } | Refusal> {
  const { reservationId, parts } = given;
  return divideAll(tx, { ...given, reservationIds: [reservationId], parts: parts.map((part) => ({ ...part, from: reservationId })) });
}

/** The same with several reservations: each part comes out of one of them, and each puts back into its own pot what is left of it. */
export async function divideAll(
  tx: Transaction, given: Posting & { reservationIds: readonly string[]; parts: readonly { from: string; subjectId: string; amountMinor: number }[] },
): Promise<{ reservationIds: string[] } | Refusal> {
  const { fundId, reservationIds, parts, at } = given;
  const transfers: NewTransfer[] = [];
  for (const { from, subjectId, amountMinor } of parts) {
    transfers.push({ from, to: await openAccount(tx, { fundId, kind: 'reservation', subjectId, like: from, at }), amountMinor, kind: 'award', subjectId });
  }
  const back: NewTransfer[] = [];
  for (const from of reservationIds) {
    const left = (await levelOf(tx, fundId, from)) - parts.reduce((sum, part) => sum + (part.from === from ? part.amountMinor : 0), 0);
    if (left < 0) return refuse('not-enough-money');
    if (left > 0) back.push({ from, to: await potAccountOf(tx, fundId, from), amountMinor: left, kind: 'release' });
  }
  const posted = await post(tx, { ...given, transfers: [...transfers, ...back] });
  return posted instanceof Refusal ? posted : { reservationIds: transfers.map((each) => each.to) };
}

/** The reservation of a subject whose money comes from this pot, or null. */
export async function findReservation(tx: Transaction, given: { fundId: string; potId: string; subjectId: string }): Promise<string | null> {
  const [found] = await tx.select({ id: ledgerAccount.id }).from(ledgerAccount).where(and(
    eq(ledgerAccount.fundId, given.fundId), eq(ledgerAccount.kind, 'reservation'), eq(ledgerAccount.subjectId, given.subjectId), eq(ledgerAccount.potId, given.potId)));
  return found?.id ?? null;
}

/** Puts reserved money back into its pot: `amountMinor` of it, or all that is left. Nothing left is no transfer and no refusal. */
export async function release(tx: Transaction, given: Posting & { reservationId: string; amountMinor?: number }): Promise<{ ids: string[] } | Refusal> {
  const amountMinor = given.amountMinor ?? await levelOf(tx, given.fundId, given.reservationId);
  if (amountMinor === 0) return { ids: [] };
  const { subjectId } = await readAccount(tx, given.fundId, given.reservationId);
  const to = await potAccountOf(tx, given.fundId, given.reservationId);
  return post(tx, { ...given, transfers: [{ from: given.reservationId, to, amountMinor, kind: 'release', subjectId }] });
}

/** Finds or opens the account of `subjectId` whose money comes from the same pot as `like`'s, with its currency and restriction. */
export async function openAccount(
  tx: Transaction, given: { fundId: string; kind: 'reservation' | 'voucher' | 'payable' | 'cash'; subjectId: string; like: string; at: Date },
): Promise<string> {
  const { potId, currency, restrictionId } = await readAccount(tx, given.fundId, given.like);
  if (!potId) throw new Error('an account of a pot cannot be like the outside');
  return findOrCreateAccount(tx, { fundId: given.fundId, kind: given.kind, subjectId: given.subjectId, potId, currency, restrictionId, createdAt: given.at });
}

/** The outside, as the place where money of `like`'s restriction comes from and is paid to. */
export async function openOutside(tx: Transaction, given: { fundId: string; like: string; at: Date }): Promise<string> {
  const { currency, restrictionId } = await readAccount(tx, given.fundId, given.like);
  return findOrCreateAccount(tx, { fundId: given.fundId, kind: 'outside', subjectId: given.fundId, potId: null, currency, restrictionId, createdAt: given.at });
}

/** The account of the pot that this account's money comes from. */
export async function potAccountOf(tx: Transaction, fundId: string, accountId: string): Promise<string> {
  const [found] = await tx.select({ accountId: pot.accountId }).from(ledgerAccount)
    .innerJoin(pot, and(eq(pot.fundId, ledgerAccount.fundId), eq(pot.id, ledgerAccount.potId)))
    .where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.id, accountId)));
  if (!found) throw new Error('an account without a pot');
  return found.accountId;
}

/** What an account holds now, in minor units. The outside has no level. */
export async function levelOf(tx: Transaction, fundId: string, accountId: string): Promise<number> {
  const [found] = await tx.select({ balanceMinor: ledgerLevel.balanceMinor }).from(ledgerLevel)
    .where(and(eq(ledgerLevel.fundId, fundId), eq(ledgerLevel.accountId, accountId)));
  if (!found) throw new Error('an account without a level');
  return found.balanceMinor;
}

/** Finds or makes one account; two who make it at once get the same. For the money's own rooms. */
export async function findOrCreateAccount(tx: Transaction, wanted: Omit<typeof ledgerAccount.$inferInsert, 'id'> & { id?: string }): Promise<string> {
  const find = async () => {
    const [found] = await tx.select({ id: ledgerAccount.id }).from(ledgerAccount).where(and(
      eq(ledgerAccount.fundId, wanted.fundId), eq(ledgerAccount.kind, wanted.kind), eq(ledgerAccount.subjectId, wanted.subjectId),
      sql`${ledgerAccount.potId} is not distinct from ${wanted.potId}`, eq(ledgerAccount.restrictionId, wanted.restrictionId)));
    return found?.id;
  };
  const known = await find();
  if (known) return known;
  const [made] = await tx.insert(ledgerAccount).values({ id: newId(), ...wanted }).onConflictDoNothing().returning({ id: ledgerAccount.id });
  const id = made?.id ?? await find();
  if (!id) throw new Error('an account is taken and cannot be read');
  return id;
}

async function readAccount(tx: Transaction, fundId: string, accountId: string) {
  const [found] = await tx.select().from(ledgerAccount).where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.id, accountId)));
  if (!found) throw new Error('no such account in this fund');
  return found;
}

/** One statement for all: each transfer takes currency and restriction from the account it leaves, and the keys hold the other leg to them. */
async function insertTransfers(tx: Transaction, { fundId, at, actorId }: Posting, transfers: readonly (NewTransfer & { reverses: string | null })[]): Promise<{ ids: string[] } | Refusal> {
  if (transfers.length === 0) return { ids: [] };
  const ids = transfers.map(() => newId());
  const column = (values: readonly (string | number | null)[], type: 'uuid' | 'bigint' | 'text') => sql`${sql.param(values)}::${sql.raw(type)}[]`;
  try {
    const posted = await tx.execute(sql`
      insert into transfer (fund_id, id, from_account_id, to_account_id, currency, restriction_id, amount_minor, kind, subject_id, reverses, actor_id, at)
      select a.fund_id, t.id, t.from_id, t.to_id, a.currency, a.restriction_id, t.amount_minor, t.kind, t.subject_id, t.reverses, ${actorId}::uuid, ${at.toISOString()}::timestamptz
      from unnest(
        ${column(ids, 'uuid')}, ${column(transfers.map((each) => each.from), 'uuid')}, ${column(transfers.map((each) => each.to), 'uuid')},
        ${column(transfers.map((each) => each.amountMinor), 'bigint')}, ${column(transfers.map((each) => each.kind), 'text')},
        ${column(transfers.map((each) => each.subjectId ?? null), 'uuid')}, ${column(transfers.map((each) => each.reverses), 'uuid')}
      ) as t (id, from_id, to_id, amount_minor, kind, subject_id, reverses)
      join ledger_account a on a.fund_id = ${fundId}::uuid and a.id = t.from_id`);
    if (posted.rowCount !== transfers.length) throw new Error('a transfer leaves an account that is not in this fund');
    return { ids };
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'ledger_level_not_below_zero') return refuse('not-enough-money');
    if (constraint === 'transfer_reversed_once') return refuse('already-decided');
    throw error;
  }
}
