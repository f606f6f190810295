/** Serves the payments' contracts. What is done with a private link leaves no log line. */
import type { Transaction } from '@commonpot/db/client';
import { shopNames } from '../../payouts/vouchers/reads.ts';
import { faceOf } from '../../payouts/vouchers/rules.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { grantsPolicy } from '../policy.ts';
import { lockRequest, type Linked, type Request } from '../requests/reads.ts';
import { findGrantRound, holdGrantRoundById } from '../rounds/reads.ts';
import { storyOf } from '../stories/reads.ts';
import * as contract from './contract.ts';
import { openLinked } from './door.ts';
import * as reads from './reads.ts';
import type { Turn } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const may = (actor: Actor) => mayDo(grantsPolicy, actor.memberships.map((each) => each.role));

export function paymentRoutes(app: WebApp): void {
  termsRoutes(app);
  payRoutes(app);
  holderRoutes(app);
}

function termsRoutes(app: WebApp): void {
  serve(app, contract.readTerms, async ({ tx, fund, actor }) => {
    const { terms: found, agreedMinor, agreedPot, waits } = await reads.thanksStanding(tx, fund.id);
    const waiting = found && waits ? { minor: found.thanksLimitMinor, pot: found.thanksPotId, byYou: found.statedBy === actor.accountId } : null;
    return { terms: found && { place: found.place, hours: found.hours, thanksPot: found.thanksPotId, thanksLimitMinor: found.thanksLimitMinor, thanksNote: found.thanksNote, hourMinor: found.hourMinor, phone: found.phone }, thanksLimit: { agreedMinor, agreedPot, waiting }, may: may(actor) };
  });

  serve(app, contract.stateTerms, async ({ tx, fund, actor, body, now }) => {
    const { thanksPot, ...rest } = body;
    await writes.stateTerms(tx, fund.id, { ...rest, thanksPotId: thanksPot }, { actorId: actor.accountId as string, at: now });
    return done;
  });

  serve(app, contract.agreeToLimit, async ({ tx, fund, actor, body, now }) => writes.agreeToLimit(tx, fund.id, body, { actorId: actor.accountId as string, at: now }));
}

function payRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.listPayments, async ({ tx, fund, actor, params, query }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round) return refuse('not-found');
    const rows = await reads.awardedRequests(tx, fund.id, round.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    const payments = [];
    for (const row of page) {
      const payment = await reads.paymentOf(tx, row);
      if (payment) payments.push(showPayment(payment, actor));
    }
    return { payments, nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null, currency: fund.currency, may: may(actor) };
  });

  serve(app, contract.startPayment, async ({ tx, fund, actor, params, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    return request ? writes.startPayment(tx, secrets, request, { actorId: actor.accountId as string, at: now }) : refuse('not-found');
  });

  serve(app, contract.giveUpPayment, async ({ tx, fund, actor, params, body, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    if (!request) return refuse('not-found');
    if ((await reads.barredFrom(tx, request, now)).includes(actor.accountId as string)) return refuse('knows-applicant');
    return writes.giveUp(tx, request, body.note, { actorId: actor.accountId as string, at: now });
  });

  serve(app, contract.readAccount, async ({ tx, fund, actor, params, now }) => {
    const request = await lockRequest(tx, fund.id, params.request);
    const payment = request && (await reads.paymentOf(tx, request));
    if (!request || payment?.last?.row.way !== 'bank' || payment.last.state !== 'going') return refuse('not-found');
    if ((await reads.barredFrom(tx, request, now)).includes(actor.accountId as string)) return refuse('knows-applicant');
    const sealed = await reads.sealedAccount(tx, fund.id, request.id);
    if (!sealed) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'bank-details.read', subject: { request: request.id }, actorId: actor.accountId, at: now });
    return JSON.parse(secrets.open('applicant', sealed)) as { name: string; number: string };
  });
}

