/** `pnpm simulate grants`: a year is played on the real product, and then judged by its record. */
import { askersOf } from './diary.ts';
import type { Finding, Witness } from './judge/case.ts';
import { judge } from './judge/judge.ts';
import type { Chances } from './judge/chances.ts';
import { addressOf, ADMINISTRATORS, doorOf, RESIDENTS, type Size } from './plan.ts';
import { openStage } from './stage.ts';
import type { Year } from './state.ts';
import { playYear, START } from './year.ts';

export interface SimulationResult {
  requests: number;
  awards: number;
  rules_broken: number;
  paid_twice: number;
  draws: number;
  draws_rerun_same: boolean;
  first_time_share: Chances;
  seconds: number;
  /** Rules that were broken, and how often. */
  broken: Record<string, number>;
  /** Answers that nobody expected, and how often they came. */
  unexpected: Record<string, number>;
  /** Wall seconds, by what they went into. */
  seconds_in: Record<string, number>;
}

const PAID_TWICE = ['paid-twice', 'paid-too-much'];

/** What the record does not say: who asked, and where those who decide live. */
export function witnessOf({ diary }: Pick<Year, 'diary'>): Witness {
  const deciders = [...ADMINISTRATORS.map((name, index) => ({ name, door: index < 2 ? doorOf(index) : null })), ...RESIDENTS.map((name) => ({ name, door: null }))];
  return { askers: askersOf(diary), deciders: new Map([...deciders, { name: 'Ada', door: doorOf(0) }].map(({ name, door }) => [name, { contact: `email:${addressOf(name.toLowerCase())}`, door }])) };
}

/** Plays and judges. `databaseUrl` may name an empty database to use instead of one of its own. */
export async function simulateGrants(size: Size, databaseUrl: string | undefined): Promise<SimulationResult> {
  const start = performance.now();
  const stage = await openStage(START, databaseUrl);
  try {
    const year = await playYear(stage, size);
    const before = performance.now();
    const { awards, findings, draws, firstTime } = await judge(stage.databaseUrl, stage.fundId, witnessOf(year));
    year.seconds.set('judging', (performance.now() - before) / 1000);
    const tenth = (seconds: number): number => Math.round(seconds * 10) / 10;
    return {
      requests: year.taken.requests, awards, rules_broken: findings.length, paid_twice: findings.filter((each) => PAID_TWICE.includes(each.rule)).length,
      draws: draws.held, draws_rerun_same: draws.same === draws.held, first_time_share: firstTime, seconds: tenth((performance.now() - start) / 1000),
      broken: count(findings), unexpected: Object.fromEntries(year.line.surprises), seconds_in: Object.fromEntries([...year.seconds].map(([what, seconds]) => [what, tenth(seconds)])),
    };
  } finally {
    await stage.close();
  }
}

const count = (findings: readonly Finding[]): Record<string, number> => Object.fromEntries([...Map.groupBy(findings, (each) => each.rule)].map(([rule, each]) => [rule, each.length]));
