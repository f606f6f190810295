/** Serves the panels' contracts. */
import { isTheirs } from '../../payouts/cash/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { showBeacon } from '../../rounds/draws/rules.ts';
import { asksBeacon, beaconDrawAfter } from '../../rounds/draws/usual.ts';
import { readAwaited } from '../../rounds/draws/beacon.ts';
import { declareInterest } from '../decisions/writes.ts';
import { grantsPolicy } from '../policy.ts';
import { lockRequest } from '../requests/reads.ts';
import { findGrantRound, holdGrantRoundById } from '../rounds/reads.ts';
import { thankPanel } from '../thanks/writes.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
/** A draw so far ahead would leave people without an answer. */
const DRAW_WITHIN_DAYS = 31;

export function panelRoutes(app: WebApp): void {
  const { beacon } = app.services.config;

  serve(app, contract.readPanels, async ({ tx, fund, actor, params, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const panels = [];
    for (const panel of await reads.panelsOf(tx, fund.id, round.id)) {
      const seats = await reads.seatsOf(tx, fund.id, panel.id);
      const many = (...states: string[]) => seats.filter((seat) => states.includes(seat.state)).length;
      panels.push({
        id: panel.id, seats: panel.seats, drawName: panel.drawName, drawAt: panel.drawAt.toISOString(), beacon: showBeacon(panel.drawName), committedAt: panel.committedAt.toISOString(), drawnAt: panel.drawnAt?.toISOString() ?? null,
        pool: panel.pool, digest: panel.poolDigest.toString('hex'), seed: panel.seed, order: panel.seed === null ? [] : seats.map((seat) => seat.code),
        counts: { accepted: many('accepted'), asked: many('asked'), passed: many('passed'), replaced: many('silent', 'left') },
        toThank: roles.includes('administrator') && panel.seed !== null ? (await reads.unthanked(tx, panel)).length : 0,
        mayDraw: roles.includes('administrator') && panel.seed === null && now >= panel.drawAt,
        typed: roles.includes('administrator') && panel.seed === null && panel.typedBy ? { byYou: panel.typedBy === actor?.accountId } : null,
      });
    }
    return { panels, asksBeacon: asksBeacon(beacon), may: mayDo(grantsPolicy, roles, round.phase) };
  });

  serve(app, contract.commitPanel, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findGrantRound(tx, fund.id, params.grant);
    if (!round?.charterId) return refuse('not-found');
    if (round.phase === 'closed') return refuse('wrong-phase', { phase: round.phase });
    const { panelSeats } = (await charterOf(tx, fund.id, round.charterId)).content;
    if (panelSeats === null) return refuse('not-ready');
    const draw = 'beacon' in body ? byBeacon(beaconDrawAfter(beacon, now).name) : { drawName: body.drawName, drawAt: new Date(body.drawAt) };
    if (draw.drawAt <= now || draw.drawAt.getTime() > now.getTime() + DRAW_WITHIN_DAYS * 86_400_000) return refuse('date-passed');
    const made = await writes.commitPanel(tx, round, panelSeats, draw, { actorId: actor.accountId as string, at: now });
    return made instanceof Refusal ? made : { id: made.id, digest: made.poolDigest.toString('hex'), volunteers: made.pool.length };
  });

  serve(app, contract.drawPanel, async ({ tx, fund, actor, params, body, now }) => {
    const panel = await reads.lockPanel(tx, fund.id, params.panel);
    if (!panel) return refuse('not-found');
    if ('seed' in body) return writes.drawPanel(tx, panel, body.seed, { actorId: actor.accountId as string, at: now });
    const order = await writes.drawByValue(tx, panel, { value: body.value, network: beacon.network, actorId: actor.accountId, at: now });
    return order instanceof Refusal ? order : { order, differs: false };
  });

  serve(app, contract.thankPanel, async ({ tx, fund, actor, params, body, now }) => {
    const panel = await reads.lockPanel(tx, fund.id, params.panel);
    if (!panel?.seed) return refuse('not-found');
    return thankPanel(tx, { fundId: fund.id, panelId: panel.id, accountIds: await reads.unthanked(tx, panel), amountMinor: body.amountMinor, actorId: actor.accountId as string, at: now });
  });

  memberRoutes(app);
}

