/** The judge of a simulated year: every rule of the charter and of the money, held against the record by code of its own. */
import pg from 'pg';
import type { Finding, Witness } from './case.ts';
import { judgeChances, type Chances } from './chances.ts';
import { judgeDraws } from './draws.ts';
import { judgeLimits } from './limits.ts';
import { judgeMoney } from './money.ts';
import { readRecord, type FundRecord } from './record.ts';
import { judgeSteps, tellStories } from './steps.ts';
import { judgeWaiting } from './waiting.ts';

export interface Judgement {
  awards: number;
  findings: Finding[];
  /** Draws of lists and of panels that were held, and how many of them come to the same order again. */
  draws: { held: number; same: number };
  firstTime: Chances;
}

/** Judges everything that a fund's database holds. */
export async function judge(databaseUrl: string, fundId: string, witness: Witness): Promise<Judgement> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return judgeRecord(await readRecord(client, fundId), witness);
  } finally {
    await client.end();
  }
}

/** The same on a record that was read. */
export function judgeRecord(record: FundRecord, witness: Witness): Judgement {
  const stories = tellStories(record, witness);
  const draws = judgeDraws(record, stories);
  const firstTime = judgeChances(record);
  const findings = [...judgeSteps(record, stories, witness), ...judgeLimits(record, stories), ...judgeWaiting(record, stories), ...judgeMoney(record, stories), ...draws.findings, ...firstTime.findings];
  return { awards: [...stories.values()].filter((story) => story.awardedAt !== null).length, findings, draws: { held: draws.held, same: draws.same }, firstTime: firstTime.chances };
}
