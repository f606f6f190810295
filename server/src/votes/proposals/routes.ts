/** Serves the ideas' contracts. */
import type { Transaction } from '@commonpot/db/client';
import type { Phase } from '@commonpot/db/rounds';
import type { Actor } from '../../platform/actor.ts';
import { removePictures } from '../../platform/pictures/writes.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound, lockRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { reviewPolicy } from '../review/policy.ts';
import * as contract from './contract.ts';
import { proposalPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { contactEndsAt, standingOf } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const BEFORE_NOTICE: readonly Phase[] = ['draft', 'ideas', 'review'];

export function proposalRoutes(app: WebApp): void {
  readRoutes(app);
  sendRoutes(app);
  authorRoutes(app);
  supportRoutes(app);
}

/** What everybody sees of an idea. */
export function show(idea: reads.Idea, round: Round, now: Date) {
  return {
    number: idea.number, title: idea.title, description: idea.description, roughCostMinor: idea.roughCostMinor, place: idea.place, by: idea.by,
    sentAt: idea.sentAt.toISOString(), changedAt: idea.changedAt?.toISOString() ?? null, supports: idea.supports, joinedTo: idea.joinedToNumber, joined: idea.joined,
    standing: standingOf(idea, round, now), project: BEFORE_NOTICE.includes(round.phase) ? null : idea.project,
  };
}

/** A round with ideas for this caller: drafts are their administrators'. */
export async function findOpenRound(tx: Transaction, fundId: string, slug: string, actor: Actor | null): Promise<Round | Refusal> {
  const round = await findRound(tx, fundId, slug);
  const isAdministrator = actor?.memberships.some((each) => each.role === 'administrator') ?? false;
  return !round || (round.phase === 'draft' && !isAdministrator) ? refuse('not-found') : round;
}

/** Locks a round that is in one of these phases. */
export async function lockIn(tx: Transaction, fundId: string, slug: string, phases: readonly Phase[]): Promise<Round | Refusal> {
  const round = await lockRound(tx, fundId, slug);
  if (!round || round.phase === 'draft') return refuse('not-found');
  return phases.includes(round.phase) ? round : refuse('wrong-phase', { phase: round.phase });
}

const mayOf = (actor: Actor | null, round: Round) => {
  const roles = actor?.memberships.map((each) => each.role) ?? [];
  return [...mayDo(proposalPolicy, roles, round.phase), ...mayDo(reviewPolicy, roles, round.phase)];
};

function readRoutes(app: WebApp): void {
  serve(app, contract.listIdeas, async ({ tx, fund, actor, params, query, now }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const rows = await reads.listIdeas(tx, round, { ...query, cursor: query.cursor });
    const page = rows.slice(0, query.limit);
    return {
      ideas: page.map((idea) => show(idea, round, now)), ...(await reads.countIdeas(tx, round, query.find)), currency: round.currency, may: mayOf(actor, round),
      nextCursor: rows.length > query.limit ? String(page.at(-1)?.number) : null,
    };
  });

  serve(app, contract.readIdea, async ({ tx, fund, actor, params, now }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const idea = await reads.findIdea(tx, round, params.idea);
    const accountId = actor?.accountId ?? null;
    const isAuthor = accountId !== null && idea?.authorId === accountId;
    if (!idea || (idea.withdrawnAt && !isAuthor)) return refuse('not-found');
    const joined = await reads.ideasJoinedTo(tx, round, idea.id);
    return {
      ...show(idea, round, now), with: joined.map(({ number, title, by }) => ({ number, title, by })).reverse(),
      you: accountId === null ? null : { isAuthor, supports: await reads.isSupporter(tx, fund.id, idea.id, accountId) },
      own: isAuthor ? { ...(await reads.personOf(tx, fund.id, idea.id)), contactUntil: contactEndsAt(idea.sentAt, round.votingClosesAt).toISOString() } : null, currency: round.currency, may: mayOf(actor, round),
    };
  });

  serve(app, contract.myIdeas, async ({ tx, fund, actor, params, now }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const ideas = await reads.ideasOf(tx, round, actor.accountId as string);
    return { ideas: ideas.map((idea) => show(idea, round, now)), currency: round.currency, isOpen: round.phase === 'ideas' };
  });

  serve(app, contract.readProposer, async ({ tx, fund, actor, params }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const idea = await reads.findIdea(tx, round, params.idea);
    return idea && !idea.withdrawnAt ? reads.personOf(tx, fund.id, idea.id) : refuse('not-found');
  });
}

function sendRoutes(app: WebApp): void {
  serve(app, contract.propose, async ({ tx, fund, actor, params, body, now }) => {
    const accountId = actor.accountId as string;
    const round = await lockRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    // Whoever sends again because the answer was lost is told the number, even when the time is over by now.
    if (round.phase !== 'ideas') {
      const sent = await reads.findDraft(tx, round, accountId, body.draft);
      return sent === null ? refuse('wrong-phase', { phase: round.phase }) : { number: sent };
    }
    const made = await writes.addIdea(tx, round, body, { accountId, isAuthor: true }, now);
    if (made instanceof Refusal) return made;
    if (made.id) await record(tx, { fundId: fund.id, name: 'proposal.sent', subject: { round: round.id, proposal: made.id }, actorId: accountId, at: now });
    return { number: made.number };
  });

  serve(app, contract.enterIdeas, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockIn(tx, fund.id, params.round, proposalPolicy.enter.phases);
    if (round instanceof Refusal) return round;
    const accountId = actor.accountId as string;
    const numbers: number[] = [];
    for (const idea of body.ideas) {
      const made = await writes.addIdea(tx, round, idea, { accountId, isAuthor: false }, now);
      if (made instanceof Refusal) return made;
      numbers.push(made.number);
      if (made.id) await record(tx, { fundId: fund.id, name: 'proposal.entered', subject: { round: round.id, proposal: made.id }, actorId: accountId, at: now });
    }
    return { numbers };
  });
}

