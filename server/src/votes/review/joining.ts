/** Serves what brings ideas onto the ballot: joining, splitting, and the project of an accepted review. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor } from '../../platform/actor.ts';
import { picturesOf } from '../../platform/pictures/reads.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { addProjects, changeProject } from '../../rounds/projects/writes.ts';
import type { Round } from '../../rounds/rules.ts';
import { findHallOrder } from '../hall/reads.ts';
import { findIdea, findIdeas, ideasJoinedTo, ideasWith, type Idea } from '../proposals/reads.ts';
import { findOpenRound, lockIn } from '../proposals/routes.ts';
import { joinIdea } from '../proposals/writes.ts';
import * as contract from './contract.ts';
import { reviewPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { creditsOf, summaryOf } from './rules.ts';
import { keepProject } from './writes.ts';

const done = { done: true } as const;

export function joiningRoutes(app: WebApp): void {
  serve(app, contract.joinIdeas, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockIn(tx, fund.id, params.round, reviewPolicy.join.phases);
    if (round instanceof Refusal) return round;
    const lead = await findIdea(tx, round, params.idea);
    const others = (await findIdeas(tx, round, body.ideas)).filter((idea) => idea.id !== lead?.id);
    const wanted = new Set(body.ideas.filter((number) => number !== lead?.number));
    if (!lead || lead.withdrawnAt || others.length !== wanted.size || wanted.size === 0 || others.some((idea) => idea.withdrawnAt)) return refuse('not-found');
    // Whoever chose a joined idea means the one that answers for it.
    if (lead.joinedTo) return refuse('review-changed', { joinedTo: lead.joinedToNumber });
    const refusal = await findObstacle(tx, round, [lead, ...others], actor);
    if (refusal) return refusal;
    for (const idea of others) {
      for (const each of await ideasJoinedTo(tx, round, idea.id)) await joinIdea(tx, fund.id, each.id, lead.id);
      await joinIdea(tx, fund.id, idea.id, lead.id);
      await record(tx, { fundId: fund.id, name: 'proposal.joined', subject: { round: round.id, proposal: idea.id, to: lead.id }, actorId: actor.accountId, at: now });
    }
    return done;
  });

  serve(app, contract.splitIdea, async ({ tx, fund, actor, params, now }) => {
    const round = await lockIn(tx, fund.id, params.round, reviewPolicy.join.phases);
    if (round instanceof Refusal) return round;
    const idea = await findIdea(tx, round, params.idea);
    if (!idea?.joinedTo) return refuse('not-found');
    const refusal = await findObstacle(tx, round, [idea], actor);
    if (refusal) return refusal;
    await joinIdea(tx, fund.id, idea.id, null);
    await record(tx, { fundId: fund.id, name: 'proposal.split', subject: { round: round.id, proposal: idea.id, from: idea.joinedTo }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.putOnBallot, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockIn(tx, fund.id, params.round, reviewPolicy.accept.phases);
    if (round instanceof Refusal) return round;
    const idea = await findIdea(tx, round, params.idea);
    if (!idea || idea.withdrawnAt || idea.joinedTo) return refuse('not-found');
    const accepted = await accept(tx, round, idea, body.version, actor.accountId as string, now);
    if (accepted instanceof Refusal) return accepted;
    await record(tx, { fundId: fund.id, name: 'review.accepted', subject: { round: round.id, proposal: idea.id, project: accepted.id }, actorId: actor.accountId, at: now });
    return { project: accepted.number };
  });

  serve(app, contract.readCredits, async ({ tx, fund, actor, params }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    if (['ideas', 'review'].includes(round.phase)) return refuse('wrong-phase', { phase: round.phase });
    const from = [...(await reads.projectsOf(tx, round)).values()].find((each) => each.projectId === params.project);
    if (!from) return { ideas: [], names: [], neighbours: 0, review: null, currency: round.currency };
    const group = await ideasWith(tx, round, from.leadId);
    const version = (await reads.versionsOf(tx, fund.id, from.leadId)).find((each) => each.version === from.version);
    const [lead] = group;
    const pictures = await picturesOf(tx, fund.id, 'idea', group.map((each) => each.id));
    return {
      ideas: group.map(({ id, number, title, sentAt, by }) => ({ number, title, sentAt: sentAt.toISOString(), by, pictures: pictures.get(id) ?? [] })), ...creditsOf(group), currency: round.currency,
      review: version && lead ? { idea: lead.number, costHolds: version.costHolds, runningMinor: version.runningMinor, vat: version.vat, keeperName: version.keeperName } : null,
    };
  });
}

/** What keeps this caller from joining or splitting these ideas: one is on the ballot, or they have an interest in one. */
async function findObstacle(tx: Transaction, round: Round, ideas: readonly Idea[], actor: Actor): Promise<Refusal | null> {
  const projects = await reads.projectsOf(tx, round);
  const leads = new Set(ideas.flatMap((idea) => [idea.id, ...(idea.joinedTo ? [idea.joinedTo] : [])]));
  if ([...leads].some((id) => projects.has(id))) return refuse('on-ballot');
  for (const id of leads) if (await reads.isConcerned(tx, round.fundId, id, actor.accountId as string)) return refuse('interest-declared');
  return null;
}

/** Makes the project of the newest review, or brings it up to date. */
async function accept(tx: Transaction, round: Round, idea: Idea, version: number, accountId: string, now: Date): Promise<{ id: string; number: string } | Refusal> {
  const newest = await reads.newestVersion(tx, round.fundId, idea.id);
  if (newest?.version !== version) return refuse('review-changed');
  const { title, costMinor, delivererName } = newest;
  if (newest.feasible === 'no' || title === null || costMinor === null) return refuse('not-feasible');
  for (const who of [accountId, newest.reviewerId]) if (await reads.isConcerned(tx, round.fundId, idea.id, who)) return refuse('interest-declared', { isReviewer: who !== accountId });
  if (newest.reviewerId === accountId) return refuse('same-person');
  const there = (await reads.projectsOf(tx, round)).get(idea.id);
  if (there?.version === version) return { id: there.projectId, number: there.number };
  if (!there && (await findHallOrder(tx, { fundId: round.fundId, roundId: round.id }))) return refuse('order-announced');
  const words = { title, summary: summaryOf(idea.description), description: [idea.description, newest.changes].filter(Boolean).join('\n\n'), costMinor, delivererName };
  if (there) {
    const refusal = await changeProject(tx, round, there.projectId, words);
    if (refusal instanceof Refusal) return refusal;
  }
  const made = there ? [{ id: there.projectId, number: there.number }] : await addProjects(tx, round, [{ ...words, category: null, area: null, delivererContact: null }], now);
  if (made instanceof Refusal) return made;
  const [project] = made;
  if (!project) throw new Error('a project was added and is not there');
  await keepProject(tx, round, { leadId: idea.id, projectId: project.id, version, accountId }, now);
  return project;
}
