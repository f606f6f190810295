/** Serves the rounds' contracts. */
import type { Transaction } from '@commonpot/db/client';
import { mayDo, type Role } from '../platform/policy.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import type { Actor } from '../platform/actor.ts';
import { serve } from '../platform/serve.ts';
import type { Services, WebApp } from '../platform/services.ts';
import * as contract from './contract.ts';
import { copyRound } from './copying.ts';
import { consentRoutes } from './consent/routes.ts';
import { readAwaited } from './draws/beacon.ts';
import { asksBeacon, beaconDrawAfter } from './draws/usual.ts';
import { moveByHand } from './moving.ts';
import { roundPolicy } from './policy.ts';
import { preflight } from './preflight.ts';
import { mirrorsOfFund } from './mirrors/reads.ts';
import * as reads from './reads.ts';
import { resolveElector } from './roll/reads.ts';
import { rollRoutes } from './roll/routes.ts';
import { moveKind, nextPhases, whatIsProved, type Round } from './rules.ts';
import { roundIn, showSaid } from './words/reads.ts';
import { wordsRoutes } from './words/routes.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function roundsRoutes(app: WebApp): void {
  readRoutes(app);
  setUpRoutes(app);
  moveRoutes(app);
  rollRoutes(app);
  consentRoutes(app);
  wordsRoutes(app);
}

const rolesOf = (actor: Actor | null): Role[] => actor?.memberships.map((each) => each.role) ?? [];
const iso = (date: Date | null) => date?.toISOString() ?? null;
const PUBLISHED = ['notice', 'voting', 'counting', 'results', 'delivery', 'closed'];

/** What everybody sees of a round in a list. */
function show(round: Round, projects: number, isAdministrator: boolean) {
  return {
    id: round.id, slug: round.slug, kind: round.kind, title: round.title, summary: round.summary, phase: round.phase, isPractice: round.isPractice, budgetMinor: round.budgetMinor, currency: round.currency,
    ideasOpenAt: iso(round.ideasOpenAt), ideasCloseAt: iso(round.ideasCloseAt), reviewDueAt: iso(round.reviewDueAt), runningCostsAllowed: round.runningCostsAllowed,
    noticeAt: iso(round.noticeAt), votingOpensAt: iso(round.votingOpensAt), votingClosesAt: iso(round.votingClosesAt), resultsAt: iso(round.resultsAt),
    projects: isAdministrator || PUBLISHED.includes(round.phase) ? projects : 0,
  };
}

function readRoutes(app: WebApp): void {
  serve(app, contract.listRounds, async ({ tx, fund, actor, query }) => {
    const roles = rolesOf(actor);
    const isAdministrator = roles.includes('administrator');
    const rows = await reads.listRounds(tx, fund.id, { drafts: isAdministrator, limit: query.limit, cursor: query.cursor });
    const page = rows.slice(0, query.limit);
    return {
      rounds: page.map((row) => show(row, row.projects, isAdministrator)), may: mayDo(roundPolicy, roles),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    };
  });

  serve(app, contract.readRound, async ({ tx, services, fund, actor, params, query, now }) => {
    const roles = rolesOf(actor);
    const isAdministrator = roles.includes('administrator');
    const round = await reads.findRound(tx, fund.id, params.round);
    if (!round || (round.phase === 'draft' && !isAdministrator)) return refuse('not-found');
    const said = await roundIn(tx, round, query.language);
    const projects = (await reads.countProjects(tx, fund.id, [round.id])).get(round.id) ?? 0;
    return {
      ...show(round, projects, isAdministrator), said: said && showSaid(said), potId: round.potId, ballotForm: round.ballotForm, rule: round.rule, ruleDigest: round.ruleDigest?.toString('hex') ?? null,
      minimumAge: round.minimumAge, consentBelowAge: round.consentBelowAge, area: round.area, credentials: round.credentials, proves: whatIsProved(round.credentials),
      frozenAt: iso(round.frozenAt), recoveryAccepted: round.keyAcceptedBy !== null, recoveryPrintedAt: iso(round.recoveryPrintedAt),
      ...(readAwaited(round.drawName ?? '') ? { drawBeacon: true, drawName: null, drawDate: null } : { drawBeacon: false, drawName: round.drawName, drawDate: round.drawDate }),
      asksBeacon: asksBeacon(services.config.beacon), objectionDays: round.objectionDays, mirrors: round.mirrors, observers: round.observers, sealedAt: iso(round.sealedAt),
      moves: (await reads.movesOf(tx, fund.id, round.id)).map((move) => ({ ...move, at: move.at.toISOString() })),
      you: await standingOf(tx, round, actor),
      next: isAdministrator ? nextPhases[round.phase].map((to) => ({ to, needsReason: moveKind(round, to, now) === 'override' })) : [],
      may: mayDo(roundPolicy, roles, round.phase),
    };
  });

  serve(app, contract.preflightRound, async ({ tx, services, fund, params, now }) => {
    const round = await reads.findRound(tx, fund.id, params.round);
    return round ? { items: (await preflight(tx, round, services, now)).map((item) => ({ ...item, facts: toFacts(item.facts) })) } : refuse('not-found');
  });
}

