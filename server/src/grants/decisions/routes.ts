/** Serves the decisions' contracts. */
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { lockRequest } from '../requests/reads.ts';
import { findGrantRound } from '../rounds/reads.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const DAY = 86_400_000;

export function decisionRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.readQueue, async ({ tx, fund, actor, params, query }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    const charter = (await charterOf(tx, fund.id, round.charterId)).content;
    const rows = await reads.waitingRequests(tx, fund.id, round.id, { limit: query.limit, after: query.cursor });
    const page = rows.slice(0, query.limit);
    const requests = [];
    for (const { request, person, helperName } of page) {
      const { id, reference, amountMinor, cumulativeMinor, way, purpose, agree, state, askedAt, otherName, helperAccountId, helperCollects } = request;
      const notYou = await reads.whyNot(tx, request, actor.accountId as string);
      requests.push({
        id, reference, amountMinor, cumulativeMinor, way, purpose, agree, state,
        name: person.sealedName ? secrets.open('applicant', person.sealedName) : reference,
        words: request.sealedWords ? secrets.open('applicant', request.sealedWords) : null,
        proofOfAddress: charter.bands.find((band) => cumulativeMinor <= band.upToMinor)?.proofOfAddress ?? false,
        askedAt: askedAt.toISOString(), answerBy: new Date(askedAt.getTime() + charter.answerDays * DAY).toISOString(),
        hints: { otherName, sameHousehold: await reads.othersAtDoor(tx, person) },
        helper: helperAccountId ? { name: helperName ?? '', brought: await reads.broughtBy(tx, fund.id, helperAccountId), collects: helperCollects } : null,
        notYou: notYou ?? (agree === 'panel' && state !== 'appealed' ? 'panel' as const : null),
      });
    }
    return { requests, nextCursor: rows.length > query.limit ? (page.at(-1)?.request.id ?? null) : null, currency: fund.currency };
  });

  serve(app, contract.decideRequest, async ({ tx, fund, actor, params, body, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    const decided = await writes.decide(tx, request, body, { actorId: actor.accountId as string, at: now });
    return decided instanceof Refusal ? decided : { state: decided.state };
  });

  serve(app, contract.declareInterest, async ({ tx, fund, actor, params, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    await writes.declareInterest(tx, request, { actorId: actor.accountId as string, at: now });
    return { done: true } as const;
  });
}
