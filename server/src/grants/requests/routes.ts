/** Serves the requests' contracts. What is done with a private link leaves no log line. */
import type { Transaction } from '@commonpot/db/client';
import type { Agree } from '@commonpot/db/grants';
import { levelOf } from '../../money/ledger.ts';
import { isTheirs } from '../../payouts/cash/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { newCode, showCode } from '../../platform/codes.ts';
import type { BodyOf } from '../../platform/contract.ts';
import { daysAfter } from '../../platform/days.ts';
import { networkOf } from '../../platform/limits.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { readLanguage } from '../../platform/words.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { howDecided, proofLeft, waitingForMoney } from '../decisions/reads.ts';
import { asksForProof } from '../decisions/rules.ts';
import { answerFrom, awaitsDraw } from '../draw/reads.ts';
import { awardRequest, limitInTheWay } from '../decisions/writes.ts';
import { standingOf as listWith } from '../adoption/reads.ts';
import { adoptingRoute } from '../adoption/rules.ts';
import { awardOf, findTerms } from '../payments/reads.ts';
import { holdGrantRound, holdGrantRoundById, sourceOf } from '../rounds/reads.ts';
import { isAsking, type GrantRound } from '../rounds/rules.ts';
import * as contract from './contract.ts';
import { mayRing } from './jobs.ts';
import { hashToken, sendLink, tokenOf } from './links.ts';
import * as reads from './reads.ts';
import { measureAlone, REFERENCE_CHARACTERS, WAITING, WITHDRAWABLE } from './rules.ts';
import type { Asking } from './writes.ts';
import * as writes from './writes.ts';

/** What anybody may see who holds a link that never went to the address: nothing of it follows from earlier requests. */
function plain({ request, isOwn, first }: reads.Linked): { state: reads.Request['state']; reference: string; askedAt: Date } {
  const isWaiting = request.state === 'asked' || request.state === 'half';
  if (isOwn || !isWaiting) return request;
  return { state: 'asked', reference: first.reference, askedAt: first.askedAt };
}

async function show(tx: Transaction, secrets: Secrets, linked: reads.Linked, charter: Charter) {
  const { state, reference } = plain(linked);
  return { reference, token: tokenOf(secrets, linked.first.clientKey), state, answerBy: daysAfter(await answerFrom(tx, linked.first), charter.answerDays).toISOString() };
}

export function requestRoutes(app: WebApp): void {
  askRoutes(app);
  linkRoutes(app);
  ownLinkRoutes(app);
}

interface Sent {
  tx: Transaction;
  services: Services;
  fund: FundScope;
  slug: string;
  body: BodyOf<typeof contract.ask>;
  actor: Actor | null;
  helper: Asking['helper'];
  ip: string;
  now: Date;
}

function askRoutes(app: WebApp): void {
  serve(app, contract.ask, async ({ params, request, ...call }) => ask({ ...call, slug: params.grant, helper: null, ip: request.ip }));

  serve(app, contract.askFor, async ({ params, request, actor, body, ...call }) =>
    ask({ ...call, actor, body, slug: params.grant, helper: { accountId: actor.accountId as string, collects: body.collects, consent: body.consent }, ip: request.ip }));
}

