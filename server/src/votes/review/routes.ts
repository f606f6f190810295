/** Serves the review's contracts: answering, replying, declaring. Joining and the ballot are in joining.ts. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import type { Round } from '../../rounds/rules.ts';
import { allIdeas, findIdea, ideasJoinedTo, type Idea } from '../proposals/reads.ts';
import { findOpenRound, lockIn } from '../proposals/routes.ts';
import { standingOf } from '../proposals/rules.ts';
import * as contract from './contract.ts';
import { deskRoute } from './desk.ts';
import { joiningRoutes } from './joining.ts';
import { reviewPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { byUrgency } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const UNPUBLISHED = ['draft', 'ideas', 'review'];

export function reviewRoutes(app: WebApp): void {
  readRoutes(app);
  answerRoutes(app);
  interestRoutes(app);
  joiningRoutes(app);
  deskRoute(app);
}

const rolesOf = (actor: Actor | null) => actor?.memberships.map((each) => each.role) ?? [];
/** The idea at which the review of this one stands. */
const leadOf = (idea: Idea): string => idea.joinedTo ?? idea.id;

function readRoutes(app: WebApp): void {
  serve(app, contract.readReview, async ({ tx, fund, actor, params }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const idea = await findIdea(tx, round, params.idea);
    if (!idea || idea.withdrawnAt) return refuse('not-found');
    const leadId = leadOf(idea);
    const [versions, replies, joined] = [await reads.versionsOf(tx, fund.id, leadId), await reads.repliesTo(tx, fund.id, leadId), await ideasJoinedTo(tx, round, leadId)];
    const accepted = (await reads.projectsOf(tx, round)).get(leadId) ?? null;
    const interests = await reads.interestsIn(tx, round, [leadId, ...joined.map((each) => each.id)]);
    const roles = rolesOf(actor);
    const showsProject = !UNPUBLISHED.includes(round.phase) || roles.includes('administrator') || roles.includes('reviewer');
    const newest = versions[0];
    const accountId = actor?.accountId ?? null;
    return {
      answersFor: idea.joinedToNumber ?? idea.number, dueAt: round.reviewDueAt?.toISOString() ?? null,
      versions: versions.map((version) => ({
        ...showVersion(version, round),
        replies: replies.filter((reply) => reply.version === version.version).map(({ idea: from, by, words, at }) => ({ idea: from, by, words, at: at.toISOString() })),
      })),
      interests: interests.map((each) => ({ ...each, at: each.at.toISOString() })),
      project: accepted && showsProject ? { number: accepted.number, version: accepted.version } : null,
      you: {
        mayReply: accountId !== null && idea.authorId === accountId && newest !== undefined && ['review', 'notice'].includes(round.phase)
          && !replies.some((reply) => reply.version === newest.version && reply.fromId === idea.id),
        isConcerned: accountId !== null && (await reads.isConcerned(tx, fund.id, leadId, accountId)),
        wroteNewest: accountId !== null && newest?.reviewerId === accountId,
      },
      currency: round.currency, may: mayDo(reviewPolicy, roles, round.phase),
    };
  });

  serve(app, contract.listReviews, async ({ tx, fund, actor, params, now }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const ideas = await allIdeas(tx, round);
    const [versions, projects, concerns] = [await reads.newestVersions(tx, round), await reads.projectsOf(tx, round), await reads.concernsOf(tx, round, actor.accountId as string)];
    const groups = Map.groupBy(ideas, leadOf);
    const rows = ideas.filter((idea) => idea.joinedTo === null).map((idea) => {
      const group = groups.get(idea.id) ?? [];
      return {
        number: idea.number, title: idea.title, place: idea.place, supports: idea.supports, standing: standingOf(idea, round, now),
        with: group.filter((each) => each.id !== idea.id).map(({ number, title }) => ({ number, title })).reverse(),
        version: versions.get(idea.id) ?? 0, onBallot: projects.get(idea.id)?.version ?? null, isConcerned: group.some((each) => concerns.has(each.id)),
      };
    });
    return { ideas: rows.sort(byUrgency), dueAt: round.reviewDueAt?.toISOString() ?? null, currency: round.currency, may: mayDo(reviewPolicy, rolesOf(actor), round.phase) };
  });
}

