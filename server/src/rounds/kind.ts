/** What a kind of round must answer: the room that runs it hands this to `app.ts`, and rounds never know that room. */
import type { Transaction } from '@commonpot/db/client';
import type { Phase } from '@commonpot/db/rounds';
import type { ProblemFacts, Refusal } from '../platform/problems.ts';
import type { Services } from '../platform/services.ts';
import type { Round } from './rules.ts';

export interface PreflightItem {
  /** Stable; pages turn it into a sentence. */
  code: string;
  ok: boolean;
  /** Whether the round waits for it; if not, it is advice. */
  isNeeded: boolean;
  facts: ProblemFacts;
}

export interface Entering {
  services: Services;
  now: Date;
  /** The person who moves the round, or null when its date does. */
  actorId: string | null;
}

export interface RoundKind {
  kind: 'vote';
  /** What must hold before voting opens, beside what every round needs. */
  preflight(tx: Transaction, round: Round, services: Services, now: Date): Promise<PreflightItem[]>;
  /** Pots of the fund and what of the round's budget comes out of each. */
  shares(tx: Transaction, round: Round): Promise<ReadonlyMap<string, number>>;
  /** Called inside the move's transaction, with the round's row locked and still in its old phase. A refusal stops the move. */
  entering(tx: Transaction, round: Round, to: Phase, given: Entering): Promise<void | Refusal>;
}

export type RoundKinds = Record<Round['kind'], RoundKind>;

declare module '../platform/services.ts' {
  interface Services {
    roundKinds: RoundKinds;
  }
}
