/** Reads of translations and recordings. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { fund } from '@commonpot/db/people';
import { project } from '@commonpot/db/rounds';
import { recording, translation } from '@commonpot/db/words';
import type { Language } from '../../platform/words.ts';

/** Null for the round's own words. */
export type Subject = string | null;

export interface OfRound {
  fundId: string;
  id: string;
}

const ofRound = (table: typeof translation | typeof recording, round: OfRound) => and(eq(table.fundId, round.fundId), eq(table.roundId, round.id));
const ofSubject = (table: typeof translation | typeof recording, subject: Subject) => (subject === null ? isNull(table.projectId) : eq(table.projectId, subject));

export async function languageOfFund(tx: Transaction, fundId: string): Promise<string> {
  const [row] = await tx.select({ language: fund.language }).from(fund).where(eq(fund.id, fundId));
  if (!row) throw new Error('a fund in scope cannot be read');
  return row.language;
}

/** The language a project was written in, null for its fund's; undefined when the round has no such project. */
export async function languageOfProject(tx: Transaction, round: OfRound, projectId: string): Promise<string | null | undefined> {
  const [row] = await tx.select({ language: project.language }).from(project).where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), eq(project.id, projectId)));
  return row?.language;
}

export type Said = typeof translation.$inferSelect;

/** The newest translation of everything in one language. */
export async function newestIn(tx: Transaction, round: OfRound, language: Language): Promise<Said[]> {
  return tx.selectDistinctOn([translation.projectId]).from(translation)
    .where(and(ofRound(translation, round), eq(translation.language, language))).orderBy(translation.projectId, desc(translation.version));
}

/** The newest translation of one text in one language, or null. */
export async function newestOf(tx: Transaction, round: OfRound, subject: Subject, language: Language | undefined): Promise<Said | null> {
  const [newest] = language ? (await versionsOf(tx, round, subject)).filter((each) => each.language === language) : [];
  return newest ?? null;
}

/** A translation as it is shown. */
export function showSaid({ title, summary, description, translatorName, isCorrection, madeAt }: Said) {
  return { title, summary, description, translator: translatorName, correctedAt: isCorrection ? madeAt.toISOString() : null };
}

/** The translation of the round's own words, or null. */
export async function roundIn(tx: Transaction, round: OfRound, language: Language | undefined): Promise<Said | null> {
  return newestOf(tx, round, null, language);
}

/** Every version of every translation of one text, the newest of each language first. */
export async function versionsOf(tx: Transaction, round: OfRound, subject: Subject): Promise<Said[]> {
  return tx.select().from(translation).where(and(ofRound(translation, round), ofSubject(translation, subject))).orderBy(translation.language, desc(translation.version));
}

const heard = { projectId: recording.projectId, language: recording.language, reader: recording.readerName, seconds: recording.seconds };

/** What was read aloud, without the sound. */
export async function recordingsOf(tx: Transaction, round: OfRound, subject?: Subject) {
  const rows = await tx.select(heard).from(recording).where(and(ofRound(recording, round), subject === undefined ? undefined : ofSubject(recording, subject))).orderBy(recording.language);
  return rows.map((row) => ({ ...row, language: row.language as Language }));
}

/** A recording's size in bytes and its kind, or null. */
export async function findRecording(tx: Transaction, round: OfRound, subject: Subject, language: string) {
  const [row] = await tx.select({ id: recording.id, mediaType: recording.mediaType, size: sql<number>`length(${recording.sound})`.mapWith(Number) }).from(recording)
    .where(and(ofRound(recording, round), ofSubject(recording, subject), eq(recording.language, language)));
  return row ?? null;
}

/** The bytes of a recording from `start` to `end`, both included. */
export async function readSoundOf(tx: Transaction, fundId: string, recordingId: string, start: number, end: number): Promise<Buffer> {
  const [row] = await tx.select({ sound: sql<Buffer>`substring(${recording.sound} from ${start + 1}::int for ${end - start + 1}::int)` }).from(recording)
    .where(and(eq(recording.fundId, fundId), eq(recording.id, recordingId)));
  return row?.sound ?? Buffer.alloc(0);
}