function showVersion(version: reads.Version, round: Round) {
  const { reviewerId: _who, roleWords, reviewerName, fundId: _fund, roundId: _round, proposalId: _proposal, at, ...rest } = version;
  return { ...rest, role: roleWords, name: reviewerName, at: at.toISOString(), isLate: round.reviewDueAt !== null && at > round.reviewDueAt };
}

function answerRoutes(app: WebApp): void {
  serve(app, contract.writeReview, async ({ tx, fund, actor, params, body, now }) => {
    const found = await lockIdea(tx, fund.id, params, reviewPolicy.write.phases);
    if (found instanceof Refusal) return found;
    const { round, idea } = found;
    const accountId = actor.accountId as string;
    // A joined idea is answered at the one it is joined to.
    if (idea.joinedTo) return refuse('review-changed', { joinedTo: idea.joinedToNumber });
    if (await reads.isConcerned(tx, fund.id, idea.id, accountId)) return refuse('interest-declared');
    const { after, role, showName, ...words } = body;
    if (words.feasible !== 'no' && words.runningMinor > 0 && !round.runningCostsAllowed) return refuse('running-costs-not-allowed');
    if (((await reads.newestVersion(tx, fund.id, idea.id))?.version ?? 0) !== after) return refuse('review-changed');
    const version = { ...EMPTY, ...words, proposalId: idea.id, version: after + 1, reviewerId: accountId, roleWords: role, reviewerName: showName ? nameOf(actor) : null };
    if (!(await writes.addVersion(tx, round, version, now))) return refuse('review-changed');
    await record(tx, { fundId: fund.id, name: after === 0 ? 'review.answered' : 'review.revised', subject: { round: round.id, proposal: idea.id, feasible: body.feasible }, actorId: accountId, at: now });
    return { version: after + 1 };
  });

  serve(app, contract.replyToReview, async ({ tx, fund, actor, params, body, now }) => {
    const found = await lockIdea(tx, fund.id, params, ['review', 'notice']);
    if (found instanceof Refusal) return found;
    const { round, idea } = found;
    if (idea.authorId !== actor.accountId) return refuse('not-allowed');
    const newest = await reads.newestVersion(tx, fund.id, leadOf(idea));
    if (newest?.version !== body.version) return refuse('review-changed');
    if (!(await writes.addReply(tx, round, { leadId: leadOf(idea), version: body.version, fromId: idea.id, words: body.words }, now))) return refuse('already-exists');
    await record(tx, { fundId: fund.id, name: 'review.replied', subject: { round: round.id, proposal: idea.id }, actorId: actor.accountId, at: now });
    return done;
  });
}

const EMPTY = { changes: null, title: null, costMinor: null, runningMinor: null, costHolds: null, vat: null, delivererName: null, keeperName: null };

/** How the caller is known in this fund as a reviewer, or else as an administrator. */
function nameOf(actor: Actor): string | null {
  const named = (role: string) => actor.memberships.find((each) => each.role === role)?.name;
  return named('reviewer') ?? named('administrator') ?? null;
}

/** An idea that was not withdrawn, in a locked round that is in one of these phases. */
async function lockIdea(tx: Transaction, fundId: string, params: { round: string; idea: string }, phases: Parameters<typeof lockIn>[3]): Promise<{ round: Round; idea: Idea } | Refusal> {
  const round = await lockIn(tx, fundId, params.round, phases);
  if (round instanceof Refusal) return round;
  const idea = await findIdea(tx, round, params.idea);
  return idea && !idea.withdrawnAt ? { round, idea } : refuse('not-found');
}

function interestRoutes(app: WebApp): void {
  serve(app, contract.declareInterest, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockIn(tx, fund.id, params.round, reviewPolicy.declare.phases);
    if (round instanceof Refusal) return round;
    const idea = body.idea === null ? null : await findIdea(tx, round, String(body.idea));
    if (body.idea !== null && (!idea || idea.withdrawnAt)) return refuse('not-found');
    const { words, role, showName } = body;
    await writes.addInterest(tx, round, { ideaId: idea?.id ?? null, accountId: actor.accountId as string, roleWords: role, name: showName ? nameOf(actor) : null, words }, now);
    await record(tx, { fundId: fund.id, name: 'review.interest-declared', subject: { round: round.id, ...(idea ? { proposal: idea.id } : {}) }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.listInterests, async ({ tx, fund, actor, params }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    return { interests: (await reads.interestsIn(tx, round)).map((each) => ({ ...each, at: each.at.toISOString() })) };
  });
}
