/** Serves the roll's contracts. Joining and entering a code leave no log line and no event. */
import type { Transaction } from '@commonpot/db/client';
import { newCode, showCode } from '../../platform/codes.ts';
import type { BodyOf } from '../../platform/contract.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { mayDo } from '../../platform/policy.ts';
import { record } from '../../platform/record.ts';
import type { FundScope } from '../../platform/actor.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { hasAddress } from '../../people/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import { giveSession } from '../../people/sessions.ts';
import { createSession, endSessionsOfElectors } from '../../people/writes.ts';
import { listConsents, needConsent } from '../consent/writes.ts';
import { standingsOf } from '../consent/reads.ts';
import { roundPolicy } from '../policy.ts';
import { findRound, lockRound } from '../reads.ts';
import { codesNeedNames, turnoutRollEnd, type Round } from '../rules.ts';
import { findByTypedCode, hashCode } from './codes.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import { CODE_SESSION_MINUTES, findArea, isOldEnough, isOver, VOTER_CODE_LENGTH } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const keyOf = (round: Round) => ({ fundId: round.fundId, roundId: round.id });

export function rollRoutes(app: WebApp): void {
  takePart(app);
  keepRoll(app);
  printCodes(app);
}

function takePart(app: WebApp): void {
  const { limits } = app.services;

  serve(app, contract.joinRound, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findOpenRound(tx, fund, params.round, now);
    if (round instanceof Refusal) return round;
    const accountId = actor.accountId as string;
    if (await writes.findElectorOfAccount(tx, keyOf(round), accountId)) return done;
    if (!round.credentials.includes(body.credential)) return refuse('credential-not-in-use');
    await writes.holdRoll(tx, keyOf(round), 'join');
    if (await reads.hasSecondPlace(tx, fund.id, round.id, accountId)) return refuse('number-used');
    const join = async (as: Parameters<typeof writes.joinAs>[3]) => {
      const electorId = await writes.joinAs(tx, keyOf(round), accountId, as);
      if (electorId && round.consentBelowAge !== null && body.needsConsent) await needConsent(tx, round, electorId, now);
      return electorId;
    };
    // Whoever is listed is that entry, however they come: the same person never stands on the roll twice.
    const entry = await reads.findEntryOfAccount(tx, fund.id, round.id, accountId);
    if (entry) {
      if (round.minimumAge !== null && entry.bornYear !== null && !isOldEnough(entry.bornYear, round.minimumAge, now)) return refuse('too-young');
      if (round.consentBelowAge !== null && entry.bornYear === null && body.needsConsent === undefined) return refuse('wrong-shape', { fields: ['needsConsent'] });
      return (await join({ electorId: entry.electorId })) ? done : refuse('not-on-roll');
    }
    if (body.credential === 'roll') return refuse('not-on-roll');
    // The round proves one address; who came with a printed card has none.
    if (!(await hasAddress(tx, accountId, fund.id))) return refuse('not-on-roll');
    if (round.minimumAge !== null && !body.isOldEnough) return refuse('too-young');
    const area = round.area.length > 0 ? findArea(round.area, body.place ?? '') : null;
    if (round.area.length > 0 && area === null) return body.place ? refuse('outside-area') : refuse('wrong-shape', { fields: ['place'] });
    if (round.consentBelowAge !== null && body.needsConsent === undefined) return refuse('wrong-shape', { fields: ['needsConsent'] });
    await join({ area });
    return done;
  });

  serve(app, contract.enterVoterCode, async ({ tx, fund, params, body, now, request, reply }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    if (round.phase === 'ideas' || round.phase === 'review') return refuse('voting-not-open');
    // After the seal a code opens the turnout roll: whether a ballot was counted in its bearer's name.
    const showsRoll = round.sealedAt !== null && now < turnoutRollEnd(round.sealedAt);
    if (isOver(round, now) && !showsRoll) return refuse('voting-closed');
    const electorId = await findByTypedCode(tx, app.services, round, body.code);
    if (!electorId) {
      await limits.codes.wrong(request.ip);
      return refuse('wrong-code');
    }
    giveSession(reply, await createSession(tx, { fundId: fund.id, roundId: round.id, electorId }, CODE_SESSION_MINUTES, now), now);
    return done;
  });
}

/** A round that people can still join. */
async function findOpenRound(tx: Transaction, fund: FundScope, slug: string, now: Date): Promise<Round | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  if (!round || round.phase === 'draft') return refuse('not-found');
  return isOver(round, now) ? refuse('voting-closed') : round;
}

