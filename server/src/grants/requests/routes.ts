/** Serves the requests' contracts. What is done with a private link leaves no log line. */
import type { Transaction } from '@commonpot/db/client';
import { daysAfter } from '../../platform/days.ts';
import { newCode, showCode } from '../../platform/codes.ts';
import type { FundScope } from '../../platform/actor.ts';
import { networkOf } from '../../platform/limits.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { readLanguage } from '../../platform/words.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { BodyOf } from '../../platform/contract.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { howDecided } from '../decisions/reads.ts';
import { awardRequest } from '../decisions/writes.ts';
import { holdGrantRound, holdGrantRoundById } from '../rounds/reads.ts';
import { isAsking } from '../rounds/rules.ts';
import * as contract from './contract.ts';
import { hashToken, sendLink, tokenOf } from './links.ts';
import * as reads from './reads.ts';
import { WAITING, WITHDRAWABLE } from './rules.ts';
import type { Asking } from './writes.ts';
import * as writes from './writes.ts';

const REFERENCE_CHARACTERS = 6;

function show(secrets: Secrets, request: reads.Request, charter: Charter) {
  return { reference: request.reference, token: tokenOf(secrets, request.clientKey), state: request.state, answerBy: daysAfter(request.askedAt, charter.answerDays).toISOString() };
}

export function requestRoutes(app: WebApp): void {
  askRoutes(app);
  linkRoutes(app);
}

function askRoutes(app: WebApp): void {
  const { secrets } = app.services;

  /** Takes a request in; the same one sent again is answered as the first was. */
  async function ask(tx: Transaction, fund: FundScope, slug: string, body: BodyOf<typeof contract.ask>, helper: Asking['helper'], now: Date) {
    const round = await holdGrantRound(tx, fund.id, slug, 'share');
    if (!round || round.phase === 'draft') return refuse('not-found');
    const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
    const clientKey = Buffer.from(body.clientKey, 'hex');
    const known = await reads.findByClientKey(tx, fund.id, round.id, clientKey);
    if (known) return known.amountMinor === body.amountMinor ? show(secrets, known, charter) : refuse('already-exists');
    if (!isAsking(round, now)) return refuse('not-asking-now');
    if (!charter.ways.includes(body.way)) return refuse('way-not-offered');
    const contact = readContact(body.contact);
    const isDoorMissing = charter.householdCapMinor !== null && !body.household && !body.apart;
    const fields = [...(contact || (helper && !body.contact) ? [] : ['contact']), ...(isDoorMissing ? ['household'] : [])];
    if (fields.length > 0) return refuse('wrong-shape', { fields });
    const taken = await writes.takeIn(tx, secrets, round, charter, {
      ...body, contact, clientKey, tokenHash: hashToken(secrets, tokenOf(secrets, clientKey)), reference: showCode(newCode(REFERENCE_CHARACTERS)), helper,
      name: body.group ? `${body.group} (${body.name})` : body.name, forGroup: body.group !== null,
    }, now);
    // What others at the door were given is nobody's business, so the cap of an address is met without a sum.
    if (taken instanceof Refusal) return taken.code === 'over-household-cap' ? refuse('over-household-cap') : taken;
    if (taken.agree !== 'at-once' || taken.state !== 'asked') return show(secrets, taken, charter);
    const awarded = await awardRequest(tx, taken, round, { actorId: null, at: now });
    return awarded instanceof Refusal ? awarded : show(secrets, awarded, charter);
  }

  serve(app, contract.ask, async ({ tx, fund, params, body, now }) => ask(tx, fund, params.grant, body, null, now));

  serve(app, contract.askFor, async ({ tx, fund, actor, params, body, now }) =>
    ask(tx, fund, params.grant, body, { accountId: actor.accountId as string, collects: body.collects, consent: body.consent }, now));
}

/** An address in its one form, or null when it cannot be one. */
function readContact(given: { channel: 'email' | 'sms'; address: string } | null): { channel: 'email' | 'sms'; address: string } | null {
  const address = given && normaliseAddress(given.channel, given.address);
  if (!given || !address || (given.channel === 'email' && !/^\S+@\S+\.\S+$/.test(address))) return null;
  return { channel: given.channel, address };
}

function linkRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  /** The request behind a private link; a wrong one counts as a wrong code. */
  async function findAsked(tx: Transaction, fund: FundScope, token: string, ip: string): Promise<reads.Request | Refusal> {
    const wait = await limits.codes.wait(ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const found = await reads.lockByTokenHash(tx, fund.id, hashToken(secrets, token));
    if (found) return found;
    await limits.codes.wrong(ip);
    return refuse('wrong-code');
  }

  serve(app, contract.lookAtRequest, async ({ tx, fund, body, now, request }) => {
    const asked = await findAsked(tx, fund, body.token, request.ip);
    if (asked instanceof Refusal) return asked;
    const round = await holdGrantRoundById(tx, fund.id, asked.grantRoundId, 'share');
    const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
    const last = await reads.lastMove(tx, asked);
    const { reference, amountMinor, way, agree, state } = asked;
    const since = last?.at ?? asked.askedAt;
    const answerBy = daysAfter(asked.askedAt, charter.answerDays);
    const adopted = charter.route.kind === 'agency-adopts' ? charter.route.withinDays : 0;
    return {
      reference, round: { slug: round.slug, title: round.title }, amountMinor, currency: fund.currency, way, agree, state,
      askedAt: asked.askedAt.toISOString(), answerBy: answerBy.toISOString(), since: since.toISOString(), isLate: WAITING.includes(state) && state !== 'appealed' && now > answerBy,
      payBy: state === 'awarded' ? daysAfter(since, charter.payDays + adopted).toISOString() : null, reason: last?.reason ?? null,
      appealUntil: state === 'declined' ? daysAfter(since, charter.dispute.appealDays).toISOString() : null,
      decided: await howDecided(tx, fund.id, asked.id), dispute: charter.dispute.words, eraseAfterDays: charter.eraseAfterDays, mayWithdraw: WITHDRAWABLE.includes(state), isToldNews: asked.mayWrite,
    };
  });

  serve(app, contract.withdrawRequest, async ({ tx, fund, body, now, request }) => {
    const asked = await findAsked(tx, fund, body.token, request.ip);
    if (asked instanceof Refusal) return asked;
    if (asked.state === 'withdrawn') return { state: asked.state };
    if (!WITHDRAWABLE.includes(asked.state)) return refuse('already-decided', { state: asked.state });
    return { state: (await writes.moveRequest(tx, asked, { to: 'withdrawn', actorId: null, at: now })).state };
  });

  serve(app, contract.sendLinkAgain, async ({ tx, services, fund, body, request }) => {
    const network = networkOf(request.ip);
    if ((await limits.asks.wait(network)) > 0) return refuse('codes-exhausted');
    await limits.asks.wrong(network);
    const done = { done: true } as const;
    const contact = readContact(body);
    if (!contact) return done;
    const contactHash = secrets.hash('contact', `${contact.channel}:${contact.address}`);
    const who = `${fund.id}:${contactHash.toString('hex')}`;
    if ((await limits.links.wait(who)) > 0) return done;
    await limits.links.wrong(who);
    for (const { clientKey, language } of await reads.requestsOfContact(tx, fund.id, contactHash)) {
      await sendLink(services, tx, { fund, channel: contact.channel, recipient: contact.address, language: readLanguage(language) ?? body.language, clientKey, sentence: 'request_link' });
    }
    return done;
  });
}
