/** Serves the log's contracts. */
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import * as contract from './contract.ts';
import { lastHead, readCopies } from './reads.ts';
import { readStatement } from './statement-writes.ts';

export function logRoutes(app: WebApp): void {
  serve(app, contract.readHead, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    const ref = round && { fundId: fund.id, roundId: round.id };
    const head = ref && (await lastHead(tx, ref));
    if (!head) return refuse('not-found');
    const mirrors = await readCopies(tx, ref, head.size);
    return { ...head, signedAt: head.signedAt.toISOString(), mirrors: mirrors.map((each) => ({ ...each, takenAt: each.takenAt?.toISOString() ?? null })) };
  });

  serve(app, contract.readStatement, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    return (round && (await readStatement(tx, fund.id, round.id))) ?? refuse('not-found');
  });
}