/** Takes a request in; the same one sent again is answered as the first was. */
async function ask({ tx, services, fund, slug, body, actor, helper, ip, now }: Sent) {
  const { secrets, limits } = services;
  const round = await holdGrantRound(tx, fund.id, slug, 'share');
  if (!round || round.phase === 'draft') return refuse('not-found');
  const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
  const clientKey = Buffer.from(body.clientKey, 'hex');
  const tokenHash = hashToken(secrets, tokenOf(secrets, clientKey));
  const known = await reads.findByClientKey(tx, fund.id, round.id, clientKey);
  if (known) {
    const linked = await reads.lockByTokenHash(tx, fund.id, tokenHash);
    return known.amountMinor === body.amountMinor && linked ? show(tx, secrets, linked, charter) : refuse('already-exists');
  }
  if (!isAsking(round, now)) return refuse('not-asking-now');
  if (!charter.ways.includes(body.way)) return refuse('way-not-offered');
  const contact = readContact(body.contact);
  const isDoorMissing = charter.householdCapMinor !== null && !body.household && !body.apart;
  const fields = [...(contact || (helper && !body.contact) ? [] : ['contact']), ...(isDoorMissing ? ['household'] : [])];
  if (fields.length > 0) return refuse('wrong-shape', { fields });
  const wait = await limits.requests.wait(ip);
  if (wait > 0) return refuse('too-many-requests', { waitSeconds: Math.ceil(wait / 1000), phone: (await findTerms(tx, fund.id))?.phone ?? null });
  await limits.requests.wrong(ip);
  const contactHash = contact && secrets.hash('contact', `${contact.channel}:${contact.address}`);
  const isTheirOwn = contactHash !== null && actor?.accountId ? await isTheirs(tx, fund.id, actor.accountId, contactHash) : false;
  const isAdministrator = helper !== null && (actor?.memberships.some((each) => each.role === 'administrator') ?? false);
  const taken = await writes.takeIn(tx, secrets, round, charter, {
    ...body, contact, clientKey, tokenHash, reference: showCode(newCode(REFERENCE_CHARACTERS)), helper, tells: isAdministrator ? 'all' : isTheirOwn ? 'own' : 'nothing',
    name: body.group ? `${body.group} (${body.name})` : body.name, forGroup: body.group !== null,
  }, now);
  if (taken instanceof Refusal) return taken;
  const linked = { request: taken, first: taken, isOwn: false };
  if (taken.state !== 'asked' || bandAlone(charter, taken.amountMinor, now) !== 'at-once') return show(tx, secrets, linked, charter);
  // Nobody looks at what is given at once, so it is given to whoever holds the address: signed in, or by the link that goes there now.
  if (isTheirOwn) await writes.keepConfirmed(tx, taken, now);
  if (isTheirOwn) {
    const given = await giveAtOnce(tx, round, charter, taken, now);
    return given instanceof Refusal ? given : show(tx, secrets, { ...linked, request: given }, charter);
  }
  if (taken.mayWrite && contact && contactHash && (await mayRing(services, fund.id, contactHash))) {
    await sendLink(services, tx, taken, { fund, contact: `${contact.channel}:${contact.address}`, language: readLanguage(taken.language) ?? 'en', sentence: 'request_confirm' });
    await writes.keepTold(tx, taken);
  }
  return show(tx, secrets, linked, charter);
}

/** An address in its one form, or null when it cannot be one. */
function readContact(given: { channel: 'email' | 'sms'; address: string } | null): { channel: 'email' | 'sms'; address: string } | null {
  const address = given && normaliseAddress(given.channel, given.address);
  return given && address ? { channel: given.channel, address } : null;
}

/** The request behind a private link; a wrong one counts as a wrong code. */
async function findAsked({ secrets, limits }: Services, tx: Transaction, fund: FundScope, token: string, ip: string): Promise<reads.Linked | Refusal> {
  const wait = await limits.codes.wait(ip);
  if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
  const found = await reads.lockByTokenHash(tx, fund.id, hashToken(secrets, token));
  if (found) return found;
  await limits.codes.wrong(ip);
  return refuse('wrong-code');
}

