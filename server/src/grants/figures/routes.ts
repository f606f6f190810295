/** Serves the figures' contract. */
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { findGrantRound } from '../rounds/reads.ts';
import { lostUntil } from '../trust/reads.ts';
import * as contract from './contract.ts';
import { promisesOf } from './promise-reads.ts';
import { factsOf } from './reads.ts';
import { drawUp, figuresUntil } from './rules.ts';

export function figureRoutes(app: WebApp): void {
  serve(app, contract.readFigures, async ({ tx, fund, params, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    const until = figuresUntil(round.phase, now);
    const { bands } = (await charterOf(tx, fund.id, round.charterId)).content;
    return { until: until.toISOString(), currency: fund.currency, title: round.title, phase: round.phase, lostMinor: await lostUntil(tx, fund.id, until), promises: await promisesOf(tx, { fundId: fund.id, grantRoundId: round.id }, until), ...drawUp(await factsOf(tx, fund.id, round.id, until), bands) };
  });
}
