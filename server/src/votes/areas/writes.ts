/** Writes of areas' money. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { areaPot } from '@commonpot/db/votes';
import type { Round } from '../../rounds/rules.ts';
import { changeRound } from '../../rounds/writes.ts';
import { presets } from '../counting/presets.ts';

export interface NewAreas {
  areas: readonly { area: string; budgetMinor: number; potId: string | null }[];
  wholeMinor: number;
  unspent: 'stays' | 'goes-to-whole';
}

/** Puts the areas into the round's rule, and their sum into its budget. The caller holds the round's lock and has seen that it is not frozen. */
export async function setAreas(tx: Transaction, round: Round, { areas, wholeMinor, unspent }: NewAreas): Promise<void> {
  const pots = areas.length > 0 ? { areas: areas.map(({ area, budgetMinor }) => ({ area, budgetMinor })), unspent } : null;
  const added = areas.map(({ area }) => area).filter((area) => !round.area.includes(area));
  await changeRound(tx, round.fundId, round.id, {
    rule: { ...(round.rule ?? presets.greedy), pots }, area: [...round.area, ...added],
    budgetMinor: areas.reduce((sum, { budgetMinor }) => sum + budgetMinor, wholeMinor),
  });
  await tx.delete(areaPot).where(and(eq(areaPot.fundId, round.fundId), eq(areaPot.roundId, round.id)));
  const rows = areas.flatMap(({ area, potId }) => (potId === null || potId === round.potId ? [] : [{ fundId: round.fundId, roundId: round.id, area, potId }]));
  if (rows.length > 0) await tx.insert(areaPot).values(rows);
}
