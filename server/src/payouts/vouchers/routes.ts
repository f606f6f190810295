/** Serves the vouchers' contracts. */
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { payoutsPolicy } from '../policy.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { faceOf, stateOf } from './rules.ts';
import * as writes from './writes.ts';

export function voucherRoutes(app: WebApp): void {
  const { secrets, config } = app.services;

  serve(app, contract.listVouchers, async ({ tx, fund, actor, query, now }) => {
    const rows = await reads.listVouchers(tx, fund.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    return {
      vouchers: page.map((row) => show(row, now)),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.voucher.id ?? null) : null,
      totals: await reads.readTotals(tx, fund.id),
      may: mayDo(payoutsPolicy, actor.memberships.map((each) => each.role)),
    };
  });

  serve(app, contract.readVoucher, async ({ tx, fund, actor, params, now }) => {
    const row = await reads.readVoucher(tx, fund.id, params.voucher);
    if (!row) return refuse('not-found');
    const shown = show(row, now);
    const isIssuer = row.voucher.issuedBy === actor.accountId;
    const release = await reads.releaseOf(tx, row.voucher);
    const printable = shown.state === 'good' && !shown.printed && isIssuer && release !== 'waits';
    return { ...shown, printable, release, releasable: shown.state === 'good' && release === 'waits' && !isIssuer && row.voucher.holderAccountId !== actor.accountId, may: mayDo(payoutsPolicy, actor.memberships.map((each) => each.role)) };
  });

  serve(app, contract.issueVoucher, async ({ tx, fund, actor, body, now }) => {
    const holderAccountId = body.holder ? await reads.memberAccount(tx, fund.id, body.holder) : null;
    if (body.holder && !holderAccountId) return refuse('not-found');
    return writes.issueVoucher(tx, secrets, { ...body, fundId: fund.id, holderAccountId, actorId: actor.accountId as string, at: now });
  });

  serve(app, contract.printVoucher, async ({ tx, fund, actor, params, now }) => {
    const opened = await writes.openForPaper(tx, secrets, { fundId: fund.id, voucherId: params.voucher, actorId: actor.accountId as string, at: now });
    if (opened instanceof Refusal) return opened;
    const { code, title, lastDay } = opened;
    return { ...faceOf(config.publicUrl, code), title, lastDay, shops: await reads.shopNames(tx, fund.id) };
  });

  serve(app, contract.releaseVoucher, async ({ tx, fund, actor, params, now }) =>
    writes.releaseVoucher(tx, { fundId: fund.id, voucherId: params.voucher, actorId: actor.accountId as string, at: now }));

  serve(app, contract.cancelVoucher, async ({ tx, fund, actor, params, now }) =>
    writes.cancelVoucher(tx, { fundId: fund.id, voucherId: params.voucher, actorId: actor.accountId as string, at: now }));

  serve(app, contract.myVouchers, async ({ tx, actor, now }) => {
    const rows = await reads.vouchersOf(tx, actor.accountId as string);
    return {
      vouchers: rows.map(({ voucher, balanceMinor, fund, shops, release }) => {
        const state = stateOf(voucher, balanceMinor, now);
        const { id, title, valueMinor, lastDay } = voucher;
        const waits = state === 'good' && release === 'waits';
        const face = state === 'good' && !waits ? faceOf(config.publicUrl, secrets.open('voucher', voucher.sealedCode)) : null;
        return { id, title, valueMinor, balanceMinor, state, lastDay, fund: { slug: fund.slug, name: fund.name, currency: fund.currency }, shops, waits, face };
      }),
    };
  });
}

type Row = NonNullable<Awaited<ReturnType<typeof reads.readVoucher>>>;

function show({ voucher, balanceMinor, holder }: Row, now: Date) {
  const { id, title, valueMinor, lastDay } = voucher;
  return { id, title, holder, valueMinor, balanceMinor, state: stateOf(voucher, balanceMinor, now), lastDay, issuedAt: voucher.issuedAt.toISOString(), printed: voucher.printedAt !== null };
}
