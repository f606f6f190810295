/** Serves the tally's contract. */
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as contract from './contract.ts';
import { readResult } from './reads.ts';

export function tallyRoutes(app: WebApp): void {
  serve(app, contract.readTally, async ({ tx, fund, params }) => (await readResult(tx, fund.id, params.round)) ?? refuse('not-found'));
}
