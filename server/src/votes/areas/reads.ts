/** Reads of areas' money: how a round's budget is shared among its pots. */
import { and, count, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { elector } from '@commonpot/db/rounds';
import { areaPot } from '@commonpot/db/votes';
import type { Round } from '../../rounds/rules.ts';
import { ruleSchema, wholeMinor, type Rule } from '../counting/rule.ts';

/** The areas of a round's rule; null where there is one budget, or no rule yet. */
export function potsOf(round: Pick<Round, 'rule'>): Rule['pots'] {
  const rule = ruleSchema.safeParse(round.rule);
  return rule.success ? rule.data.pots : null;
}

/** The pot that each area's money comes from, where it is not the round's. */
export async function areaPots(tx: Transaction, { fundId, id }: Pick<Round, 'fundId' | 'id'>): Promise<Map<string, string>> {
  const rows = await tx.select().from(areaPot).where(and(eq(areaPot.fundId, fundId), eq(areaPot.roundId, id)));
  return new Map(rows.map((row) => [row.area, row.potId]));
}

export interface Shares {
  /** Pots of the fund and what of the round's budget comes out of each, above zero, in the order of their ids. */
  pots: ReadonlyMap<string, number>;
  /** The pot that pays for a project of this area. */
  potOf(area: string | null): string;
}

/** Where a round's money comes from. */
export async function sharesOf(tx: Transaction, round: Round): Promise<Shares> {
  const areas = potsOf(round)?.areas ?? [];
  const others = areas.length > 0 ? await areaPots(tx, round) : new Map<string, string>();
  const own = round.potId ?? '';
  const names = new Set(areas.map(({ area }) => area));
  const potOf = (area: string | null) => (area !== null && names.has(area) ? others.get(area) : undefined) ?? own;
  const sums = new Map<string, number>();
  const add = (potId: string, minor: number) => minor > 0 && sums.set(potId, (sums.get(potId) ?? 0) + minor);
  add(own, wholeMinor(round.budgetMinor ?? 0, { pots: potsOf(round) }));
  for (const { area, budgetMinor } of areas) add(potOf(area), budgetMinor);
  return { pots: new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1))), potOf };
}

/** How many on the roll have no area, and so no part in any area's money. */
export async function votersWithoutArea(tx: Transaction, { fundId, id }: Pick<Round, 'fundId' | 'id'>): Promise<number> {
  const [row] = await tx.select({ n: count() }).from(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, id), isNull(elector.area)));
  return row?.n ?? 0;
}