/** Facts with lists that can be serialised. */
function toFacts(facts: Record<string, string | number | boolean | null | readonly string[]>): Record<string, string | number | boolean | null | string[]> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value === 'object' && value !== null ? [...value] : value]));
}

async function standingOf(tx: Transaction, round: Round, actor: Actor | null): Promise<'on-roll' | 'not-on-roll' | null> {
  if (!actor) return null;
  const elector = await resolveElector(tx, { actor, fundId: round.fundId, roundId: round.id });
  return elector instanceof Refusal ? 'not-on-roll' : 'on-roll';
}

type GivenDates = { drawBeacon?: true | undefined } & Partial<Record<'ideasOpenAt' | 'ideasCloseAt' | 'reviewDueAt' | 'noticeAt' | 'votingOpensAt' | 'votingClosesAt' | 'resultsAt', string | null | undefined>>;

/** The body's moments as dates; what the body does not name stays away. */
function withDates<B extends GivenDates>(body: B): writes.RoundChange {
  const { drawBeacon: _, ideasOpenAt, ideasCloseAt, reviewDueAt, noticeAt, votingOpensAt, votingClosesAt, resultsAt, ...rest } = body;
  const dates = Object.entries({ ideasOpenAt, ideasCloseAt, reviewDueAt, noticeAt, votingOpensAt, votingClosesAt, resultsAt })
    .flatMap(([name, value]) => (value === undefined ? [] : [[name, value === null ? null : new Date(value)]]));
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...given, ...dates]) as writes.RoundChange;
}

/** With the beacon as the draw where it was chosen, named by the close as it would be now; null where there is no close yet. */
function withBeacon({ config }: Services, isChosen: true | undefined, change: writes.RoundChange, round: Round | null): writes.RoundChange | null {
  if (!isChosen) return change;
  const closes = change.votingClosesAt === undefined ? round?.votingClosesAt : change.votingClosesAt;
  if (!closes) return null;
  const { name, date } = beaconDrawAfter(config.beacon, closes);
  return { ...change, drawName: name, drawDate: date };
}

/** The fields that cannot be as they are, beside what the body's shape says. */
async function findWrongFields(tx: Transaction, fundId: string, change: writes.RoundChange, round: Pick<Round, 'isPractice'> & Partial<Round> | null): Promise<string[]> {
  const at = (name: 'ideasOpenAt' | 'ideasCloseAt' | 'reviewDueAt' | 'votingOpensAt' | 'votingClosesAt') => (change[name] === undefined ? round?.[name] : change[name]);
  const [opens, closes] = [at('votingOpensAt'), at('votingClosesAt')];
  const [ideasOpen, ideasClose, reviewDue] = [at('ideasOpenAt'), at('ideasCloseAt'), at('reviewDueAt')];
  return [
    ...(change.potId && round?.isPractice ? ['potId'] : []),
    ...(change.potId && !(await reads.isPot(tx, fundId, change.potId)) ? ['potId'] : []),
    ...(opens && closes && opens >= closes ? ['votingClosesAt'] : []),
    ...(drawIsTooSoon(change, round) ? ['drawDate'] : []),
    ...(ideasOpen && ideasClose && ideasOpen >= ideasClose ? ['ideasCloseAt'] : []),
    ...(ideasClose && reviewDue && ideasClose > reviewDue ? ['reviewDueAt'] : []),
  ];
}

