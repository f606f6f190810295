/** Which heads are due at which mirrors, and what the mirrors said. */
import { and, asc, eq, lte } from 'drizzle-orm';
import { within, type Transaction } from '@commonpot/db/client';
import { headCopy, logHead } from '@commonpot/db/votes';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../people/reads.ts';
import { sendHead, type MirrorAnswer } from './mirrors.ts';

/** Minutes before each further try; after the last a head is given up, and the next one carries it. */
const PAUSES = [1, 2, 5, 15, 60, 240, 720];
const AT_ONCE = 50;

/** Sends what is due, and keeps what each mirror said. Two processes at once may send a head twice, which changes nothing. */
export async function sendDueHeads(services: Services, now: Date): Promise<void> {
  for (const fundId of await within(services.db, {}, listFundIds)) {
    const due = await within(services.db, { fund: fundId }, (tx) => readDue(tx, fundId, now));
    const answers = await Promise.all(due.map((each) => sendHead(each.mirror, each.note, services.config.privateMirrors)));
    if (due.length > 0) await within(services.db, { fund: fundId }, (tx) => keepAnswers(tx, due, answers, now));
  }
}

type Due = Awaited<ReturnType<typeof readDue>>[number];

async function readDue(tx: Transaction, fundId: string, now: Date) {
  return tx.select({ fundId: headCopy.fundId, roundId: headCopy.roundId, size: headCopy.size, mirror: headCopy.mirror, tries: headCopy.tries, note: logHead.note }).from(headCopy)
    .innerJoin(logHead, and(eq(logHead.fundId, headCopy.fundId), eq(logHead.roundId, headCopy.roundId), eq(logHead.size, headCopy.size)))
    .where(and(eq(headCopy.fundId, fundId), lte(headCopy.nextTryAt, now))).orderBy(asc(headCopy.nextTryAt)).limit(AT_ONCE);
}

async function keepAnswers(tx: Transaction, due: readonly Due[], answers: readonly MirrorAnswer[], now: Date): Promise<void> {
  for (const [index, { fundId, roundId, size, mirror, tries }] of due.entries()) {
    const said = answers[index] as MirrorAnswer;
    const taken = said.status !== null && said.status >= 200 && said.status < 300;
    const pause = PAUSES[tries];
    await tx.update(headCopy)
      .set({ ...said, tries: tries + 1, takenAt: taken ? now : null, nextTryAt: taken || pause === undefined ? null : new Date(now.getTime() + pause * 60_000) })
      .where(and(eq(headCopy.fundId, fundId), eq(headCopy.roundId, roundId), eq(headCopy.size, size), eq(headCopy.mirror, mirror)));
  }
}
