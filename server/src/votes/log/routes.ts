/** Serves the log's contracts. */
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { addMirror, endMirror } from '../../rounds/mirrors/writes.ts';
import { findRound } from '../../rounds/reads.ts';
import * as contract from './contract.ts';
import { mirrorsWithAnswers } from './mirror-reads.ts';
import { lastHead, readCopies } from './reads.ts';
import { readStatement } from './statement-writes.ts';

export function logRoutes(app: WebApp): void {
  serve(app, contract.readHead, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    const ref = round && { fundId: fund.id, roundId: round.id };
    const head = ref && (await lastHead(tx, ref));
    if (!head) return refuse('not-found');
    const mirrors = await readCopies(tx, ref, head.size);
    return { ...head, signedAt: head.signedAt.toISOString(), mirrors: mirrors.map((each) => ({ ...each, takenAt: each.takenAt?.toISOString() ?? null })) };
  });

  serve(app, contract.readStatement, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    return (round && (await readStatement(tx, fund.id, round.id))) ?? refuse('not-found');
  });

  serve(app, contract.listMirrors, async ({ tx, fund }) => {
    const iso = (at: Date | null) => at?.toISOString() ?? null;
    const mirrors = await mirrorsWithAnswers(tx, fund.id);
    return { mirrors: mirrors.map((each) => ({ ...each, addedAt: iso(each.addedAt), endedAt: iso(each.endedAt), takenAt: iso(each.takenAt) })) };
  });

  serve(app, contract.addMirror, async ({ tx, fund, actor, body, now }) => {
    const id = await addMirror(tx, { fundId: fund.id, accountId: actor.accountId as string, now }, body.mirror);
    if (id instanceof Refusal) return id;
    await record(tx, { fundId: fund.id, name: 'mirror.added', subject: { mirror: id }, actorId: actor.accountId, at: now });
    return { id };
  });

  serve(app, contract.endMirror, async ({ tx, fund, actor, body, now }) => {
    const refusal = await endMirror(tx, { fundId: fund.id, accountId: actor.accountId as string, now }, body.mirror);
    if (refusal) return refusal;
    await record(tx, { fundId: fund.id, name: 'mirror.ended', subject: {}, actorId: actor.accountId, at: now });
    return { done: true as const };
  });
}