function linkRoutes(app: WebApp): void {
  const { services } = app;

  serve(app, contract.lookAtRequest, async ({ tx, fund, body, now, request }) => {
    const linked = await findAsked(services, tx, fund, body.token, request.ip);
    if (linked instanceof Refusal) return linked;
    const { request: asked, isOwn } = linked;
    const round = await holdGrantRoundById(tx, fund.id, asked.grantRoundId, 'share');
    const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
    const last = await reads.lastMove(tx, asked);
    const hold = isOwn ? await reads.holdOf(tx, asked) : null;
    const place = asked.state === 'listed' ? (await waitingForMoney(tx, round)).findIndex((each) => each.id === asked.id) + 1 : 0;
    const { amountMinor, way } = asked;
    const { state, reference, askedAt } = plain(linked);
    const since = state === asked.state ? (last?.at ?? askedAt) : askedAt;
    // Looked at again, the days count anew.
    const answerBy = daysAfter(state === 'appealed' ? since : await answerFrom(tx, isOwn ? asked : linked.first), charter.answerDays);
    const paying = state === 'awarded' ? await payFrom(tx, asked, charter, since) : { from: null, body: null };
    const isWaiting = WAITING.includes(state);
    const proof = isWaiting && !hold && !(await awaitsDraw(tx, asked)) ? await proofFor(tx, linked, charter) : null;
    return {
      reference, round: { slug: round.slug, title: round.title }, amountMinor, currency: fund.currency, way, state, agree: isOwn ? asked.agree : plainAgree(charter, asked, now),
      askedAt: askedAt.toISOString(), answerBy: answerBy.toISOString(), since: since.toISOString(), isLate: isWaiting && !hold && now > answerBy,
      payBy: paying.from ? daysAfter(paying.from, charter.payDays).toISOString() : null, body: paying.body, reason: last?.reason ?? null,
      appealUntil: state === 'declined' ? daysAfter(since, charter.dispute.appealDays).toISOString() : null,
      decided: isOwn ? await howDecided(tx, fund.id, asked.id) : { people: 0, yes: 0, panel: false },
      dispute: charter.dispute.words, eraseAfterDays: charter.eraseAfterDays, disclosureDays: charter.disclosureDays, proof, mayWithdraw: WITHDRAWABLE.includes(state), isToldNews: asked.mayWrite,
      isOwn, money: place > 0 ? { place } : null, held: hold && state === 'asked' ? { why: hold.why, notBefore: hold.notBefore.toISOString() } : null,
      mayConfirm: isOwn && !asked.confirmedAt && state === 'asked' && asked.agree === 'at-once' && !hold, maySend: !isOwn && asked.mayWrite && (isWaiting || state === 'awarded'),
    };
  });

  serve(app, contract.withdrawRequest, async ({ tx, fund, body, now, request }) => {
    const linked = await findAsked(services, tx, fund, body.token, request.ip);
    if (linked instanceof Refusal) return linked;
    const { request: asked } = linked;
    if (asked.state === 'withdrawn') return { state: asked.state };
    if (!WITHDRAWABLE.includes(asked.state)) return refuse('already-decided', { state: asked.state });
    return { state: (await writes.moveRequest(tx, asked, { to: 'withdrawn', actorId: null, at: now })).state };
  });
}

/** From when the days of paying an award count: from the award, or from when the body that the charter names adopted it, at the latest on its date. */
async function payFrom(tx: Transaction, asked: reads.Request, charter: Charter, awardedAt: Date): Promise<{ from: Date | null; body: { name: string; until: string | null } | null }> {
  const route = adoptingRoute(charter);
  const award = route && (await awardOf(tx, asked));
  if (!route || !award) return { from: awardedAt, body: null };
  const list = await listWith(tx, asked.fundId, award.id);
  return { from: list?.endedAt ?? list?.dueAt ?? null, body: list?.endedAt ? null : { name: route.body, until: list?.dueAt.toISOString() ?? null } };
}

/** The look at a proof of address that is still to come, and where to ring about it; by a link that is not the person's own as if they had never asked. */
async function proofFor(tx: Transaction, { request: asked, isOwn }: reads.Linked, charter: Charter): Promise<{ how: 'look' | 'meet'; phone: string | null } | null> {
  const how = isOwn ? await proofLeft(tx, asked, charter) : asksForProof(charter, asked.amountMinor) ? 'look' : null;
  return how && { how, phone: (await findTerms(tx, asked.fundId))?.phone ?? null };
}

