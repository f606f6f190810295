/** Serves the stories' contracts. */
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { openLink } from '../payments/door.ts';
import { grantsPolicy } from '../policy.ts';
import { findGrantRound } from '../rounds/reads.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

export function storyRoutes(app: WebApp): void {
  const { services } = app;

  serve(app, contract.tellStory, async ({ tx, fund, body, now, request }) => {
    const asked = await openLink(services, tx, fund.id, { token: body.token, ip: request.ip });
    return asked instanceof Refusal ? asked : writes.tellStory(tx, services.secrets, asked, body, now);
  });

  serve(app, contract.withdrawStory, async ({ tx, fund, body, now, request }) => {
    const asked = await openLink(services, tx, fund.id, { token: body.token, ip: request.ip });
    if (asked instanceof Refusal) return asked;
    await writes.withdrawStory(tx, asked, now);
    return { done: true } as const;
  });

  serve(app, contract.listStories, async ({ tx, fund, actor, params }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round || round.phase === 'draft') return refuse('not-found');
    const may = mayDo(grantsPolicy, actor?.memberships.map((each) => each.role) ?? []);
    const isReader = may.includes(grantsPolicy.publishStory.action);
    const rows = await reads.listStories(tx, fund.id, round.id, !isReader);
    return {
      stories: rows.flatMap((row) => (row.sealedWords ? [{ request: isReader ? row.requestId : null, told: isReader ? row.toldAt.toISOString() : null, words: services.secrets.open('applicant', row.sealedWords), consents: row.consents, published: row.publishedAt !== null }] : [])),
      may,
    };
  });

  serve(app, contract.publishStory, async ({ tx, fund, actor, params, body, now }) =>
    writes.publishStory(tx, { fundId: fund.id, requestId: params.request, publish: body.publish, told: new Date(body.told), actorId: actor.accountId as string, at: now }));
}
