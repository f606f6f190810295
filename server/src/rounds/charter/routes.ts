/** Serves the charter's contracts. */
import { mayDo } from '../../platform/policy.ts';
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { isPot } from '../reads.ts';
import * as contract from './contract.ts';
import { charterPolicy } from './policy.ts';
import { presets } from './presets.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

export function charterRoutes(app: WebApp): void {
  serve(app, contract.readCharter, async ({ tx, fund, actor, query }) => {
    const found = await reads.findCharter(tx, fund.id, query.version);
    if (!found && query.version !== undefined) return refuse('not-found');
    const versions = (await reads.listVersions(tx, fund.id)).map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }));
    const about = versions.find((row) => row.version === found?.version);
    return {
      charter: found && about ? { ...about, content: found.content, digest: found.digest.toString('hex') } : null,
      versions, statements: await reads.listStatements(tx, fund.id), currency: fund.currency,
      may: mayDo(charterPolicy, actor?.memberships.map((each) => each.role) ?? []),
    };
  });

  serve(app, contract.listPresets, async () => ({ presets: presets.map(({ name, charter }) => ({ name, content: charter })) }));

  serve(app, contract.readDraft, async ({ tx, fund, actor }) => {
    const draft = await reads.findDraft(tx, fund.id, actor.accountId as string);
    return { draft: draft && { ...draft, changedAt: draft.changedAt.toISOString() }, agencies: await reads.listAgencies(tx, fund.id) };
  });

  serve(app, contract.keepDraft, async ({ tx, fund, actor, body, now }) => {
    await writes.keepDraft(tx, { fundId: fund.id, actorId: actor.accountId as string, at: now, ...body });
    return { done: true } as const;
  });

  serve(app, contract.publishCharter, async ({ tx, fund, actor, body, now }) =>
    writes.publishCharter(tx, { fundId: fund.id, actorId: actor.accountId as string, at: now, ...body }));

  serve(app, contract.statePot, async ({ tx, fund, actor, params, body, now }) =>
    await isPot(tx, fund.id, params.pot)
      ? writes.statePot(tx, { fundId: fund.id, actorId: actor.accountId as string, at: now, potId: params.pot, ...body })
      : refuse('not-found'));
}
