/** Serves the disbursements' contracts. */
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

export function disbursementRoutes(app: WebApp): void {
  serve(app, contract.listWaiting, async ({ tx, fund, actor }) => {
    const rows = await reads.waitingPayouts(tx, fund.id);
    return { payouts: rows.map(({ recordedById, recordedAt, ...row }) => ({ ...row, recordedAt: recordedAt.toISOString(), recordedByYou: recordedById === actor.accountId })) };
  });

  serve(app, contract.publishUpdate, async ({ tx, fund, actor, params, body, now }) =>
    writes.publishUpdate(tx, { fundId: fund.id, disbursementId: params.disbursement, words: body.words, actorId: actor.accountId as string, at: now }));

  serve(app, contract.recordPayout, async ({ tx, fund, actor, params, body, now }) =>
    writes.recordPayout(tx, { fundId: fund.id, disbursementId: params.disbursement, reference: body.reference, actorId: actor.accountId as string, at: now }));

  serve(app, contract.movePayout, async ({ tx, fund, actor, params, body, now }) =>
    writes.movePayout(tx, { fundId: fund.id, payoutId: params.payout, ...body, actorId: actor.accountId as string, at: now }));
}
