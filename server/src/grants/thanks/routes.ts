/** Serves the contracts of thank-yous. */
import { memberAccount } from '../../payouts/vouchers/reads.ts';
import { mayDo } from '../../platform/policy.ts';
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { grantsPolicy } from '../policy.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

function show({ id, what, amountMinor, givenAt, chooseUntil, way }: reads.ThankYou) {
  return { id, what, amountMinor, givenAt: givenAt.toISOString(), chooseUntil: chooseUntil.toISOString(), way };
}

export function thanksRoutes(app: WebApp): void {
  serve(app, contract.listThanks, async ({ tx, fund, actor }) => ({
    thanks: (await reads.listThanks(tx, fund.id)).map(({ row, to }) => ({ ...show(row), to: to ?? '' })), currency: fund.currency,
    may: mayDo(grantsPolicy, actor.memberships.map((each) => each.role)),
  }));

  serve(app, contract.giveThanks, async ({ tx, fund, actor, body, now }) => {
    const accountId = await memberAccount(tx, fund.id, body.member);
    return accountId ? writes.giveThanks(tx, { ...body, fundId: fund.id, accountId, actorId: actor.accountId as string, at: now }) : refuse('not-found');
  });

  serve(app, contract.myThanks, async ({ tx, actor }) => ({
    thanks: (await reads.thanksOf(tx, actor.accountId as string)).map(({ row, fund: { slug, name, currency }, note }) => ({ ...show(row), fund: { slug, name, currency }, note })),
  }));

  serve(app, contract.chooseThanks, async ({ tx, services, fund, actor, params, body, now }) =>
    writes.chooseThanks(tx, services.secrets, { fundId: fund.id, id: params.thanks, accountId: actor.accountId as string, way: body.way, at: now }));
}
