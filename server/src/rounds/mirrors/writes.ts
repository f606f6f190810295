/** Writes of a fund's mirrors. Rounds that can still change follow; a round that is open keeps what it promised. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { fundMirror, round } from '@commonpot/db/rounds';
import { newId } from '../../platform/ids.ts';
import { refuse, Refusal } from '../../platform/problems.ts';
import * as reads from './reads.ts';

/** As many as a round takes. */
const MIRRORS_MAX = 5;

interface By {
  fundId: string;
  accountId: string;
  now: Date;
}

async function hold(tx: Transaction, fundId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`mirrors:${fundId}`}, 0))`);
}

/** Adds a mirror; what the fund's rounds named before there was a list comes into it. Refuses `already-exists`, `too-large`. */
export async function addMirror(tx: Transaction, { fundId, accountId, now }: By, mirror: string): Promise<string | Refusal> {
  await hold(tx, fundId);
  const all = await reads.listFundMirrors(tx, fundId);
  const standing = await reads.mirrorsOfFund(tx, fundId);
  if (standing.includes(mirror)) return refuse('already-exists');
  if (standing.length >= MIRRORS_MAX) return refuse('too-large', { most: MIRRORS_MAX });
  await adopt(tx, { fundId, accountId, now }, all.length === 0 ? standing : []);
  const id = newId();
  await tx.insert(fundMirror).values({ fundId, id, mirror, addedBy: accountId, addedAt: now });
  for (const each of await reads.lockOpenRounds(tx, fundId)) if (!each.mirrors.includes(mirror) && each.mirrors.length < MIRRORS_MAX) await setMirrors(tx, fundId, each.id, [...each.mirrors, mirror]);
  return id;
}

/** Ends a mirror. Refuses `not-found`. */
export async function endMirror(tx: Transaction, { fundId, accountId, now }: By, mirror: string): Promise<void | Refusal> {
  await hold(tx, fundId);
  const [all, standing] = [await reads.listFundMirrors(tx, fundId), await reads.mirrorsOfFund(tx, fundId)];
  if (!standing.includes(mirror)) return refuse('not-found');
  await adopt(tx, { fundId, accountId, now }, all.length === 0 ? standing : []);
  await tx.update(fundMirror).set({ endedBy: accountId, endedAt: now }).where(and(eq(fundMirror.fundId, fundId), eq(fundMirror.mirror, mirror), isNull(fundMirror.endedAt)));
  for (const each of await reads.lockOpenRounds(tx, fundId)) if (each.mirrors.includes(mirror)) await setMirrors(tx, fundId, each.id, each.mirrors.filter((one) => one !== mirror));
}

async function adopt(tx: Transaction, { fundId, accountId, now }: By, mirrors: readonly string[]): Promise<void> {
  if (mirrors.length > 0) await tx.insert(fundMirror).values(mirrors.map((mirror) => ({ fundId, id: newId(), mirror, addedBy: accountId, addedAt: now })));
}

async function setMirrors(tx: Transaction, fundId: string, roundId: string, mirrors: string[]): Promise<void> {
  await tx.update(round).set({ mirrors }).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
}
