/** Serves the steps' contract. */
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as contract from './contract.ts';
import { readStepsOf } from './reads.ts';

export function stepRoutes(app: WebApp): void {
  serve(app, contract.readSteps, async ({ tx, fund, params }) => (await readStepsOf(tx, fund.id, params.round)) ?? refuse('not-found'));
}
