/** Serves the consents' contracts. What people under the age and their parents do leaves no log line. */
import { randomBytes } from 'node:crypto';
import type { Transaction } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { accountOfContact } from '../../people/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { networkOf } from '../../platform/limits.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { words } from '../../platform/words.ts';
import { findRound } from '../reads.ts';
import { resolveElector } from '../roll/reads.ts';
import { isOver } from '../roll/rules.ts';
import type { Round } from '../rules.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { ASKS_MAX, readReference } from './rules.ts';
import type { Decision } from './writes.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function consentRoutes(app: WebApp): void {
  ownRoutes(app);
  parentRoutes(app);
  deskRoutes(app);
}

/** The round and the caller's place in it. */
async function findOwn(tx: Transaction, fund: FundScope, slug: string, actor: Actor): Promise<{ round: Round; electorId: string } | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  if (!round || round.phase === 'draft') return refuse('not-found');
  const elector = await resolveElector(tx, { actor, fundId: fund.id, roundId: round.id });
  return elector instanceof Refusal ? elector : { round, electorId: elector.electorId };
}

function ownRoutes(app: WebApp): void {
  const { limits, secrets, config } = app.services;

  serve(app, contract.readConsent, async ({ tx, fund, actor, params, now }) => {
    const own = await findOwn(tx, fund, params.round, actor);
    if (own instanceof Refusal) return own;
    const { state, reference, asks } = await reads.consentOf(tx, own.round, own.electorId, now);
    return { belowAge: own.round.consentBelowAge, state, reference, asksLeft: ASKS_MAX - asks };
  });

  serve(app, contract.askConsent, async ({ tx, services, fund, actor, params, body, now, request }) => {
    const own = await findOwn(tx, fund, params.round, actor);
    if (own instanceof Refusal) return own;
    const { round, electorId } = own;
    if (isOver(round, now)) return refuse('voting-closed');
    const { state } = await reads.consentOf(tx, round, electorId, now);
    if (state === 'not-needed' || round.consentBelowAge === null) return refuse('consent-not-asked');
    if (state === 'given') return refuse('already-decided');
    await writes.needConsent(tx, round, electorId, now);
    if (body.by !== 'paper') {
      const recipient = normaliseAddress(body.by, body.address);
      if (!recipient) return refuse('wrong-shape', { fields: ['address'] });
      const owner = actor.accountId && (await accountOfContact(tx, fund.id, secrets.hash('contact', `${body.by}:${recipient}`)));
      if (owner && owner === actor.accountId) return refuse('same-person');
      const network = networkOf(request.ip);
      if ((await limits.asks.wait(network)) > 0) return refuse('codes-exhausted');
      await limits.asks.wrong(network);
      const token = randomBytes(16).toString('base64url');
      if (!(await writes.keepToken(tx, round, electorId, hashToken(services, round, token)))) return refuse('asked-enough');
      const link = `${config.publicUrl}/f/${fund.slug}/rounds/${round.slug}/consent/${token}`;
      const { language, name } = body;
      const facts = { title: round.title, age: String(round.consentBelowAge), link };
      await enqueueMessage(services, tx, {
        channel: body.by, recipient, language, subject: words(language, 'consent_subject'),
        body: name ? words(language, 'consent_body_named', { ...facts, name }) : words(language, 'consent_body', facts),
      });
    }
    const after = await reads.consentOf(tx, round, electorId, now);
    return { reference: after.reference as string, asksLeft: ASKS_MAX - after.asks };
  });
}

/** A link's token is hashed with its round, so that it opens nothing in another. */
function hashToken(services: Services, round: Round, token: string): Buffer {
  return services.secrets.hash('consent', `${round.id}:${token}`);
}

function parentRoutes(app: WebApp): void {
  const { limits } = app.services;

  /** The round and the consent behind a link; a wrong one counts as a wrong code. */
  async function findAsked(tx: Transaction, fund: FundScope, slug: string, token: string, ip: string) {
    const wait = await limits.codes.wait(ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const round = await findRound(tx, fund.id, slug);
    const asked = round && (await reads.lockByToken(tx, round, hashToken(app.services, round, token)));
    if (round?.consentBelowAge && asked) return { round, belowAge: round.consentBelowAge, ...asked };
    await limits.codes.wrong(ip);
    return refuse('wrong-code');
  }

  serve(app, contract.lookAtConsent, async ({ tx, fund, params, body, request }) => {
    const asked = await findAsked(tx, fund, params.round, body.token, request.ip);
    if (asked instanceof Refusal) return asked;
    return { belowAge: asked.belowAge, state: asked.state, closesAt: asked.round.votingClosesAt?.toISOString() ?? null };
  });

  serve(app, contract.answerConsent, async ({ tx, fund, params, body, now, request }) => {
    const asked = await findAsked(tx, fund, params.round, body.token, request.ip);
    if (asked instanceof Refusal) return asked;
    if (isOver(asked.round, now)) return refuse('voting-closed');
    const state: Decision['state'] = body.answer === 'yes' ? 'given' : asked.state === 'given' || asked.state === 'withdrawn' ? 'withdrawn' : 'refused';
    if (state === asked.state) return { state };
    await writes.decide(tx, asked.round, asked.electorId, { state, how: 'message', seenBy: null }, now);
    await record(tx, { fundId: fund.id, name: `consent.${state}`, subject: { round: asked.round.id }, actorId: null, at: now });
    return { state };
  });
}

function deskRoutes(app: WebApp): void {
  serve(app, contract.seeConsent, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.consentBelowAge === null) return refuse('consent-not-asked');
    if (round.phase !== 'draft' && isOver(round, now)) return refuse('voting-closed');
    const reference = 'reference' in body ? readReference(body.reference) : null;
    const electorId = 'elector' in body ? body.elector : reference && (await reads.findByReference(tx, round, reference));
    const standing = electorId ? (await reads.standingsOf(tx, round, [electorId], now)).get(electorId) : undefined;
    if (!electorId || !standing) return refuse('not-found');
    if (standing.state === 'not-needed') return refuse('consent-not-asked');
    await writes.needConsent(tx, round, electorId, now);
    await writes.decide(tx, round, electorId, { state: body.seen ? 'given' : 'withdrawn', how: 'paper', seenBy: actor.accountId }, now);
    await record(tx, { fundId: fund.id, name: body.seen ? 'consent.seen' : 'consent.withdrawn', subject: { round: round.id }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.countConsents, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    return round ? reads.countConsents(tx, round) : refuse('not-found');
  });
}
