/** Serves the contracts of results that are set aside. */
import type { Transaction } from '@commonpot/db/client';
import type { FundScope } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { copyRound } from '../../rounds/copying.ts';
import { findRound } from '../../rounds/reads.ts';
import type { RoundRef } from '../log/reads.ts';
import * as contract from './contract.ts';
import { setAsidePolicy } from './policy.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function setAsideRoutes(app: WebApp): void {
  serve(app, contract.readSetAside, async ({ tx, fund, actor, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    const found = await reads.findSetAside(tx, ref);
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    return {
      setAside: found?.confirmedAt ? { reason: found.reason, at: found.confirmedAt.toISOString(), currency: round.currency, awards: await reads.awardsSetAside(tx, ref) } : null,
      proposed: found && !found.confirmedAt && roles.includes('administrator') ? { reason: found.reason, at: found.proposedAt.toISOString(), byYou: found.proposedBy === actor?.accountId } : null,
      isSealed: round.sealedAt !== null, may: mayDo(setAsidePolicy, roles, round.phase),
    };
  });

  serve(app, contract.listSetAside, async ({ tx, fund }) => ({ rounds: await reads.slugsSetAside(tx, fund.id) }));

  serve(app, contract.proposeSetAside, async ({ tx, fund, actor, params, body, now }) => {
    const ref = await findRef(tx, fund, params.round);
    if (ref instanceof Refusal) return ref;
    return (await writes.proposeSetAside(tx, ref, { reason: body.reason, accountId: actor.accountId as string }, now)) ?? done;
  });

  serve(app, contract.confirmSetAside, async ({ tx, fund, actor, params, now }) => {
    const ref = await findRef(tx, fund, params.round);
    return ref instanceof Refusal ? ref : ((await writes.confirmSetAside(tx, ref, actor.accountId as string, now)) ?? done);
  });

  serve(app, contract.dropSetAside, async ({ tx, fund, actor, params, now }) => {
    const ref = await findRef(tx, fund, params.round);
    return ref instanceof Refusal ? ref : ((await writes.dropSetAside(tx, ref, actor.accountId as string, now)) ?? done);
  });

  serve(app, contract.voteAgain, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (!(await reads.isSetAside(tx, { fundId: fund.id, roundId: round.id }))) return refuse('wrong-phase', { phase: round.phase });
    return copyRound(tx, fund, round, { title: body.title, as: 'again', actorId: actor.accountId as string }, now);
  });
}

async function findRef(tx: Transaction, fund: FundScope, slug: string): Promise<RoundRef | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  return round ? { fundId: fund.id, roundId: round.id } : refuse('not-found');
}
