/** What discussion must know of what people talk about. The rooms that own ideas and projects answer; `app.ts` hands the answers in. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor } from '../../platform/actor.ts';

export type SubjectKind = 'idea' | 'project';

export interface Subject {
  id: string;
  roundId: string;
  title: string;
  /** Whether it takes comments now; otherwise they are only read. */
  takesComments: boolean;
}

/** How to find what people talk about. Both answer null for what this caller may not see. */
export interface SubjectFinder {
  /** By its round's slug and its public number. */
  byNumber(tx: Transaction, fundId: string, key: { round: string; number: string }, actor: Actor | null): Promise<Subject | null>;
  /** Title and address of these, as many as there still are; for people who moderate. */
  byIds(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Map<string, { title: string; round: string; number: string }>>;
}

export type DiscussionSubjects = Record<SubjectKind, SubjectFinder>;

declare module '../../platform/services.ts' {
  interface Services {
    discussionSubjects: DiscussionSubjects;
  }
}
