/** Breaks ties: as the rule says, then by lot, and keeps note of what the lot decided or would have to decide. */
import type { Contest } from './contest.ts';
import { compareText, lotPlaces, type Lot } from './lot.ts';
import type { Rule } from './rule.ts';
import type { Project } from './election.ts';

export class Ties {
  /** Ties the lot broke, by the ids in them: the same tie in many runs is one. */
  readonly #decided = new Map<string, string[]>();
  /** The first tie that needs a lot, where none was given. */
  #open: string[] | undefined;
  readonly #projects: readonly Project[];
  readonly #steps: Rule['ties'];
  readonly #places: Uint32Array | undefined;

  constructor(projects: readonly Project[], steps: Rule['ties'], lot: Lot | undefined) {
    this.#projects = projects;
    this.#steps = steps;
    this.#places = lot && lotPlaces(lot, projects);
  }

  /** Negative where the rule prefers `a`, zero where only the lot can tell. */
  compare(contest: Contest, a: number, b: number): number {
    for (const step of this.#steps) {
      const difference =
        step === 'lower-cost' ? this.#projects[a]!.costMinor - this.#projects[b]!.costMinor : contest.votes[b]! - contest.votes[a]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Those of `candidates` that the rule's own steps leave equal in first place. */
  first(contest: Contest, candidates: readonly number[]): number[] {
    let best: number[] = [];
    for (const candidate of candidates) {
      const order = best.length === 0 ? -1 : this.compare(contest, candidate, best[0]!);
      if (order < 0) best = [candidate];
      else if (order === 0) best.push(candidate);
    }
    return best;
  }

  /** The same projects in an order that changes nothing: the caller has made sure that any order leads to one outcome. */
  byId(tied: readonly number[]): number[] {
    return [...tied].sort((a, b) => compareText(this.#projects[a]!.id, this.#projects[b]!.id));
  }

  /** The same projects in the lot's order; noted. Without a lot the order is provisional, and `open` says so. */
  byLot(tied: readonly number[]): number[] {
    const places = this.#places;
    const ordered = places ? [...tied].sort((a, b) => places[a]! - places[b]!) : this.byId(tied);
    const ids = ordered.map((index) => this.#projects[index]!.id);
    if (places) this.#decided.set(JSON.stringify(ids), ids);
    else this.#open ??= ids;
    return ordered;
  }

  get open(): readonly string[] | undefined {
    return this.#open;
  }

  get decided(): { readonly tied: readonly string[] }[] {
    return [...this.#decided.values()].map((tied) => ({ tied }));
  }
}