/** Whoever closes the vote must not know the draw: it comes at least a whole day later. Name and day belong together. */
function drawIsTooSoon(change: writes.RoundChange, round: Partial<Round> | null): boolean {
  const [name, date] = [change.drawName === undefined ? round?.drawName : change.drawName, change.drawDate === undefined ? round?.drawDate : change.drawDate];
  const closes = change.votingClosesAt === undefined ? round?.votingClosesAt : change.votingClosesAt;
  if (name && readAwaited(name)) return false;
  if (!name !== !date) return true;
  return Boolean(date && closes && Date.parse(date) < closes.getTime() + 24 * 60 * 60_000);
}

function setUpRoutes(app: WebApp): void {
  serve(app, contract.createRound, async ({ tx, services, fund, actor, body, now }) => {
    const { title, slug, isPractice = false, ...rest } = body;
    const change = withBeacon(services, body.drawBeacon, withDates(rest), null);
    const fields = change ? await findWrongFields(tx, fund.id, change, { isPractice }) : ['votingClosesAt'];
    if (!change || fields.length > 0) return refuse('wrong-shape', { fields });
    // A fund names its mirrors once; each new round starts with them.
    const mirrors = change.mirrors ?? (isPractice ? [] : await mirrorsOfFund(tx, fund.id));
    const made = await writes.createRound(tx, fund, { ...change, mirrors, title, slug, isPractice }, now);
    if (made instanceof Refusal) return made;
    await record(tx, { fundId: fund.id, name: 'round.created', subject: { round: made.id }, actorId: actor.accountId, at: now });
    return made;
  });

  serve(app, contract.practiseRound, async ({ tx, fund, actor, params, body, now }) => {
    const round = await reads.findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    return copyRound(tx, fund, round, { title: body.title, as: 'practice', actorId: actor.accountId }, now);
  });

  serve(app, contract.changeRound, async ({ tx, services, fund, actor, params, body, now }) => {
    const round = await reads.lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.frozenAt) return refuse('frozen');
    const change = withBeacon(services, body.drawBeacon, withDates(body), round);
    if (!change) return refuse('wrong-shape', { fields: ['votingClosesAt'] });
    if (change.runningCostsAllowed !== undefined && change.runningCostsAllowed !== round.runningCostsAllowed && round.phase !== 'draft') return refuse('wrong-phase', { phase: round.phase });
    // Whoever has joined was asked by the age that stood then.
    if (change.consentBelowAge !== undefined && change.consentBelowAge !== round.consentBelowAge && round.phase !== 'draft') return refuse('wrong-phase', { phase: round.phase });
    const fields = await findWrongFields(tx, fund.id, change, round);
    if (fields.length > 0) return refuse('wrong-shape', { fields });
    if (Object.keys(change).length === 0) return done;
    await writes.changeRound(tx, fund.id, round.id, change);
    await record(tx, { fundId: fund.id, name: 'round.changed', subject: { round: round.id, fields: Object.keys(change).sort().join(' ') }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.acceptNoRecoverySheet, async ({ tx, fund, actor, params, now }) => {
    const round = await reads.lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.frozenAt) return refuse('frozen');
    await writes.acceptNoRecoverySheet(tx, fund.id, round.id, actor.accountId as string);
    await record(tx, { fundId: fund.id, name: 'round.no-recovery-sheet-accepted', subject: { round: round.id }, actorId: actor.accountId, at: now });
    return done;
  });
}

function moveRoutes(app: WebApp): void {
  serve(app, contract.moveRound, async ({ tx, services, fund, actor, params, body, now }) => {
    const round = await reads.lockRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const refusal = await moveByHand(tx, round, { to: body.to, reason: body.reason, actorId: actor.accountId as string }, services, now);
    return refusal instanceof Refusal ? refusal : { phase: body.to };
  });
}