function authorRoutes(app: WebApp): void {
  serve(app, contract.changeIdea, async ({ tx, fund, actor, params, body, now }) => {
    const own = await lockOwn(tx, fund.id, params, actor);
    if (own instanceof Refusal) return own;
    const { name, showName, contact, ...words } = body;
    const refusal = await writes.changeIdea(tx, fund.id, own.idea.id, given(words), given({ name, showName, contact }), now);
    if (refusal instanceof Refusal) return refusal;
    await record(tx, { fundId: fund.id, name: 'proposal.changed', subject: { round: own.round.id, proposal: own.idea.id }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.withdrawIdea, async ({ tx, fund, actor, params, now }) => {
    const own = await lockOwn(tx, fund.id, params, actor);
    if (own instanceof Refusal) return own;
    await writes.withdrawIdea(tx, fund.id, own.idea.id, now);
    await removePictures(tx, fund.id, { kind: 'idea', id: own.idea.id }, now);
    await record(tx, { fundId: fund.id, name: 'proposal.withdrawn', subject: { round: own.round.id, proposal: own.idea.id }, actorId: actor.accountId, at: now });
    return done;
  });
}

/** What a body names. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** The caller's own idea, while it may still change. */
export async function lockOwn(tx: Transaction, fundId: string, params: { round: string; idea: string }, actor: Actor): Promise<{ round: Round; idea: reads.Idea } | Refusal> {
  const round = await lockRound(tx, fundId, params.round);
  const idea = round && (await reads.findIdea(tx, round, params.idea));
  if (!round || round.phase === 'draft' || !idea) return refuse('not-found');
  if (idea.authorId !== actor.accountId) return idea.withdrawnAt ? refuse('not-found') : refuse('not-allowed');
  if (idea.withdrawnAt) return refuse('not-found');
  return round.phase === 'ideas' ? { round, idea } : refuse('wrong-phase', { phase: round.phase });
}

/** Supports leave no event: who supports what is nobody's business. */
function supportRoutes(app: WebApp): void {
  const set = (write: typeof writes.addSupport) => async ({ tx, fund, actor, params }: { tx: Transaction; fund: { id: string }; actor: Actor; params: { round: string; idea: string } }) => {
    const round = await lockIn(tx, fund.id, params.round, ['ideas', 'review']);
    if (round instanceof Refusal) return round;
    const idea = await reads.findIdea(tx, round, params.idea);
    if (!idea || idea.withdrawnAt) return refuse('not-found');
    await write(tx, round, idea.id, actor.accountId as string);
    return { supports: (await reads.findIdea(tx, round, params.idea))?.supports ?? 0 };
  };
  serve(app, contract.supportIdea, set(writes.addSupport));
  serve(app, contract.unsupportIdea, set(writes.removeSupport));
}
