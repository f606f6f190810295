/** What may be funded, whatever the method: eligibility, conflicts, caps and money. */
import type { Contest } from './contest.ts';
import type { Project } from './election.ts';
import type { Reason } from './outcome.ts';
import type { Rule, Threshold } from './rule.ts';

/** Why a project takes no part in the count at all, or undefined. Nobody's project is never funded. */
export function ineligible(contest: Contest, threshold: Threshold | null, index: number): Reason | undefined {
  if (contest.election.projects[index]!.withdrawn) return { kind: 'withdrawn' };
  if (contest.supporters[index] === 0) return { kind: 'no-votes' };
  if (threshold?.kind === 'votes' && contest.votes[index]! < threshold.atLeast * (contest.election.pointsPerUnit ?? 1)) {
    return { kind: 'below-threshold', needed: threshold.atLeast, of: 'votes' };
  }
  if (threshold?.kind === 'share') {
    const needed = Math.ceil((contest.ballots.count * threshold.percent) / 100);
    if (contest.supporters[index]! < needed) return { kind: 'below-threshold', needed, of: 'supporters' };
  }
  return undefined;
}

/** What has been funded so far, and what that leaves room for. Conflicts and caps reach across pots, money does not. */
export class Limits {
  readonly #projects: readonly Project[];
  readonly #rule: Rule;
  readonly #conflicts: ReadonlyMap<number, readonly number[]>;
  #winners: number[] = [];
  #leftMinor = 0;
  #potStart = 0;

  constructor(projects: readonly Project[], rule: Rule, conflicts = conflictsByProject(projects, rule)) {
    this.#projects = projects;
    this.#rule = rule;
    this.#conflicts = conflicts;
  }

  /** Begins a pot of its own. */
  openPot(budgetMinor: number): void {
    this.#leftMinor = budgetMinor;
    this.#potStart = this.#winners.length;
  }

  clone(): Limits {
    const copy = new Limits(this.#projects, this.#rule, this.#conflicts);
    copy.#winners = [...this.#winners];
    copy.#leftMinor = this.#leftMinor;
    copy.#potStart = this.#potStart;
    return copy;
  }

  /** Undoes what this pot funded, in favour of what `other`, cloned when it opened, did. */
  replacePot(other: Limits): void {
    this.#winners = [...other.#winners];
    this.#leftMinor = other.#leftMinor;
  }

  get leftMinor(): number {
    return this.#leftMinor;
  }

  /** Project indexes in the order of funding, in this pot. */
  get potWinners(): readonly number[] {
    return this.#winners.slice(this.#potStart);
  }

  fund(index: number): void {
    this.#winners.push(index);
    this.#leftMinor -= this.#projects[index]!.costMinor;
  }

  /** Conflict or cap: what no amount of money would change. */
  bar(index: number): Reason | undefined {
    const rival = this.#conflicts.get(index)?.find((other) => this.#winners.includes(other));
    if (rival !== undefined) return { kind: 'conflict', with: this.#projects[rival]!.id };
    const { areas, categories } = this.#rule.caps;
    const project = this.#projects[index]!;
    for (const name of project.categories) {
      const overMinor = this.#over(project, capIn(categories, name), (other) => other.categories.includes(name));
      if (overMinor > 0) return { kind: 'cap', of: 'category', name, overMinor };
    }
    const name = project.area;
    const overMinor = name === undefined ? 0 : this.#over(project, capIn(areas, name), (other) => other.area === name);
    return overMinor > 0 ? { kind: 'cap', of: 'area', name: name!, overMinor } : undefined;
  }

  /** Too little money left in the pot. */
  short(index: number): Extract<Reason, { kind: 'short' }> | undefined {
    const shortMinor = this.#projects[index]!.costMinor - this.#leftMinor;
    return shortMinor > 0 ? { kind: 'short', shortMinor, afterWinners: this.#winners.length - this.#potStart } : undefined;
  }

  obstacle(index: number): Reason | undefined {
    return this.bar(index) ?? this.short(index);
  }

  #over(project: Project, capMinor: number | undefined, counts: (other: Project) => boolean): number {
    if (capMinor === undefined) return 0;
    const spent = this.#winners.reduce((sum, index) => sum + (counts(this.#projects[index]!) ? this.#projects[index]!.costMinor : 0), 0);
    return spent + project.costMinor - capMinor;
  }
}

/** Names come from people: one may be called "constructor". */
function capIn(caps: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(caps, name) ? caps[name] : undefined;
}

function conflictsByProject(projects: readonly Project[], rule: Rule): ReadonlyMap<number, readonly number[]> {
  const indexOf = new Map(projects.map((project, index) => [project.id, index]));
  const rivals = new Map<number, number[]>();
  for (const set of rule.conflicts) {
    const members = set.flatMap((id) => indexOf.get(id) ?? []);
    for (const member of members) {
      rivals.set(member, [...(rivals.get(member) ?? []), ...members.filter((other) => other !== member)]);
    }
  }
  return rivals;
}
