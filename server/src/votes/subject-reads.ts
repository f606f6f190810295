/** What people talk about in a vote round: its ideas, and its projects from the notice on. Discussion is handed these by `app.ts`. */
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { proposal } from '@commonpot/db/proposals';
import { project, round, type Phase } from '@commonpot/db/rounds';
import type { Actor } from '../platform/actor.ts';
import { Refusal } from '../platform/problems.ts';
import { findIdea } from './proposals/reads.ts';
import { findOpenRound } from './proposals/routes.ts';

/** While talking about it can still change something; afterwards comments are read. */
const TALKING: readonly Phase[] = ['ideas', 'review', 'notice', 'voting'];
const UNPUBLISHED: readonly Phase[] = ['draft', 'ideas', 'review'];

interface Key {
  round: string;
  number: string;
}

type Found = Map<string, { title: string; round: string; number: string }>;

/** Ideas that were not withdrawn. One that is joined to another is talked about there. */
export const ideaSubjects = {
  async byNumber(tx: Transaction, fundId: string, key: Key, actor: Actor | null) {
    const here = await findOpenRound(tx, fundId, key.round, actor);
    if (here instanceof Refusal) return null;
    const idea = await findIdea(tx, here, key.number);
    if (!idea || idea.withdrawnAt) return null;
    return { id: idea.id, roundId: here.id, title: idea.title, takesComments: TALKING.includes(here.phase) && !idea.joinedTo };
  },
  async byIds(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Found> {
    if (ids.length === 0) return new Map();
    const rows = await tx.select({ id: proposal.id, title: proposal.title, number: proposal.number, round: round.slug }).from(proposal)
      .innerJoin(round, and(eq(round.fundId, proposal.fundId), eq(round.id, proposal.roundId))).where(and(eq(proposal.fundId, fundId), inArray(proposal.id, [...ids])));
    return new Map(rows.map(({ id, number, ...rest }) => [id, { ...rest, number: String(number) }]));
  },
};

/** Projects, once they are published. */
export const projectSubjects = {
  async byNumber(tx: Transaction, fundId: string, key: Key, actor: Actor | null) {
    const here = await findOpenRound(tx, fundId, key.round, actor);
    if (here instanceof Refusal || UNPUBLISHED.includes(here.phase)) return null;
    const [found] = await tx.select({ id: project.id, title: project.title }).from(project)
      .where(and(eq(project.fundId, fundId), eq(project.roundId, here.id), eq(project.number, key.number)));
    return found ? { ...found, roundId: here.id, takesComments: TALKING.includes(here.phase) } : null;
  },
  async byIds(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Found> {
    if (ids.length === 0) return new Map();
    const rows = await tx.select({ id: project.id, title: project.title, number: project.number, round: round.slug }).from(project)
      .innerJoin(round, and(eq(round.fundId, project.fundId), eq(round.id, project.roundId))).where(and(eq(project.fundId, fundId), inArray(project.id, [...ids])));
    return new Map(rows.map(({ id, ...rest }) => [id, rest]));
  },
};
