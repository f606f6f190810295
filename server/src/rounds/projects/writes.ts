/** Writes of a round's projects; the caller holds the round's lock and has seen that it is not frozen. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { project } from '@commonpot/db/rounds';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { lastPlace, type Project } from './reads.ts';

const PROJECTS_MAX = 2000;

/** A project as an administrator gives it; without a number it gets the next one. */
export type NewProject = Pick<Project, 'title' | 'summary' | 'description' | 'costMinor' | 'category' | 'area' | 'delivererName' | 'delivererContact'> & { number?: string | undefined; language?: string | null };
export type ProjectChange = Partial<Omit<NewProject, 'number'>> & { number?: string };

interface RoundKey {
  fundId: string;
  id: string;
}

/** Adds projects after those that are there. Refuses `already-exists` for a number that is taken, `too-large` above the most a round holds. */
export async function addProjects(tx: Transaction, round: RoundKey, given: readonly NewProject[], now: Date): Promise<{ id: string; number: string }[] | Refusal> {
  const last = await lastPlace(tx, round.fundId, round.id);
  if (last.projects + given.length > PROJECTS_MAX) return refuse('too-large', { most: PROJECTS_MAX });
  const asked = new Set(given.flatMap((each) => (each.number === undefined ? [] : [each.number])));
  let next = last.number;
  const nextNumber = (): string => {
    do next += 1; while (asked.has(String(next)));
    return String(next);
  };
  const rows = given.map((each, index) => ({
    ...each, fundId: round.fundId, roundId: round.id, id: newId(), number: each.number ?? nextNumber(), position: last.position + index + 1, createdAt: now,
  }));
  const made = await tx.insert(project).values(rows).onConflictDoNothing().returning({ id: project.id, number: project.number });
  if (made.length === rows.length) return made;
  const entered = new Set(made.map((each) => each.id));
  return refuse('already-exists', { numbers: rows.filter((row) => !entered.has(row.id)).map((row) => row.number).slice(0, 20) });
}

/** Changes what is given. Refuses `already-exists` for a number that is taken, `not-found` for a project of another round. */
export async function changeProject(tx: Transaction, round: RoundKey, projectId: string, change: ProjectChange): Promise<void | Refusal> {
  if (change.number !== undefined) {
    const [taken] = await tx.select({ id: project.id }).from(project).where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), eq(project.number, change.number)));
    if (taken && taken.id !== projectId) return refuse('already-exists', { numbers: [change.number] });
  }
  const [changed] = await tx.update(project).set(change).where(ofRound(round, projectId)).returning({ id: project.id });
  return changed ? undefined : refuse('not-found');
}

/** Takes a project off the ballot; false when there is none. */
export async function removeProject(tx: Transaction, round: RoundKey, projectId: string): Promise<boolean> {
  return (await tx.delete(project).where(ofRound(round, projectId)).returning({ id: project.id })).length === 1;
}

const ofRound = (round: RoundKey, projectId: string) => and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), eq(project.id, projectId));
