/** Serves the contracts of decision day. */
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { beaconDraw, HALL_MARGIN_HOURS, hourAfter } from '../../rounds/draws/beacon.ts';
import { showBeacon } from '../../rounds/draws/rules.ts';
import { asksBeacon } from '../../rounds/draws/usual.ts';
import { findRound } from '../../rounds/reads.ts';
import { uuidBytes } from '../ballots/protocol.ts';
import * as contract from './contract.ts';
import { hallPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { orderCommitment } from './rules.ts';
import * as writes from './writes.ts';

export function hallRoutes(app: WebApp): void {
  const { beacon } = app.services.config;

  serve(app, contract.readHallOrder, async ({ tx, fund, actor, params }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const round = await findRound(tx, fund.id, params.round);
    if (!round || (round.phase === 'draft' && !roles.includes('administrator'))) return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    const found = await reads.findHallOrder(tx, ref);
    const { secret, drawn, drawnAt } = found ?? {};
    const made = secret && drawn && drawnAt ? { text: drawn, at: drawnAt.toISOString(), secret: secret.toString('hex'), ...(await reads.orderOf(tx, ref, { secret, drawn })) } : null;
    const typed = found && !made && roles.includes('administrator') ? await reads.listTyped(tx, ref) : null;
    return {
      state: made ? 'drawn' as const : found ? 'announced' as const : 'none' as const,
      announced: found && { how: found.how, beacon: showBeacon(found.how), at: found.announcedAt.toISOString(), commitment: orderCommitment(found.secret).toString('hex') },
      drawn: made && { ...made, seed: made.seed.toString('hex') },
      round: uuidBytes(round.id).toString('hex'),
      typed: typed && { yours: typed.find((each) => each.by === actor?.accountId)?.drawn ?? null, byAnother: typed.some((each) => each.by !== actor?.accountId) },
      asksBeacon: asksBeacon(beacon),
      may: mayDo(hallPolicy, roles, round.phase),
    };
  });

  serve(app, contract.announceHallDraw, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const commitment = await writes.announce(tx, { fundId: fund.id, roundId: round.id, accountId: actor.accountId as string, now }, 'beacon' in body ? beaconDraw(beacon.network, hourAfter(now, HALL_MARGIN_HOURS)).name : body.how);
    return commitment instanceof Refusal ? commitment : { commitment: commitment.toString('hex') };
  });

  serve(app, contract.enterHallDraw, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    if ('value' in body) return writes.enterValue(tx, ref, { value: body.value, network: beacon.network, actorId: actor.accountId, at: now });
    return writes.enterDraw(tx, { ...ref, accountId: actor.accountId as string, now }, body.drawn);
  });
}
