/** Serves the contracts of areas' money. */
import type { Transaction } from '@commonpot/db/client';
import type { BodyOf } from '../../platform/contract.ts';
import { refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound, isPot, lockRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { wholeMinor } from '../counting/rule.ts';
import * as contract from './contract.ts';
import { areaPots, potsOf } from './reads.ts';
import { setAreas } from './writes.ts';

export function areaRoutes(app: WebApp): void {
  serve(app, contract.readAreas, async ({ tx, fund, actor, params }) => {
    const isAdministrator = actor?.memberships.some((each) => each.role === 'administrator') ?? false;
    const round = await findRound(tx, fund.id, params.round);
    if (!round || (round.phase === 'draft' && !isAdministrator)) return refuse('not-found');
    const pots = potsOf(round);
    const from = isAdministrator ? await areaPots(tx, round) : new Map<string, string>();
    return {
      areas: (pots?.areas ?? []).map((each) => ({ ...each, potId: from.get(each.area) ?? null })),
      wholeMinor: wholeMinor(round.budgetMinor ?? 0, { pots }), unspent: pots?.unspent ?? 'goes-to-whole', currency: round.currency,
    };
  });

  serve(app, contract.setAreas, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.frozenAt) return refuse('frozen');
    const fields = await wrongFields(tx, round, body);
    if (fields.length > 0) return refuse('wrong-shape', { fields });
    await setAreas(tx, round, body);
    await record(tx, { fundId: fund.id, name: 'round.areas-set', subject: { round: round.id, areas: String(body.areas.length) }, actorId: actor.accountId, at: now });
    return { done: true } as const;
  });
}

async function wrongFields(tx: Transaction, round: Round, { areas, wholeMinor, unspent }: BodyOf<typeof contract.setAreas>): Promise<string[]> {
  const total = areas.reduce((sum, each) => sum + each.budgetMinor, wholeMinor);
  const others = areas.flatMap(({ potId }) => (potId === null || potId === round.potId ? [] : [potId]));
  const arePots = (await Promise.all([...new Set(others)].map((potId) => isPot(tx, round.fundId, potId)))).every(Boolean);
  return [
    ...(new Set(areas.map((each) => each.area)).size < areas.length ? ['areas'] : []),
    ...(total <= 0 || !Number.isSafeInteger(total) ? ['wholeMinor'] : []),
    ...(!arePots || (round.isPractice && others.length > 0) ? ['potId'] : []),
    // Money of another pot may be for one area only, and never leaves it.
    ...(unspent === 'goes-to-whole' && others.length > 0 ? ['unspent'] : []),
  ];
}
