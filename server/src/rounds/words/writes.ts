/** Writes of translations and recordings. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { recording, translation } from '@commonpot/db/words';
import { newId } from '../../platform/ids.ts';
import type { Language } from '../../platform/words.ts';
import type { Round } from '../rules.ts';
import type { Sound } from './sound.ts';
import { versionsOf, type Subject } from './reads.ts';

interface By {
  accountId: string;
  at: Date;
}

export type NewWords = { title: string; summary: string; description: string; translatorName: string };

/** Makes whoever writes words of one round wait for each other. */
async function holdWords(tx: Transaction, round: Pick<Round, 'id'>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`words:${round.id}`}, 0))`);
}

/** Keeps a translation as the newest version; false when it says what the newest says already. */
export async function addTranslation(tx: Transaction, round: Round, subject: Subject, language: Language, words: NewWords, by: By): Promise<boolean> {
  await holdWords(tx, round);
  const newest = (await versionsOf(tx, round, subject)).find((each) => each.language === language);
  if (newest && (Object.keys(words) as (keyof NewWords)[]).every((name) => newest[name] === words[name])) return false;
  await tx.insert(translation).values({
    fundId: round.fundId, roundId: round.id, id: newId(), projectId: subject, language, version: (newest?.version ?? 0) + 1, ...words,
    isCorrection: round.phase === 'notice' || round.phase === 'voting', madeBy: by.accountId, madeAt: by.at,
  });
  return true;
}

/** Keeps a recording in the place of the one before. */
export async function putRecording(tx: Transaction, round: Round, subject: Subject, language: Language, given: { sound: Sound; readerName: string }, by: By): Promise<void> {
  await holdWords(tx, round);
  await removeRecording(tx, round, subject, language);
  const { sound, readerName } = given;
  await tx.insert(recording).values({
    fundId: round.fundId, roundId: round.id, id: newId(), projectId: subject, language, readerName, mediaType: sound.mediaType,
    seconds: Math.round(sound.seconds), sound: sound.bytes, madeBy: by.accountId, madeAt: by.at,
  });
}

/** Takes a recording away; false when there is none. */
export async function removeRecording(tx: Transaction, round: Pick<Round, 'fundId' | 'id'>, subject: Subject, language: Language): Promise<boolean> {
  const gone = await tx.delete(recording).where(and(
    eq(recording.fundId, round.fundId), eq(recording.roundId, round.id), subject === null ? isNull(recording.projectId) : eq(recording.projectId, subject), eq(recording.language, language),
  )).returning({ id: recording.id });
  return gone.length === 1;
}
