/** Serves the draws' contracts. What is done with a private link leaves no log line. */
import { timeZoneOf } from '../../people/reads.ts';
import type { Actor } from '../../platform/actor.ts';
import { dayIn } from '../../platform/days.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import type { Transaction } from '@commonpot/db/client';
import { isDrawInOrder } from '../../rounds/draws/lottery.ts';
import { showBeacon } from '../../rounds/draws/rules.ts';
import { asksBeacon } from '../../rounds/draws/usual.ts';
import { whyNots } from '../decisions/reads.ts';
import { openLinked } from '../payments/door.ts';
import { findPanel } from '../panels/reads.ts';
import { grantsPolicy } from '../policy.ts';
import { findGrantRound, holdGrantRound } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import * as contract from './contract.ts';
import { publishList, publishPanel } from './publishing.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const isAdministrator = (actor: Actor | null) => actor?.memberships.some((each) => each.role === 'administrator') ?? false;

export function drawRoutes(app: WebApp): void {
  publicRoutes(app);
  deskRoutes(app);
  placeRoutes(app);
}

/** A round as this caller may see it: drafts are their administrators' own. */
async function findShown(tx: Transaction, fundId: string, slug: string, actor: Actor | null): Promise<GrantRound | null> {
  const round = await findGrantRound(tx, fundId, slug);
  return round && (round.phase !== 'draft' || isAdministrator(actor)) ? round : null;
}

function publicRoutes(app: WebApp): void {
  const { beacon } = app.services.config;

  serve(app, contract.readDraws, async ({ tx, fund, actor, params }) => {
    const round = await findShown(tx, fund.id, params.grant, actor);
    if (!round) return refuse('not-found');
    const drawing = await reads.drawingOf(tx, round);
    const { slug, title, kind, phase } = round;
    const draws = [];
    for (const draw of await reads.drawsOf(tx, round)) if (round.phase === 'draft' || draw.fixedAt) draws.push(await showDraw(tx, draw, isAdministrator(actor) ? (actor?.accountId ?? null) : null));
    const order = drawing?.order;
    return {
      round: { slug, title, kind, phase }, currency: fund.currency, draws, asksBeacon: asksBeacon(beacon),
      weights: order ? { firstTime: order.firstTimeTickets, missed: order.missedTickets, most: order.mostTickets, reservePercent: order.reservePercent } : null,
      may: mayDo(grantsPolicy, actor?.memberships.map((each) => each.role) ?? [], round.phase),
    };
  });

  serve(app, contract.readDraw, async ({ tx, fund, params }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    const [draw, drawing] = round ? [await reads.findDraw(tx, round, params.number), await reads.drawingOf(tx, round)] : [null, null];
    return round && drawing && draw?.committedAt ? publishList(tx, round, draw, drawing) : refuse('not-found');
  });

  serve(app, contract.readPanelDraw, async ({ tx, fund, params }) => {
    const panel = await findPanel(tx, fund.id, params.panel);
    return panel ? publishPanel(tx, panel) : refuse('not-found');
  });
}

/** One draw as everybody sees it. `reader` is an administrator's account. */
async function showDraw(tx: Transaction, draw: reads.GrantDraw, reader: string | null) {
  const { number, drawName, drawOn, committedAt, isEnough, drawnAt, poolDigest, drawnOn, text, evidence, missed, seed, reserveMinor } = draw;
  const { pool, order } = await reads.poolOf(tx, draw);
  const of = new Map(pool.map((each) => [each.code, each]));
  const { reached, waiting, picked } = await reads.reachedOf(tx, draw);
  const results = reader && committedAt && !isEnough && !drawnAt ? await reads.resultsOf(tx, draw) : null;
  return {
    number, draw: { name: drawName, date: drawOn, beacon: showBeacon(drawName) }, state: drawnAt ? 'drawn' as const : isEnough ? 'enough' as const : committedAt ? 'committed' as const : 'named' as const,
    committedAt: committedAt?.toISOString() ?? null, digest: poolDigest?.toString('hex') ?? null,
    drawn: drawnOn && text && evidence && seed ? { date: drawnOn, text, evidence, missed: missed ?? [], seed: seed.toString('hex') } : null,
    entries: pool.length, tickets: pool.reduce((sum, each) => sum + each.tickets, 0), order: order.flatMap((code) => of.get(code) ?? []),
    reached, waiting, reserve: { keptMinor: reserveMinor, picked },
    typed: results && { people: results.length, byYou: results.some((each) => each.enteredBy === reader), differs: new Set(results.map((each) => `${each.drawnOn} ${each.text} ${each.missed.join()}`)).size > 1 },
  };
}

function deskRoutes(app: WebApp): void {
  const { secrets, config } = app.services;

  serve(app, contract.nameDraw, async ({ tx, fund, actor, params, body, now }) => {
    const round = await holdGrantRound(tx, fund.id, params.grant, 'update');
    if (!round) return refuse('not-found');
    return (await writes.nameDraw(tx, round, 'beacon' in body ? null : body, config.beacon, { actorId: actor.accountId as string, at: now })) ?? done;
  });

  serve(app, contract.enterResult, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    const draw = round && (await reads.findDraw(tx, round, params.number));
    if (!round || !draw) return refuse('not-found');
    if ('value' in body) return writes.enterValue(tx, round, draw, { value: body.value, network: config.beacon.network, actorId: actor.accountId, at: now });
    // A demonstration runs on one machine for show, and does not wait for days.
    const today = config.demonstration ? body.drawnOn : dayIn(now, await timeZoneOf(tx, fund.id));
    if (!isDrawInOrder(body, draw.drawOn, today)) return refuse('draw-too-early', { date: draw.drawOn });
    return writes.enterResult(tx, round, draw, body, { actorId: actor.accountId as string, at: now });
  });

  serve(app, contract.listWaiting, async ({ tx, fund, actor, params, query, now }) => {
    const round = await findShown(tx, fund.id, params.grant, actor);
    if (!round?.charterId) return refuse('not-found');
    const rows = await reads.waitingToPick(tx, round, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    const accountId = actor.accountId as string;
    const { reserveMinor } = await reads.moneyOf(tx, round);
    const names = await reads.namesOf(tx, fund.id, page.map((row) => row.request.applicantId));
    const known = await whyNots(tx, page.map((row) => row.request), accountId, now);
    return {
      requests: page.map(({ request, pick }) => {
        const notYou = known.has(request.id);
        const sealed = request.sealedName ?? names.get(request.applicantId);
        return {
          id: request.id, reference: request.reference, amountMinor: request.amountMinor, askedAt: request.askedAt.toISOString(), notYou, picked: pick !== null, byYou: pick?.pickedBy === accountId,
          name: !notYou && sealed ? secrets.open('applicant', sealed) : request.reference, words: !notYou && request.sealedWords ? secrets.open('applicant', request.sealedWords) : null,
        };
      }),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.request.id ?? null) : null, currency: fund.currency, reserveMinor,
    };
  });

  serve(app, contract.pickFromReserve, async ({ tx, fund, actor, params, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    return round ? writes.pickFromReserve(tx, round, params.request, { actorId: actor.accountId as string, at: now }) : refuse('not-found');
  });
}

function placeRoutes(app: WebApp): void {
  serve(app, contract.readPlace, async ({ tx, fund, body, request }) => {
    const linked = await openLinked(app.services, tx, fund.id, { token: body.token, ip: request.ip });
    return linked instanceof Refusal ? linked : { place: await reads.placeOf(tx, linked) };
  });
}