/** Who agrees to an amount, as if nothing was known of whoever asks; null beyond the cap. */
function bandAlone(charter: Charter, amountMinor: number, now: Date): Agree | null {
  const alone = measureAlone(charter, amountMinor, now);
  return alone.kind === 'within' ? alone.band.agree : null;
}

/** What the amount alone asks for, whoever asks. */
function plainAgree(charter: Charter, { amountMinor, asksApart }: reads.Request, now: Date): Agree {
  const agree = bandAlone(charter, amountMinor, now) ?? 'one';
  return asksApart && agree !== 'panel' ? 'two' : agree;
}

/** Links that go to the address itself, and what whoever holds it may do. */
function ownLinkRoutes(app: WebApp): void {
  const { services } = app;
  const { secrets, limits } = services;

  serve(app, contract.confirmRequest, async ({ tx, fund, body, now, request }) => {
    const linked = await findAsked(services, tx, fund, body.token, request.ip);
    if (linked instanceof Refusal) return linked;
    const { request: asked, isOwn } = linked;
    if (!isOwn) return refuse('not-their-address');
    await writes.keepConfirmed(tx, asked, now);
    if (asked.state !== 'asked' || asked.agree !== 'at-once' || (await reads.holdOf(tx, asked))) return { state: asked.state };
    const round = await holdGrantRoundById(tx, fund.id, asked.grantRoundId, 'share');
    const given = await giveAtOnce(tx, round, (await charterOf(tx, fund.id, round.charterId as string)).content, asked, now);
    return given instanceof Refusal ? given : { state: given.state };
  });

  serve(app, contract.sendOwnLink, async ({ tx, fund, body, request }) => {
    const linked = await findAsked(services, tx, fund, body.token, request.ip);
    if (linked instanceof Refusal) return linked;
    const { request: asked } = linked;
    const { sealedContact, contactHash } = await reads.findApplicant(tx, fund.id, asked.applicantId);
    if (asked.mayWrite && sealedContact && contactHash && (await mayRing(services, fund.id, contactHash))) {
      await sendLink(services, tx, asked, { fund, contact: secrets.open('applicant', sealedContact), language: readLanguage(asked.language) ?? 'en', sentence: 'request_link' });
    }
    return { done: true as const };
  });

  serve(app, contract.sendLinkAgain, async ({ tx, fund, body, request }) => {
    const network = networkOf(request.ip);
    if ((await limits.asks.wait(network)) > 0) return refuse('codes-exhausted');
    await limits.asks.wrong(network);
    const done = { done: true } as const;
    const contact = readContact(body);
    if (!contact) return done;
    const address = `${contact.channel}:${contact.address}`;
    const contactHash = secrets.hash('contact', address);
    if (!(await mayRing(services, fund.id, contactHash))) return done;
    for (const of of await reads.requestsOfContact(tx, fund.id, contactHash)) {
      await sendLink(services, tx, of, { fund, contact: address, language: readLanguage(of.language) ?? body.language, sentence: 'request_link' });
    }
    return done;
  });
}

/** Gives at once what the charter lets be given at once, while the day's sum and the pot hold it; else it waits for a person. Refuses `not-enough-money` when somebody else took the last of it in the same instant. */
async function giveAtOnce(tx: Transaction, round: GrantRound, charter: Charter, asked: reads.Request, now: Date): Promise<reads.Request | Refusal> {
  if (asked.agree !== 'at-once' || round.phase === 'closed' || (await reads.holdOf(tx, asked)) || (await awaitsDraw(tx, asked))) return asked;
  await writes.holdTurns(tx, asked);
  if (!(await writes.fitsToday(tx, asked.fundId, charter, asked.amountMinor, now)) || (await levelOf(tx, asked.fundId, await sourceOf(tx, round))) < asked.amountMinor) return asked;
  if ((await limitInTheWay(tx, charter, asked, now)) || (await waitingForMoney(tx, round)).length > 0) return asked;
  return awardRequest(tx, asked, round, { actorId: null, at: now });
}
