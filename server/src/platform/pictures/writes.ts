/** Writes of pictures. Whoever adds one holds a lock on what it belongs to, so that the limits hold. */
import { createHash } from 'node:crypto';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { picture, pictureFile, pictureOriginal } from '@commonpot/db/pictures';
import { newId } from '../ids.ts';
import { refuse, Refusal } from '../problems.ts';
import type { EncodedFile } from './encoding.ts';
import { countPictures, findSame, lockDue, type Owner } from './reads.ts';
import { findFault, OF_ACCOUNT_MAX, TRIES_MAX } from './rules.ts';

const HOUR = 3_600_000;
/** Milliseconds after which somebody else may take a picture up, and before the next try. */
const TAKEN = 180_000;
const PAUSE = 60_000;

export interface NewPicture {
  fundId: string;
  owner: Owner;
  /** How many the owner may have. */
  most: number;
  words: string;
  bytes: Buffer;
  accountId: string;
  at: Date;
}

/**
 * Keeps a file until the job has re-encoded it; the same file again is the same picture. Refuses what `findFault` finds,
 * `pictures-full` for the owner, and `too-many-pictures` for the account.
 */
export async function addPicture(tx: Transaction, given: NewPicture): Promise<{ id: string } | Refusal> {
  const { fundId, owner, bytes, accountId, at } = given;
  const fault = findFault(bytes);
  if (fault) return refuse(fault);
  const digest = createHash('sha256').update(bytes).digest();
  const same = await findSame(tx, fundId, owner, digest);
  if (same) return { id: same };
  const { ofOwner, ofAccount } = await countPictures(tx, fundId, owner, accountId, new Date(at.getTime() - HOUR));
  if (ofOwner >= given.most) return refuse('pictures-full', { most: given.most });
  if (ofAccount >= OF_ACCOUNT_MAX) return refuse('too-many-pictures', { most: OF_ACCOUNT_MAX });
  const id = newId();
  await tx.insert(picture).values({ fundId, id, ownerKind: owner.kind, ownerId: owner.id, words: given.words, digest, addedBy: accountId, addedAt: at });
  await tx.insert(pictureOriginal).values({ fundId, pictureId: id, bytes });
  return { id };
}

/** Removes these pictures of an owner, or all of them, and every byte of them. Answers how many there were. */
export async function removePictures(tx: Transaction, fundId: string, owner: Owner, now: Date, pictureId?: string): Promise<number> {
  const removed = await tx.update(picture).set({ removedAt: now })
    .where(and(eq(picture.fundId, fundId), eq(picture.ownerKind, owner.kind), eq(picture.ownerId, owner.id), isNull(picture.removedAt), pictureId ? eq(picture.id, pictureId) : undefined))
    .returning({ id: picture.id });
  if (removed.length === 0) return 0;
  const ids = removed.map((row) => row.id);
  await tx.delete(pictureOriginal).where(and(eq(pictureOriginal.fundId, fundId), inArray(pictureOriginal.pictureId, ids)));
  await tx.delete(pictureFile).where(and(eq(pictureFile.fundId, fundId), inArray(pictureFile.pictureId, ids)));
  return removed.length;
}

interface Decision {
  fundId: string;
  pictureId: string;
  reason: string;
  accountId: string;
  at: Date;
}

/** Takes a picture out of sight. Refuses `not-found`, and `already-decided` where somebody did it before. */
export async function hidePicture(tx: Transaction, given: Decision): Promise<void | Refusal> {
  const isHidden = await lockHidden(tx, given);
  if (isHidden instanceof Refusal) return isHidden;
  if (isHidden) return refuse('already-decided');
  await tx.update(picture).set({ hiddenAt: given.at, hiddenBy: given.accountId, hiddenReason: given.reason, shownAt: null, shownBy: null, shownReason: null }).where(of(given.fundId, given.pictureId));
}

/** Shows a hidden picture again. Refuses `not-found`, and `already-decided` where it is in sight. */
export async function showPicture(tx: Transaction, given: Decision): Promise<void | Refusal> {
  const isHidden = await lockHidden(tx, given);
  if (isHidden instanceof Refusal) return isHidden;
  if (!isHidden) return refuse('already-decided');
  await tx.update(picture).set({ shownAt: given.at, shownBy: given.accountId, shownReason: given.reason }).where(of(given.fundId, given.pictureId));
}

async function lockHidden(tx: Transaction, { fundId, pictureId }: Decision): Promise<boolean | Refusal> {
  const [found] = await tx.select({ hiddenAt: picture.hiddenAt, shownAt: picture.shownAt, removedAt: picture.removedAt }).from(picture).where(of(fundId, pictureId)).for('update');
  return !found || found.removedAt ? refuse('not-found') : found.hiddenAt !== null && found.shownAt === null;
}

/** Takes up the next picture that waits, and counts the try; one that was tried too often is given up on the way. Null when nothing is due. */
export async function takeDue(tx: Transaction, fundId: string, now: Date): Promise<{ id: string; tries: number; bytes: Buffer } | 'given-up' | null> {
  const due = await lockDue(tx, fundId, now);
  if (!due) return null;
  if (due.tries >= TRIES_MAX) {
    await settle(tx, fundId, due.id, null);
    return 'given-up';
  }
  await tx.update(picture).set({ tries: due.tries + 1, takenUntil: new Date(now.getTime() + TAKEN) }).where(of(fundId, due.id));
  const [original] = await tx.select({ bytes: pictureOriginal.bytes }).from(pictureOriginal).where(and(eq(pictureOriginal.fundId, fundId), eq(pictureOriginal.pictureId, due.id)));
  if (!original) throw new Error('a picture waits without its original');
  return { id: due.id, tries: due.tries + 1, bytes: original.bytes };
}

/** Ends the waiting: stores the files and shows the picture, or refuses it for good where there are none. The original goes in the same transaction. */
export async function settle(tx: Transaction, fundId: string, pictureId: string, files: readonly EncodedFile[] | null): Promise<boolean> {
  const settled = await tx.update(picture).set({ state: files ? 'ready' : 'refused', takenUntil: null })
    .where(and(of(fundId, pictureId), eq(picture.state, 'waiting'), isNull(picture.removedAt))).returning({ id: picture.id });
  // Removed while it was worked on, or settled by somebody else.
  if (settled.length === 0) return false;
  if (files) await tx.insert(pictureFile).values(files.map((file) => ({ fundId, pictureId, ...file })));
  await tx.delete(pictureOriginal).where(and(eq(pictureOriginal.fundId, fundId), eq(pictureOriginal.pictureId, pictureId)));
  return true;
}

/** Puts a picture back after a try that failed. */
export async function putBack(tx: Transaction, fundId: string, pictureId: string, now: Date): Promise<void> {
  await tx.update(picture).set({ takenUntil: new Date(now.getTime() + PAUSE) }).where(and(of(fundId, pictureId), eq(picture.state, 'waiting')));
}

const of = (fundId: string, pictureId: string) => and(eq(picture.fundId, fundId), eq(picture.id, pictureId));