/** A panel's draw by the beacon is held at the moment that its name says. */
function byBeacon(drawName: string): { drawName: string; drawAt: Date } {
  return { drawName, drawAt: readAwaited(drawName)?.at as Date };
}

function memberRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.volunteer, async ({ tx, fund, actor, body, now }) => {
    const accountId = actor.accountId as string;
    const address = body.tell && normaliseAddress(body.tell.channel, body.tell.address);
    const contact = body.tell && address ? `${body.tell.channel}:${address}` : null;
    if (body.tell && (!contact || !(await isTheirs(tx, fund.id, accountId, secrets.hash('contact', contact))))) return refuse('not-their-address');
    await writes.keepVolunteer(tx, fund.id, body.area, contact && body.area !== null ? secrets.seal('applicant', contact) : null, { actorId: accountId, at: now });
    return done;
  });

  serve(app, contract.readMyPanels, async ({ tx, fund, actor, now }) => {
    const accountId = actor.accountId as string;
    const panels = [];
    for (const { seat, panel } of await reads.seatsOfAccount(tx, fund.id, accountId)) {
      const round = await holdGrantRoundById(tx, fund.id, panel.grantRoundId, 'share');
      const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
      const sittings = seat.state === 'accepted' ? await reads.sittingsOf(tx, panel, charter, now) : [];
      panels.push({
        id: panel.id, round: { slug: round.slug, title: round.title }, seats: panel.seats, state: seat.state as 'asked' | 'accepted', answerBy: seat.state === 'asked' ? (seat.answerBy?.toISOString() ?? null) : null,
        requests: sittings.filter(({ deciders, voted }) => deciders.includes(accountId) && !voted.includes(accountId))
          .map(({ request: { id, reference, amountMinor, cumulativeMinor, purpose, askedAt, state } }) => ({ id, reference, amountMinor, cumulativeMinor, purpose, askedAt: askedAt.toISOString(), appealed: state === 'appealed' })),
      });
    }
    const would = await reads.volunteering(tx, fund.id, accountId);
    return { area: would?.area ?? null, isTold: would?.isTold ?? false, currency: fund.currency, panels };
  });

  serve(app, contract.answerSeat, async ({ tx, fund, actor, params, body, now }) => {
    const panel = await reads.lockPanel(tx, fund.id, params.panel);
    const seat = panel && (await reads.seatsOf(tx, fund.id, panel.id)).find((each) => each.accountId === actor.accountId && each.state !== 'pool');
    if (!panel || !seat) return refuse('not-found');
    const state = await writes.answerSeat(tx, panel, seat, body.answer, now);
    return state instanceof Refusal ? state : { state };
  });

  serve(app, contract.voteOnPanel, async ({ tx, fund, actor, params, body, now }) => {
    const panel = await reads.findPanel(tx, fund.id, params.panel);
    const request = panel && (await lockRequest(tx, fund.id, params.request));
    if (!panel || !request) return refuse('not-found');
    const decided = await writes.voteOnPanel(tx, panel, request, body, { actorId: actor.accountId as string, at: now });
    return decided instanceof Refusal ? decided : { state: decided.state };
  });

  serve(app, contract.declarePanelInterest, async ({ tx, fund, actor, params, now }) => {
    const panel = await reads.lockPanel(tx, fund.id, params.panel);
    const request = panel && (await lockRequest(tx, fund.id, params.request));
    if (!panel || !request || request.grantRoundId !== panel.grantRoundId) return refuse('not-found');
    const isMember = (await reads.seatsOf(tx, fund.id, panel.id)).some((seat) => seat.accountId === actor.accountId && seat.state === 'accepted');
    if (!isMember) return refuse('not-on-panel');
    await declareInterest(tx, request, { actorId: actor.accountId as string, at: now });
    await writes.settlePanel(tx, panel, now);
    return done;
  });
}
