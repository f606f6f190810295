/** Serves the cash contracts. */
import type { Transaction } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { languageFor } from '../../people/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { Actor } from '../../platform/actor.ts';
import type { BodyOf } from '../../platform/contract.ts';
import { readCode, showCode } from '../../platform/codes.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { sayAmount, sayDay, words } from '../../platform/words.ts';
import { payoutsPolicy } from '../policy.ts';
import { takeTurn } from '../turns.ts';
import { memberAccount } from '../vouchers/reads.ts';
import { checkBox, closeBox, countBox, openBox } from './box-writes.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { CASH_CODE_LENGTH, cashStateOf, giveCashTicket, readCashTicket, refuseCashStep } from './rules.ts';
import * as writes from './writes.ts';

const may = (actor: Actor) => mayDo(payoutsPolicy, actor.memberships.map((each) => each.role));

export function cashRoutes(app: WebApp): void {
  paymentRoutes(app);
  deskRoutes(app);
  boxRoutes(app);
}

function paymentRoutes(app: WebApp): void {
  const { services } = app;

  serve(app, contract.listCash, async ({ tx, fund, actor, query, now }) => {
    const rows = await reads.listPayments(tx, fund.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    const live = await reads.liveBox(tx, fund.id);
    return {
      payments: page.map((row) => show(row, now)), nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      box: live ? showBox(live, actor) : null, boxes: (await reads.closedBoxes(tx, fund.id)).map((each) => showBox(each, actor)),
      totals: await reads.readCashTotals(tx, fund.id),
      waiting: (await reads.waitingPayments(tx, fund.id)).map((row) => ({ ...show(row, now), handedByYou: row.handedBy === actor.accountId })),
      may: may(actor),
    };
  });

  serve(app, contract.readCash, async ({ tx, fund, actor, params, now }) => {
    const row = await reads.readPayment(tx, fund.id, params.payment);
    if (!row) return refuse('not-found');
    const changes = await reads.changesOf(tx, fund.id, row.id);
    return {
      ...show(row, now), handedByYou: row.handedBy === actor.accountId, disputedByYou: row.disputedBy === actor.accountId, shortMinor: row.shortMinor,
      changes: changes.map((each) => ({ ...each, at: each.at.toISOString() })), may: may(actor),
    };
  });

  serve(app, contract.issueCash, async ({ tx, fund, actor, body, now }) => {
    const recipientAccountId = await memberAccount(tx, fund.id, body.recipient);
    if (!recipientAccountId) return refuse('not-found');
    const tell = body.tell ? await findAddress(services, tx, fund.id, recipientAccountId, body.tell) : null;
    if (tell instanceof Refusal) return tell;
    const issued = await writes.issueCash(tx, services.secrets, { ...body, fundId: fund.id, reservationId: body.reservation, recipient: { accountId: recipientAccountId }, actorId: actor.accountId as string, at: now });
    if (issued instanceof Refusal) return issued;
    if (tell) {
      const { language, ...to } = tell;
      const facts = { code: showCode(issued.code, 3), amount: sayAmount(language, body.amountMinor, fund.currency), day: sayDay(language, body.lastDay), place: body.place, hours: body.hours };
      await enqueueMessage(services, tx, { ...to, language, subject: words(language, 'cash_subject'), body: words(language, 'cash_body', facts) });
    }
    return { id: issued.id };
  });

  serve(app, contract.moveCash, async ({ tx, fund, actor, params, body, now }) =>
    writes.moveCash(tx, { fundId: fund.id, paymentId: params.payment, ...body, actorId: actor.accountId as string, at: now }));

  serve(app, contract.myCash, async ({ tx, actor, now }) => {
    const rows = await reads.paymentsOf(tx, actor.accountId as string);
    return {
      payments: rows.map(({ payment, fund }) => {
        const { recipient: _, issuedAt: __, ...shown } = show({ ...payment, recipientName: null }, now);
        return { ...shown, fund, code: shown.state === 'ready' ? services.secrets.open('cash', payment.sealedCode) : null };
      }),
    };
  });
}

/** Where to send the code: only to an address that is the recipient's own. */
async function findAddress(services: Services, tx: Transaction, fundId: string, accountId: string, given: NonNullable<BodyOf<typeof contract.issueCash>['tell']>) {
  const recipient = normaliseAddress(given.channel, given.address);
  if (!recipient || !(await reads.isTheirs(tx, fundId, accountId, services.secrets.hash('contact', `${given.channel}:${recipient}`)))) return refuse('not-their-address');
  return { channel: given.channel, recipient, language: given.language ?? await languageFor(tx, accountId, fundId) };
}

function deskRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  serve(app, contract.lookUpCash, async ({ tx, fund, actor, body, now }) => {
    const membershipId = deskOf(actor);
    // One try at a time for each membership: many at once cannot all slip in before the tenth is counted.
    await takeTurn(tx, membershipId);
    const wait = await limits.vouchers.wait(membershipId);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readCode(body.code, CASH_CODE_LENGTH);
    const found = code ? await reads.findByCashCode(tx, fund.id, secrets.hash('cash', code)) : null;
    if (!found) {
      await limits.vouchers.wrong(membershipId);
      return refuse('cash-not-found');
    }
    const { id, title, amountMinor, lastDay } = found;
    const recipient = found.recipientName ?? '';
    return refuseCashStep(found, { to: 'handed-over', actorId: actor.accountId as string }, now) ?? (await writes.refuseKnown(tx, found, actor.accountId as string, now))
      ?? { ticket: giveCashTicket(secrets, { paymentId: id, membershipId }, now), id, recipient, title, amountMinor, lastDay };
  });

  serve(app, contract.handOver, async ({ tx, fund, actor, body, now }) => {
    const paymentId = readCashTicket(secrets, body.ticket, deskOf(actor), now);
    return paymentId ? writes.handOver(tx, { fundId: fund.id, paymentId, actorId: actor.accountId as string, at: now }) : refuse('ticket-over');
  });
}

