/**
 * What a count says: the winners, why each project won or did not, which ties the lot decided,
 * and a trace from which every decision can be derived again. Plain JSON; the sentences are the web's.
 * Figures named `…Minor` are whole minor units; where the exact figure is a fraction it is rounded as its comment says.
 */

/** An exact rational as "n" or "n/d", in lowest terms. */
export type Fraction = string;

export interface Outcome {
  readonly kind: 'decided';
  /** Project ids in the order in which they were funded. */
  readonly winners: readonly string[];
  readonly costMinor: number;
  /** One per project, in the election's order. */
  readonly decisions: readonly Decision[];
  /** Every tie that only the lot could break. */
  readonly ties: readonly LotTie[];
  /** One per pot, in the order in which they were counted. */
  readonly pots: readonly PotTrace[];
}

/** The count cannot end without the lot: these projects stand equal in everything before it. */
export interface NeedsLot {
  readonly kind: 'needs-lot';
  readonly tied: readonly string[];
}

export interface LotTie {
  /** In the lot's order; the first was taken. */
  readonly tied: readonly string[];
}

export interface Decision {
  readonly projectId: string;
  /** Ballots that name it with more than zero points. */
  readonly supporters: number;
  /** Points in all; for approvals the same as supporters. */
  readonly votes: number;
  readonly reason: Reason;
}

export type Reason =
  /** `place` counts from 1. `through` says which part of the rule took it. */
  | { readonly kind: 'won'; readonly place: number; readonly through: 'method' | 'completion' }
  | { readonly kind: 'no-votes' }
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'below-threshold'; readonly needed: number; readonly of: 'votes' | 'supporters' }
  | { readonly kind: 'conflict'; readonly with: string }
  /** The cap of its category or neighbourhood would have been passed by `overMinor`. */
  | { readonly kind: 'cap'; readonly of: 'category' | 'area'; readonly name: string; readonly overMinor: number }
  /** It cost `shortMinor` more than was left after the first `afterWinners` winners. */
  | { readonly kind: 'short'; readonly shortMinor: number; readonly afterWinners: number }
  /** The rule stops at the first project that does not fit; that was `at`, and this one stood behind it. */
  | { readonly kind: 'stopped'; readonly at: string; readonly afterWinners: number }
  /** Its supporters had `supportersMinor` left between them (rounded down), `shortMinor` less than its cost. */
  | { readonly kind: 'supporters-short'; readonly supportersMinor: number; readonly shortMinor: number; readonly afterWinners: number };

export interface PotTrace {
  /** Absent for the whole. */
  readonly area?: string;
  readonly budgetMinor: number;
  readonly spentMinor: number;
  readonly ballots: number;
  readonly steps: readonly Step[];
  readonly equalShares?: EqualSharesTrace;
}

/** One project looked at, in order. `score` is what the order went by. */
export type Step =
  | { readonly kind: 'greedy'; readonly projectId: string; readonly score: Fraction; readonly leftMinor: number; readonly funded: boolean }
  /** Every supporter pays `rate` for each unit of utility, or all they have left; `poor` ballots paid all they had. */
  | { readonly kind: 'purchase'; readonly projectId: string; readonly rate: Fraction; readonly paying: number; readonly poor: number }
  /** Bought at the moment `load`, when supporters had earned its cost since their last purchases. */
  | { readonly kind: 'load'; readonly projectId: string; readonly load: Fraction; readonly funded: boolean };

export interface EqualSharesTrace {
  /** What each ballot had to spend in the deciding run, in minor units. */
  readonly endowment: Fraction;
  readonly raises: number;
  /** Why raising ended, where the rule raises. */
  readonly raisingEnded?: 'overspent' | 'exhaustive' | 'all-funded';
  /** The cost that the next raise would have led to, where that ended it. */
  readonly nextCostMinor?: number;
  readonly comparison?: {
    readonly preferEqualShares: number;
    readonly preferByVotes: number;
    readonly equalSharesWinners: readonly string[];
    readonly byVotesWinners: readonly string[];
  };
}
