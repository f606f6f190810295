/** Serves the contracts between the close and the end of the turnout roll. */
import type { Transaction } from '@commonpot/db/client';
import { timeZoneOf } from '../../people/reads.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { dayIn } from '../../platform/days.ts';
import { mayDo } from '../../platform/policy.ts';
import { drawSquare } from '../../platform/press/square.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { addressOf, readAwaited } from '../../rounds/draws/beacon.ts';
import { showBeacon } from '../../rounds/draws/rules.ts';
import { asksBeacon } from '../../rounds/draws/usual.ts';
import { isDrawInOrder } from '../../rounds/draws/lottery.ts';
import { findRound, lockRound } from '../../rounds/reads.ts';
import { resolveElector } from '../../rounds/roll/reads.ts';
import { turnoutRollEnd, type Round } from '../../rounds/rules.ts';
import { keepRecoverySheet } from '../../rounds/writes.ts';
import { roundKeys, uuidBytes } from '../ballots/protocol.ts';
import { lotCommitment } from '../published/bytes.ts';
import { enqueueCount } from '../tally/jobs.ts';
import { confirmedStrikes } from './box-reads.ts';
import * as contract from './contract.ts';
import { sealingPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { drawSample, sampleSeed } from './rules.ts';
import { sheetRows } from './sheet.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const refOf = (round: Round) => ({ fundId: round.fundId, roundId: round.id });

export function sealingRoutes(app: WebApp): void {
  standing(app);
  objections(app);
  draw(app);
  turnout(app);
  recovery(app);
}

/** A round as this caller may see it: drafts are their administrators' own. */
async function findShown(tx: Transaction, fund: FundScope, slug: string, actor: Actor | null): Promise<Round | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  const isAdministrator = actor?.memberships.some((each) => each.role === 'administrator') ?? false;
  return !round || (round.phase === 'draft' && !isAdministrator) ? refuse('not-found') : round;
}

function standing(app: WebApp): void {
  serve(app, contract.readSealing, async ({ tx, services, fund, actor, params }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const ref = refOf(round);
    const [lot, ends, sealed, drawn, last] = [
      await reads.readLotDraw(tx, ref), await reads.readObjections(tx, round), await reads.readSeal(tx, ref), await reads.readDraw(tx, ref), await reads.lastProvisional(tx, ref),
    ];
    const timeZone = await timeZoneOf(tx, fund.id);
    const struck = sealed ? sealed.facts.strikes : (await confirmedStrikes(tx, ref)).map(({ reason, confirmedAt }) => ({ on: dayIn(confirmedAt as Date, timeZone), reason }));
    const check = await reads.readCheck(tx, ref);
    return {
      objectionsEndAt: ends?.endsAt.toISOString() ?? null, strikes: struck,
      draw: lot && { name: lot.name, date: lot.date, beacon: showBeacon(lot.name), insteadOf: lot.insteadOf },
      asksBeacon: asksBeacon(services.config.beacon),
      waitingForLot: round.sealedAt ? [] : (last?.tied ?? []),
      drawn: drawn && { on: drawn.drawnOn, text: drawn.text, evidence: drawn.evidence, missed: drawn.missed },
      observers: round.observers, hasKey: ends && !round.sealedAt ? (await services.keys.read(round.id)) !== null : null, sealedAt: round.sealedAt?.toISOString() ?? null, totalsOnly: sealed?.facts.totalsOnly ?? false,
      turnout: sealed && round.sealedAt ? { people: sealed.facts.turnout.people, channels: sealed.facts.turnout.channels, areas: reads.areasOf(sealed.facts) } : null,
      rollUntil: round.sealedAt ? turnoutRollEnd(round.sealedAt).toISOString() : null,
      check: check && { voted: check.voted, didNot: check.didNot, notReached: check.notReached },
      may: mayDo(sealingPolicy, actor?.memberships.map((each) => each.role) ?? [], round.phase),
    };
  });
}

