/** Serves the reviewer's desk: what waits for them in every round of the fund. */
import type { Transaction } from '@commonpot/db/client';
import { mayDo } from '../../platform/policy.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { listRounds } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { allIdeas } from '../proposals/reads.ts';
import { standingOf } from '../proposals/rules.ts';
import { readDesk } from './contract.ts';
import { reviewPolicy } from './policy.ts';
import { concernsOf, projectsOf, reviewersOf } from './reads.ts';
import { byUrgency } from './rules.ts';

/** The most rounds that a desk looks through, newest first. */
const ROUNDS_MAX = 50;

export function deskRoute(app: WebApp): void {
  serve(app, readDesk, async ({ tx, fund, actor, now }) => {
    const rounds = await listRounds(tx, fund.id, { drafts: false, limit: ROUNDS_MAX, cursor: undefined });
    const open = rounds.flatMap(({ projects: _, ...round }) => (round.phase === 'ideas' || round.phase === 'review' ? [{ ...round, phase: round.phase }] : []));
    const shown: Awaited<ReturnType<typeof waitingIn>>[] = [];
    for (const round of open) shown.push(await waitingIn(tx, round, actor.accountId as string, now));
    const dayOf = (each: (typeof shown)[number]) => each.dueAt ?? each.ideasCloseAt ?? '9';
    return { rounds: shown.sort((a, b) => Number(b.next !== null) - Number(a.next !== null) || dayOf(a).localeCompare(dayOf(b))), may: mayDo(reviewPolicy, actor.memberships.map((each) => each.role)) };
  });
}

async function waitingIn(tx: Transaction, round: Round & { phase: 'ideas' | 'review' }, accountId: string, now: Date) {
  const [ideas, concerns, projects, reviewers] = [await allIdeas(tx, round), await concernsOf(tx, round, accountId), await projectsOf(tx, round), await reviewersOf(tx, round)];
  const concerned = new Set(ideas.filter((idea) => concerns.has(idea.id)).map((idea) => idea.joinedTo ?? idea.id));
  const leads = ideas.filter((idea) => idea.joinedTo === null).map((idea) => ({ ...idea, standing: standingOf(idea, round, now) })).sort(byUrgency);
  const waiting = leads.filter((idea) => idea.standing === 'waiting' || idea.standing === 'unanswered');
  const next = waiting.find((idea) => !concerned.has(idea.id));
  return {
    slug: round.slug, title: round.title, phase: round.phase, ideas: ideas.length,
    waiting: waiting.length, concerned: waiting.filter((idea) => concerned.has(idea.id)).length,
    toAccept: leads.filter((idea) => (idea.standing === 'yes' || idea.standing === 'changes') && !projects.has(idea.id) && !concerned.has(idea.id) && reviewers.get(idea.id) !== accountId).length,
    next: next ? { number: next.number, title: next.title } : null,
    ideasCloseAt: round.ideasCloseAt?.toISOString() ?? null, dueAt: round.reviewDueAt?.toISOString() ?? null, isLate: waiting.length > 0 && round.reviewDueAt !== null && round.reviewDueAt <= now,
  };
}
