/** Reads of pictures and of the files that are served. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { fund } from '@commonpot/db/people';
import { picture, pictureFile } from '@commonpot/db/pictures';

/** What a picture belongs to; which rooms have such things is not known here. */
export interface Owner {
  kind: (typeof picture.$inferSelect)['ownerKind'];
  id: string;
}

type Row = typeof picture.$inferSelect;
export interface ShownPicture {
  id: string;
  state: 'waiting' | 'ready' | 'refused' | 'hidden';
  words: string;
  files: { size: number; width: number; height: number }[];
  hiddenReason: string | null;
  shownReason: string | null;
}

/** The pictures of these owners of one kind, by owner, in the order in which they came. Refused ones only where `withRefused`. */
export async function picturesOf(tx: Transaction, fundId: string, kind: Owner['kind'], ownerIds: readonly string[], withRefused = false): Promise<Map<string, ShownPicture[]>> {
  if (ownerIds.length === 0) return new Map();
  const rows = await tx.select().from(picture)
    .where(and(eq(picture.fundId, fundId), eq(picture.ownerKind, kind), inArray(picture.ownerId, [...ownerIds]), isNull(picture.removedAt))).orderBy(asc(picture.id));
  const shown = rows.filter((row) => withRefused || row.state !== 'refused' || row.hiddenAt);
  const files = shown.length === 0 ? [] : await tx.select({ pictureId: pictureFile.pictureId, size: pictureFile.size, width: pictureFile.width, height: pictureFile.height }).from(pictureFile)
    .where(and(eq(pictureFile.fundId, fundId), eq(pictureFile.format, 'avif'), inArray(pictureFile.pictureId, shown.map((row) => row.id)))).orderBy(asc(pictureFile.size));
  const byPicture = Map.groupBy(files, (file) => file.pictureId);
  return new Map([...Map.groupBy(shown, (row) => row.ownerId)].map(([owner, theirs]) => [owner, theirs.map((row) => show(row, byPicture.get(row.id) ?? []))]));
}

function show(row: Row, files: readonly { size: number; width: number; height: number }[]): ShownPicture {
  const isHidden = row.hiddenAt !== null && row.shownAt === null;
  return {
    id: row.id, state: isHidden ? 'hidden' : row.state, words: isHidden ? '' : row.words, hiddenReason: row.hiddenReason, shownReason: row.shownReason,
    files: isHidden ? [] : files.map(({ size, width, height }) => ({ size, width, height })),
  };
}

/** The bytes of one file of a picture that may be seen; null for every other. */
export async function readFile(tx: Transaction, fundId: string, pictureId: string, file: { size: number; format: 'avif' | 'webp' }): Promise<Buffer | null> {
  const [row] = await tx.select({ bytes: pictureFile.bytes }).from(pictureFile)
    .innerJoin(picture, and(eq(picture.fundId, pictureFile.fundId), eq(picture.id, pictureFile.pictureId)))
    .where(and(eq(picture.fundId, fundId), eq(picture.id, pictureId), eq(picture.state, 'ready'), isNull(picture.removedAt), or(isNull(picture.hiddenAt), isNotNull(picture.shownAt)), eq(pictureFile.size, file.size), eq(pictureFile.format, file.format)));
  return row?.bytes ?? null;
}

/** How many pictures an owner has, and how many an account added since a time. */
export async function countPictures(tx: Transaction, fundId: string, owner: Owner, accountId: string, since: Date): Promise<{ ofOwner: number; ofAccount: number }> {
  const [row] = await tx.select({
    ofOwner: sql<number>`(count(*) filter (where ${picture.ownerKind} = ${owner.kind} and ${picture.ownerId} = ${owner.id} and ${picture.removedAt} is null))::int`,
    ofAccount: sql<number>`(count(*) filter (where ${picture.addedBy} = ${accountId} and ${picture.addedAt} > ${since.toISOString()}::timestamptz))::int`,
  }).from(picture).where(and(eq(picture.fundId, fundId), or(and(eq(picture.ownerKind, owner.kind), eq(picture.ownerId, owner.id)), and(eq(picture.addedBy, accountId), gt(picture.addedAt, since)))));
  return row ?? { ofOwner: 0, ofAccount: 0 };
}

/** The picture of this owner that was made of the same file; null when there is none. */
export async function findSame(tx: Transaction, fundId: string, owner: Owner, digest: Buffer): Promise<string | null> {
  const [row] = await tx.select({ id: picture.id }).from(picture)
    .where(and(eq(picture.fundId, fundId), eq(picture.ownerKind, owner.kind), eq(picture.ownerId, owner.id), eq(picture.digest, digest), isNull(picture.removedAt)));
  return row?.id ?? null;
}

/** A picture that waits and that nobody is at work on; null when there is none. Locks it, past those that others hold. */
export async function lockDue(tx: Transaction, fundId: string, now: Date): Promise<{ id: string; tries: number } | null> {
  const [row] = await tx.select({ id: picture.id, tries: picture.tries }).from(picture)
    .where(and(eq(picture.fundId, fundId), eq(picture.state, 'waiting'), isNull(picture.removedAt), or(isNull(picture.takenUntil), lte(picture.takenUntil, now))))
    .orderBy(asc(picture.id)).limit(1).for('update', { skipLocked: true });
  return row ?? null;
}

export async function fundIds(tx: Transaction): Promise<string[]> {
  return (await tx.select({ id: fund.id }).from(fund).orderBy(fund.id)).map((row) => row.id);
}
