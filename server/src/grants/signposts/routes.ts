/** Serves the signposts' contracts. */
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

export function signpostRoutes(app: WebApp): void {
  serve(app, contract.listSignposts, async ({ tx, fund }) => ({ signposts: await reads.listSignposts(tx, fund.id) }));

  serve(app, contract.addSignpost, async ({ tx, fund, body, now }) => writes.addSignpost(tx, { ...body, fundId: fund.id, madeAt: now }));

  serve(app, contract.removeSignpost, async ({ tx, fund, params }) => {
    await writes.removeSignpost(tx, fund.id, params.signpost);
    return { done: true } as const;
  });
}