const untilOf = (turn: Turn): string | null => (turn.of === 'person' || turn.of === 'body' ? (turn.until?.toISOString() ?? null) : null);

function showPayment({ request, award, last, turn }: reads.Payment, actor: Actor) {
  return {
    request: request.id, reference: request.reference, amountMinor: award.amountMinor, way: request.way, awardedAt: award.madeAt.toISOString(),
    turn: turn.of, until: untilOf(turn),
    last: last && {
      state: last.state, way: last.row.way, voucher: last.row.voucherId, cash: last.row.cashId, disbursement: last.row.disbursementId,
      payout: last.bank?.id ?? null, payoutState: last.bank?.state ?? null, orderedByYou: last.bank?.recordedBy === actor.accountId,
    },
  };
}

function holderRoutes(app: WebApp): void {
  const { services } = app;

  serve(app, contract.lookAtPayment, async ({ tx, fund, body, request }) => {
    const linked = await openLinked(services, tx, fund.id, { token: body.token, ip: request.ip });
    return linked instanceof Refusal ? linked : { payment: await lookAt(services, tx, fund, linked) };
  });

  serve(app, contract.choosePayment, async ({ tx, fund, body, now, request }) => {
    const linked = await openLinked(services, tx, fund.id, { token: body.token, ip: request.ip });
    if (linked instanceof Refusal) return linked;
    const { request: asked } = linked;
    if (!mayCollect(linked)) return refuse('not-their-address');
    if (!(await waysOf(tx, asked)).includes(body.way)) return refuse('way-not-offered');
    return writes.choose(tx, services.secrets, asked, body, now);
  });
}

async function waysOf(tx: Transaction, of: Request) {
  const round = await holdGrantRoundById(tx, of.fundId, of.grantRoundId, 'share');
  return (await charterOf(tx, of.fundId, round.charterId as string)).content.ways;
}

/** Whether whoever holds a link is paid by it. A helper who does not collect is not, where the person has a link of their own. */
function mayCollect({ request: { helperAccountId, helperCollects, mayWrite }, isOwn }: Linked): boolean {
  return isOwn || helperAccountId === null || helperCollects || !mayWrite;
}

async function lookAt({ secrets, config }: Services, tx: Transaction, fund: FundScope, linked: Linked) {
  const { request: asked } = linked;
  const payment = await reads.paymentOf(tx, asked);
  if (!payment) return null;
  const { last, turn } = payment;
  const isOpen = last !== null && last.row.endedAs !== 'failed' && last.state !== 'failed';
  const isTheirs = mayCollect(linked);
  const { voucher, cash, bank } = isOpen && isTheirs ? last : { voucher: null, cash: null, bank: null };
  const told = await storyOf(tx, fund.id, asked.id);
  return {
    turn: turn.of, until: untilOf(turn),
    amountMinor: asked.amountMinor, currency: fund.currency, way: asked.way, ways: await waysOf(tx, asked), failed: last?.state === 'failed', hasAccount: payment.hasAccount, refusedFor: payment.refusedFor,
    voucher: voucher && {
      ...faceOf(config.publicUrl, secrets.open('voucher', voucher.sealedCode)), valueMinor: voucher.valueMinor, balanceMinor: last?.balanceMinor ?? 0, lastDay: voucher.lastDay, shops: await shopNames(tx, fund.id),
    },
    cash: cash && { code: cash.state === 'ready' ? secrets.open('cash', cash.sealedCode) : null, state: cash.state, place: cash.place, hours: cash.hours, lastDay: cash.lastDay },
    elsewhere: !isTheirs, bank: isOpen && isTheirs && last.row.way === 'bank' ? (last.state === 'in-doubt' ? 'in-doubt' as const : last.state === 'paid' ? 'paid' as const : bank ? 'ordered' as const : 'preparing' as const) : null,
    story: told?.sealedWords ? { words: secrets.open('applicant', told.sealedWords), consents: told.consents, published: told.publishedAt !== null } : null,
  };
}
