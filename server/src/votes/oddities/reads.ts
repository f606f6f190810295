/** Reads what the oddities are found in: all of it stands behind the seal. */
import { and, asc, count, desc, eq, gte } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { elector } from '@commonpot/db/rounds';
import { ballotCounted } from '@commonpot/db/votes';
import { readBallotBytes } from '../ballots/protocol.ts';
import type { RoundRef } from '../log/reads.ts';
import { SMALLEST_GROUP } from '../published/record.ts';

const SHOWN = 20;

/** The largest groups of ballots that say the same; empty ballots are no group. */
export async function listAlike(tx: Transaction, { fundId, roundId }: RoundRef) {
  const rows = await tx.select({ ballot: ballotCounted.ballot, ballots: count() }).from(ballotCounted)
    .where(and(eq(ballotCounted.fundId, fundId), eq(ballotCounted.roundId, roundId))).groupBy(ballotCounted.ballot)
    .having(gte(count(), SMALLEST_GROUP)).orderBy(desc(count()), asc(ballotCounted.ballot)).limit(SHOWN + 1);
  return rows.map(({ ballot, ballots }) => ({ ...readBallotBytes(ballot), ballots })).filter((each) => each.lines.length > 0).slice(0, SHOWN);
}

/** How many are on the roll in each area; the empty name is for those of none. */
export async function rollByArea(tx: Transaction, { fundId, roundId }: RoundRef): Promise<Map<string, number>> {
  const rows = await tx.select({ area: elector.area, people: count() }).from(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, roundId))).groupBy(elector.area);
  return new Map(rows.map(({ area, people }) => [area ?? '', people]));
}