function objections(app: WebApp): void {
  serve(app, contract.listObjections, async ({ tx, fund, actor, params }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const strikes = await reads.listStrikes(tx, refOf(round));
    return {
      objections: strikes.map(({ proposedBy, ...each }) => ({ ...each, proposedAt: each.proposedAt.toISOString(), confirmedAt: each.confirmedAt?.toISOString() ?? null, byYou: proposedBy === actor.accountId })),
    };
  });

  serve(app, contract.proposeStrike, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    if (!(await reads.isElector(tx, refOf(round), body.elector))) return refuse('not-found');
    return (await writes.proposeStrike(tx, { ...refOf(round), electorId: body.elector, accountId: actor.accountId as string, now }, body.reason)) ?? done;
  });

  serve(app, contract.confirmStrike, async ({ tx, services, fund, actor, params, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const refusal = await writes.confirmStrike(tx, { ...refOf(round), electorId: params.elector, accountId: actor.accountId as string, now });
    if (refusal) return refusal;
    await enqueueCount(services, tx);
    return done;
  });

  serve(app, contract.dropStrike, async ({ tx, fund, actor, params, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    return (await writes.dropStrike(tx, { ...refOf(round), electorId: params.elector, accountId: actor.accountId as string, now })) ?? done;
  });
}

function draw(app: WebApp): void {
  serve(app, contract.enterDraw, async ({ tx, services, fund, actor, params, body, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const ref = refOf(round);
    if (round.phase !== 'counting' || (await reads.readSeal(tx, ref))) return refuse('wrong-phase', { phase: round.phase });
    const [lot, last] = [await reads.readLotDraw(tx, ref), await reads.lastProvisional(tx, ref)];
    if (!lot || !last || last.tied.length === 0) return refuse('nothing-to-draw');
    if ('value' in body) {
      const refusal = await writes.enterValue(tx, ref, lot.name, { value: body.value, network: services.config.beacon.network, actorId: actor.accountId, at: now });
      if (refusal) return refusal;
      await enqueueCount(services, tx);
      return { confirmed: true, differs: false };
    }
    const awaited = readAwaited(lot.name);
    if (awaited) return refuse('beacon-value-wrong', { address: addressOf(awaited) });
    // A demonstration runs on one machine for show, and does not wait for days.
    const today = services.config.demonstration ? body.drawnOn : now.toISOString().slice(0, 10);
    if (!isDrawInOrder(body, lot.date, today)) return refuse('draw-too-early', { date: lot.date });
    // What was drawn before the log was closed could have been known to whoever closed it.
    const closedOn = lot.lastHeadAt?.toISOString().slice(0, 10) ?? '';
    if (!services.config.demonstration && body.drawnOn <= closedOn) return refuse('draw-too-early', { date: closedOn });
    const entered = await writes.enterDraw(tx, ref, body, actor.accountId as string, now);
    if (entered instanceof Refusal) return entered;
    if (entered.confirmed) await enqueueCount(services, tx);
    return { confirmed: entered.confirmed, differs: !entered.confirmed && (await reads.readTypedDraws(tx, ref)).length > 1 };
  });
}

function turnout(app: WebApp): void {
  serve(app, contract.readMyTurnout, async ({ tx, fund, actor, params, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const elector = await resolveElector(tx, { actor, fundId: fund.id, roundId: round.id });
    if (elector instanceof Refusal) return elector;
    const counted = await reads.isOnTurnoutRoll(tx, refOf(round), elector.electorId);
    if (counted === null || !round.sealedAt || now >= turnoutRollEnd(round.sealedAt)) return refuse('roll-erased');
    return { counted, until: turnoutRollEnd(round.sealedAt).toISOString() };
  });

  serve(app, contract.readSample, async ({ tx, fund, actor, params, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    const ref = refOf(round);
    const [sealed, names] = [await reads.readSeal(tx, ref), await reads.namesOnTurnoutRoll(tx, ref)];
    if (!sealed?.facts.lot || !round.sealedAt || now >= turnoutRollEnd(round.sealedAt)) return refuse('roll-erased');
    const seed = sampleSeed({ round: uuidBytes(round.id), lotKey: Buffer.from(sealed.facts.lot.key, 'hex'), root: Buffer.from(sealed.facts.root, 'hex') });
    const check = await reads.readCheck(tx, ref);
    return {
      people: drawSample(seed, [...names.keys()]).flatMap((id) => names.get(id) ?? []), seed: seed.toString('hex'), until: turnoutRollEnd(round.sealedAt).toISOString(),
      check: check && { voted: check.voted, didNot: check.didNot, notReached: check.notReached },
    };
  });

  serve(app, contract.keepCheck, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findShown(tx, fund, params.round, actor);
    if (round instanceof Refusal) return round;
    if (!round.sealedAt) return refuse('wrong-phase', { phase: round.phase });
    if (now >= turnoutRollEnd(round.sealedAt)) return refuse('roll-erased');
    await writes.keepCheck(tx, refOf(round), body, actor.accountId as string, now);
    return done;
  });
}

function recovery(app: WebApp): void {
  serve(app, contract.printRecoverySheet, async ({ tx, services, fund, actor, params, now, reply }) => {
    const round = await lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.frozenAt) return refuse('frozen');
    // Nothing is sealed under it yet. A new key makes every sheet void that was printed before, and cannot be shown twice.
    await services.keys.destroy(round.id);
    await services.keys.create(round.id);
    const key = await services.keys.read(round.id);
    if (!key) throw new Error('a round’s key cannot be read right after it was made');
    const rows = sheetRows(key);
    const check = lotCommitment(roundKeys(key, uuidBytes(round.id)).lot);
    key.fill(0);
    await keepRecoverySheet(tx, fund.id, round.id, { accountId: actor.accountId as string, check }, now);
    await record(tx, { fundId: fund.id, name: 'round.recovery-sheet-printed', subject: { round: round.id }, actorId: actor.accountId, at: now });
    reply.header('cache-control', 'no-store');
    return { rows, square: drawSquare(rows.join('\n')), printedAt: now.toISOString() };
  });
}