function boxRoutes(app: WebApp): void {
  serve(app, contract.openBox, async ({ tx, fund, actor, body, now }) => openBox(tx, { fundId: fund.id, ...body, actorId: actor.accountId as string, at: now }));
  serve(app, contract.checkBox, async ({ tx, fund, actor, body, now }) => checkBox(tx, { fundId: fund.id, ...body, actorId: actor.accountId as string, at: now }));
  serve(app, contract.countBox, async ({ tx, fund, actor, body, now }) => countBox(tx, { fundId: fund.id, ...body, actorId: actor.accountId as string, at: now }));
  serve(app, contract.closeBox, async ({ tx, fund, actor, body, now }) => closeBox(tx, { fundId: fund.id, ...body, actorId: actor.accountId as string, at: now }));
}

/** The membership that stands at the desk: the first of this person's as an administrator. */
function deskOf(actor: Actor): string {
  const [first] = actor.memberships.filter((each) => each.role === 'administrator').map((each) => each.id).sort();
  if (!first) throw new Error('the guard let somebody to the desk who is no administrator');
  return first;
}

function show(row: reads.NamedPayment, now: Date) {
  const { id, title, amountMinor, place, hours, lastDay } = row;
  return { id, title, recipient: row.recipientName ?? '', amountMinor, state: cashStateOf(row, now), place, hours, lastDay, issuedAt: row.issuedAt.toISOString() };
}

function showBox({ box, openedByName, countedByName }: NonNullable<Awaited<ReturnType<typeof reads.liveBox>>>, actor: Actor) {
  const { id, name, fetchedMinor, leftMinor, countedMinor, openedAt, closedAt } = box;
  const state = closedAt ? 'closed' as const : box.countedAt ? 'counted' as const : box.checkedAt ? 'open' as const : 'opened' as const;
  const first = state === 'opened' ? box.openedBy : state === 'counted' ? box.countedBy : null;
  return {
    id, name, fetchedMinor, leftMinor, countedMinor, shortMinor: countedMinor === null ? null : leftMinor - countedMinor, state,
    openedBy: openedByName ?? '', openedAt: openedAt.toISOString(), countedBy: countedByName, closedAt: closedAt?.toISOString() ?? null, waitsForOther: first === actor.accountId,
  };
}
