/** Serves the pictures' contract, and their files: the same bytes at the same address for ever, or nothing. */
import { setScope, type Transaction } from '@commonpot/db/client';
import { Refusal } from '../problems.ts';
import { record } from '../record.ts';
import { sendProblem, serve } from '../serve.ts';
import type { WebApp } from '../services.ts';
import * as contract from './contract.ts';
import { readFile } from './reads.ts';
import { readFileName } from './rules.ts';
import * as writes from './writes.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function pictureRoutes(app: WebApp): void {
  for (const { route, decide, name } of [{ route: contract.hidePicture, decide: writes.hidePicture, name: 'picture.hidden' }, { route: contract.showPicture, decide: writes.showPicture, name: 'picture.shown' }]) {
    serve(app, route, async ({ tx, fund, actor, params, body, now }) => {
      const refusal = await decide(tx, { fundId: fund.id, pictureId: params.picture, reason: body.reason, accountId: actor.accountId as string, at: now });
      if (refusal instanceof Refusal) return refusal;
      await record(tx, { fundId: fund.id, name, subject: { picture: params.picture }, actorId: actor.accountId, at: now });
      return { done: true as const };
    });
  }

  app.get<{ Params: { fund: string; picture: string; file: string } }>('/api/v1/funds/:fund/pictures/:picture/:file', { schema: { hide: true } as object }, async (request, reply) => {
    const { params } = request;
    const file = readFileName(params.file);
    const bytes = file && ID.test(params.picture)
      ? await app.services.db.transaction(async (drizzleTx) => {
        const tx = drizzleTx as unknown as Transaction;
        const fund = await app.services.findFund(tx, params.fund);
        if (!fund) return null;
        await setScope(tx, { fund: fund.id });
        return readFile(tx, fund.id, params.picture, file);
      })
      : null;
    if (!bytes || !file) return sendProblem(reply, 'not-found');
    return reply.header('content-type', `image/${file.format}`).header('cache-control', 'public, max-age=31536000, immutable').send(bytes);
  });
}
