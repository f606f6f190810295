/** What the mirrors of a fund have said to its heads, and to which rounds they belong. */
import { desc, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { headCopy } from '@commonpot/db/votes';
import { listFundMirrors, mirrorsOfFund } from '../../rounds/mirrors/reads.ts';

/** In the order in which they were named; those that only a round names come last. */
export async function mirrorsWithAnswers(tx: Transaction, fundId: string) {
  const [named, standing, copies, rounds] = [
    await listFundMirrors(tx, fundId), await mirrorsOfFund(tx, fundId),
    await tx.select({ roundId: headCopy.roundId, mirror: headCopy.mirror, takenAt: headCopy.takenAt, nextTryAt: headCopy.nextTryAt, tries: headCopy.tries, status: headCopy.status, fault: headCopy.fault }).from(headCopy)
      .where(eq(headCopy.fundId, fundId)).orderBy(desc(headCopy.roundId), desc(headCopy.size)),
    await tx.select({ slug: round.slug, title: round.title, phase: round.phase, mirrors: round.mirrors }).from(round).where(eq(round.fundId, fundId)).orderBy(desc(round.id)),
  ];
  const all = new Set([...named.map((each) => each.mirror), ...standing, ...rounds.flatMap((each) => each.mirrors), ...copies.map((each) => each.mirror)]);
  return [...all].map((mirror) => {
    const [theirs, entry] = [copies.filter((each) => each.mirror === mirror), named.findLast((each) => each.mirror === mirror)];
    const missed = theirs.find((each) => each.takenAt === null && each.tries > 0);
    const taken = theirs.flatMap(({ takenAt }) => takenAt ?? []);
    return {
      mirror, isStanding: standing.includes(mirror), addedAt: entry?.addedAt ?? null, endedAt: entry?.endedAt ?? null,
      takenAt: taken.reduce<Date | null>((last, at) => (last && last > at ? last : at), null), taken: taken.length,
      waiting: theirs.filter((each) => each.nextTryAt !== null).length, givenUp: theirs.filter((each) => each.takenAt === null && each.nextTryAt === null).length,
      fault: missed ? (missed.fault ?? (missed.status === null ? null : String(missed.status))) : null,
      rounds: rounds.filter((each) => (each.phase === 'voting' || each.phase === 'counting') && each.mirrors.includes(mirror)).map(({ slug, title }) => ({ slug, title })),
    };
  });
}