function printCodes(app: WebApp): void {
  const { services } = app;

  serve(app, contract.makeCodes, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findGrowingRoll(tx, fund, params.round, now);
    if (round instanceof Refusal) return round;
    if (!round.credentials.includes('code')) return refuse('credential-not-in-use');
    const given = 'assigned' in body ? body.assigned : [body];
    if (given.some((each) => 'area' in each && !isKnownArea(round, each.area))) return refuse('wrong-shape', { fields: ['area'] });
    if ('count' in body && (codesNeedNames(round.credentials) || round.consentBelowAge !== null)) return refuse('codes-need-names');
    // A name alone would not tell that its bearer joined by an address as well.
    if ('assigned' in body && round.credentials.includes('sign-in')) return refuse('codes-need-names');
    const people = await peopleForCodes(tx, round, body);
    const codes = people.map(() => newCode(VOTER_CODE_LENGTH));
    await writes.addCodes(tx, keyOf(round), people.map((each) => each.electorId), codes.map((code) => hashCode(services, round, code)), now);
    await record(tx, { fundId: fund.id, name: 'roll.codes-made', subject: { round: round.id, count: String(codes.length) }, actorId: actor.accountId, at: now });
    return { codes: people.map(({ name, postcode }, index) => ({ code: showCode(codes[index] as string), name, postcode })) };
  });

  serve(app, contract.replaceCode, async ({ tx, fund, actor, params, now }) => {
    const round = await findGrowingRoll(tx, fund, params.round, now);
    if (round instanceof Refusal) return round;
    if (!round.credentials.includes('code')) return refuse('credential-not-in-use');
    if (!(await reads.isNamed(tx, fund.id, round.id, params.elector))) return refuse('not-found');
    const [code] = await renewCodes(tx, services, round, [params.elector], now);
    await record(tx, { fundId: fund.id, name: 'roll.code-replaced', subject: { round: round.id }, actorId: actor.accountId, at: now });
    return { code: code as string };
  });

  serve(app, contract.listCodeBatches, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const batches = await reads.listCodeBatches(tx, fund.id, round.id);
    return { batches: batches.map((each) => ({ ...each, madeAt: each.madeAt.toISOString() })) };
  });

  serve(app, contract.reissueCodes, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findGrowingRoll(tx, fund, params.round, now);
    if (round instanceof Refusal) return round;
    if (!round.credentials.includes('code')) return refuse('credential-not-in-use');
    // Of two at once the second sees what the first gave out.
    await writes.holdCodes(tx, keyOf(round));
    const holders = await reads.holdersOfCodes(tx, fund.id, round.id, body);
    if (holders.length === 0 || ('electors' in body && holders.length < new Set(body.electors).size)) return refuse('not-found');
    if ('electors' in body && holders.some(({ batch }) => (batch ?? 0) > body.asOf)) return refuse('already-decided');
    const people = 'batch' in body ? holders.slice(0, body.limit) : holders;
    const codes = await renewCodes(tx, services, round, people.map((each) => each.electorId), now);
    await record(tx, { fundId: fund.id, name: 'roll.codes-reissued', subject: { round: round.id, count: String(codes.length) }, actorId: actor.accountId, at: now });
    return { codes: people.map(({ name, postcode }, index) => ({ code: codes[index] as string, name, postcode })), left: holders.length - people.length };
  });
}

/** New codes as they are printed, in the order of the electors; whoever found a lost code may have typed it already, and is signed out. */
async function renewCodes(tx: Transaction, services: Services, round: Round, electorIds: readonly string[], now: Date): Promise<string[]> {
  const codes = electorIds.map(() => newCode(VOTER_CODE_LENGTH));
  await writes.replaceCodes(tx, keyOf(round), electorIds, codes.map((code) => hashCode(services, round, code)), now);
  await endSessionsOfElectors(tx, { ...keyOf(round), electorIds }, now);
  return codes.map((code) => showCode(code));
}

interface CodePerson {
  electorId: string;
  name: string | null;
  postcode: string | null;
}

/** Whom the codes are for: new electors without a name, new ones with a name, or names on the roll. */
async function peopleForCodes(tx: Transaction, round: Round, body: BodyOf<typeof contract.makeCodes>): Promise<CodePerson[]> {
  if ('forRoll' in body) return reads.entriesWithoutCode(tx, round.fundId, round.id, body.limit, round.credentials.includes('sign-in'));
  if ('count' in body) {
    const ids = await writes.addElectors(tx, keyOf(round), Array.from({ length: body.count }, () => body.area ?? null));
    return ids.map((electorId) => ({ electorId, name: null, postcode: null }));
  }
  const entries = body.assigned.map((each) => ({ name: each.name, postcode: each.postcode ?? null, contactHash: null, bornYear: null, area: areaOf(round, each) }));
  const ids = (await writes.addEntries(tx, keyOf(round), entries)).map((each) => each.electorId);
  return entries.map(({ name, postcode }, index) => ({ electorId: ids[index] as string, name, postcode }));
}

