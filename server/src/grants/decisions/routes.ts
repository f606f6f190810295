/** Serves the decisions' contracts. */
import { levelOf } from '../../money/ledger.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve, serveApart } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { grantsPolicy } from '../policy.ts';
import { hashToken } from '../requests/links.ts';
import { findLinked, lockRequest } from '../requests/reads.ts';
import { findGrantRound, sourceOf } from '../rounds/reads.ts';
import { decideEach, type Batch } from './batches.ts';
import * as contract from './contract.ts';
import { showQueue } from './queue.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function decisionRoutes(app: WebApp): void {
  const { secrets, db, clock } = app.services;

  serve(app, contract.readQueue, async ({ tx, fund, actor, params, query, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    const charter = (await charterOf(tx, fund.id, round.charterId)).content;
    const rows = await reads.waitingRequests(tx, fund.id, round.id, { limit: query.limit, after: query.cursor });
    const page = rows.slice(0, query.limit);
    const [total, leftMinor] = [await reads.countWaiting(tx, fund.id, round.id), await levelOf(tx, fund.id, await sourceOf(tx, round))];
    return {
      round: { slug: round.slug, title: round.title }, currency: fund.currency, total, leftMinor, panels: charter.panelSeats !== null,
      requests: await showQueue(tx, secrets, round, charter, page, actor.accountId as string, now),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.request.id ?? null) : null,
      may: mayDo(grantsPolicy, actor.memberships.map((each) => each.role), round.phase),
    };
  });

  serve(app, contract.decideRequest, async ({ tx, fund, actor, params, body, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    const decided = await writes.decide(tx, request, body, { actorId: actor.accountId as string, at: now });
    return decided instanceof Refusal ? decided : { state: decided.state };
  });

  serveApart(app, contract.decideBatch, async ({ tx, fund, actor, params, body }): Promise<Batch | Refusal> => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    if (!(await charterOf(tx, fund.id, round.charterId)).content.batches) return refuse('batches-not-allowed');
    return { fundId: fund.id, grant: round.slug, actorId: actor.accountId as string, requests: body.requests };
  }, async (batch) => ({ outcomes: await decideEach(db, batch, clock()) }));

  serve(app, contract.declareInterest, async ({ tx, fund, actor, params, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    await writes.declareInterest(tx, request, { actorId: actor.accountId as string, at: now });
    return done;
  });

  witnessRoutes(app);
  appealRoutes(app);
}

function witnessRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.keepProof, async ({ tx, fund, actor, params, body, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    return (await writes.keepProof(tx, request, body.how, { actorId: actor.accountId as string, at: now })) ?? done;
  });

  serve(app, contract.setApart, async ({ tx, fund, actor, params, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    return request ? writes.sayApart(tx, request, { actorId: actor.accountId as string, at: now }) : refuse('not-found');
  });

  serve(app, contract.declareDoor, async ({ tx, fund, actor, body, now }) =>
    ({ until: (await writes.keepDoor(tx, secrets, fund.id, body.household, { actorId: actor.accountId as string, at: now })).toISOString() }));

  serve(app, contract.readDoor, async ({ tx, fund, actor, now }) => ({ until: (await reads.doorUntil(tx, fund.id, actor.accountId as string, now))?.toISOString() ?? null }));
}

function appealRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  serve(app, contract.appeal, async ({ tx, fund, body, now, request }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const linked = await findLinked(tx, fund.id, hashToken(secrets, body.token));
    if (!linked) {
      await limits.codes.wrong(request.ip);
      return refuse('wrong-code');
    }
    const appealed = await writes.appealRequest(tx, secrets, linked, body.words, now);
    return appealed instanceof Refusal ? appealed : { state: appealed.request.state, answerBy: appealed.answerBy.toISOString() };
  });
}