function isKnownArea(round: Round, area: string | undefined): boolean {
  return area === undefined || round.area.includes(area);
}

/** The area an entry votes in: the one given, else the one its postcode falls into. */
function areaOf(round: Round, entry: { area?: string | undefined; postcode?: string | undefined }): string | null {
  return entry.area ?? (entry.postcode ? findArea(round.area, entry.postcode) : null);
}

/** A round whose roll still grows. Its row is not locked, because people may be voting. */
async function findGrowingRoll(tx: Transaction, fund: FundScope, slug: string, now: Date): Promise<Round | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  if (!round) return refuse('not-found');
  return round.phase !== 'draft' && isOver(round, now) ? refuse('wrong-phase', { phase: round.phase }) : round;
}

function keepRoll(app: WebApp): void {
  const { services } = app;

  serve(app, contract.addToRoll, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findGrowingRoll(tx, fund, params.round, now);
    if (round instanceof Refusal) return round;
    if (body.entries.some((each) => !isKnownArea(round, each.area))) return refuse('wrong-shape', { fields: ['area'] });
    let unreadableContacts = 0;
    await writes.holdRoll(tx, keyOf(round), 'list');
    const entries = body.entries.map((each) => {
      const address = each.contact ? normaliseAddress(each.contact.channel, each.contact.address) : null;
      if (each.contact && !address) unreadableContacts += 1;
      return {
        name: each.name, postcode: each.postcode ?? null, bornYear: each.bornYear ?? null, area: areaOf(round, each), consentSeen: each.consentSeen ?? false,
        contactHash: each.contact && address ? services.secrets.hash('contact', `${each.contact.channel}:${address}`) : null,
      };
    });
    // Whoever joined with an address before it was listed keeps that place, and the name goes to it.
    const joined = await reads.electorsOfContacts(tx, fund.id, round.id, entries.flatMap(({ contactHash }) => contactHash ?? []));
    const placed = entries.map((each) => ({ ...each, electorId: each.contactHash ? joined.get(each.contactHash.toString('hex')) : undefined }));
    const added = await writes.addEntries(tx, keyOf(round), placed);
    if (round.consentBelowAge !== null) await listConsents(tx, round, added.filter(({ consentSeen }) => consentSeen).map(({ electorId }) => electorId), actor.accountId as string, now);
    await record(tx, { fundId: fund.id, name: 'roll.extended', subject: { round: round.id, count: String(added.length) }, actorId: actor.accountId, at: now });
    return { added: added.length, alreadyThere: entries.length - added.length, unreadableContacts };
  });

  serve(app, contract.listRoll, async ({ tx, fund, actor, params, query, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const after = readCursor(query.cursor);
    const rows = await reads.listRoll(tx, fund.id, round.id, { search: query.search, limit: query.limit, after });
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    const consents = round.consentBelowAge === null ? null : await standingsOf(tx, round, page.map((row) => row.elector), now);
    return {
      entries: page.map(({ key: _, ...entry }) => ({ ...entry, consent: consents?.get(entry.elector)?.state ?? null })), counts: await reads.countRoll(tx, fund.id, round.id),
      may: mayDo(roundPolicy, actor.memberships.map((each) => each.role), round.phase),
      nextCursor: last ? `${last.elector}${last.key.slice(0, CURSOR_NAME_MAX)}` : null,
    };
  });

  serve(app, contract.removeFromRoll, async ({ tx, fund, actor, params, now }) => {
    const round = await lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.frozenAt) return refuse('frozen');
    if (!(await writes.removeEntry(tx, keyOf(round), params.elector))) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'roll.entry-removed', subject: { round: round.id }, actorId: actor.accountId, at: now });
    return done;
  });
}

const UUID_LENGTH = 36;
/** Longer names are told apart by their electors' ids. */
const CURSOR_NAME_MAX = 160;

/** The elector's id, then the name it sorts by. */
function readCursor(cursor: string | undefined): { name: string; elector: string } | null {
  const elector = cursor?.slice(0, UUID_LENGTH) ?? '';
  return cursor && /^[0-9a-f-]{36}$/.test(elector) ? { elector, name: cursor.slice(UUID_LENGTH) } : null;
}
