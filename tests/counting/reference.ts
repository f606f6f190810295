/**
 * The rules once more, slow and obvious: every ballot by itself, plain rationals, everything computed anew each time.
 * The fast counting room is held against this on thousands of elections.
 */
import type { Election } from '../../server/src/votes/counting/election.ts';
import type { EqualSharesMethod, GreedyMethod, Rule } from '../../server/src/votes/counting/rule.ts';

/** A rational in lowest terms. */
export class Q {
  readonly n: bigint;
  readonly d: bigint;

  constructor(n: bigint | number, d: bigint | number = 1n) {
    let [a, b] = [BigInt(n), BigInt(d)];
    while (b !== 0n) [a, b] = [b, a % b];
    const sign = BigInt(d) < 0n !== a < 0n ? -1n : 1n;
    this.n = BigInt(n) / (a * sign);
    this.d = BigInt(d) / (a * sign);
  }

  plus(o: Q): Q { return new Q(this.n * o.d + o.n * this.d, this.d * o.d); }
  minus(o: Q): Q { return new Q(this.n * o.d - o.n * this.d, this.d * o.d); }
  times(o: Q): Q { return new Q(this.n * o.n, this.d * o.d); }
  over(o: Q): Q { return new Q(this.n * o.d, this.d * o.n); }
  compare(o: Q): number { const left = this.n * o.d; const right = o.n * this.d; return left < right ? -1 : left > right ? 1 : 0; }
}

/** One ballot: points by project index. */
type Voter = ReadonlyMap<number, number>;

export function votersOf(election: Election): Voter[] {
  const { weights, offsets, projects, points } = election.ballots;
  const voters: Voter[] = [];
  weights.forEach((weight, group) => {
    const voter = new Map<number, number>();
    for (let k = offsets[group]!; k < offsets[group + 1]!; k++) voter.set(projects[k]!, points[k]!);
    for (let copy = 0; copy < weight; copy++) voters.push(voter);
  });
  return voters;
}

export class Reference {
  readonly #election: Election;
  readonly #rule: Rule;
  readonly #lot: readonly string[];
  readonly #voters: Voter[];
  /** What each ballot had in the deciding run of Equal Shares. */
  endowment = new Q(0);

  /** `lot` has all project ids, the first to be preferred. */
  constructor(election: Election, rule: Rule, lot: readonly string[]) {
    this.#election = election;
    this.#rule = rule;
    this.#lot = lot;
    this.#voters = votersOf(election);
  }

  /** Ids of the winners, sorted. */
  winners(): string[] {
    const { method } = this.#rule;
    const eligible = this.#election.projects.map((_, index) => index).filter((index) => this.#isEligible(index));
    const won =
      method.kind === 'greedy' ? this.#greedy(method, eligible, [])
      : method.kind === 'phragmen' ? this.#phragmen(eligible)
      : this.#equalShares(method, eligible);
    return won.map((index) => this.#election.projects[index]!.id).sort();
  }

  #cost(index: number): number { return this.#election.projects[index]!.costMinor; }
  #votes(index: number): number { return this.#voters.reduce((sum, voter) => sum + (voter.get(index) ?? 0), 0); }
  #total(won: readonly number[]): number { return won.reduce((sum, index) => sum + this.#cost(index), 0); }
  #place(index: number): number { return this.#lot.indexOf(this.#election.projects[index]!.id); }

  #isEligible(index: number): boolean {
    const { threshold } = this.#rule;
    if (this.#election.projects[index]!.withdrawn || this.#supporters(index).length === 0) return false;
    if (threshold?.kind === 'votes') return this.#votes(index) >= threshold.atLeast * (this.#election.pointsPerUnit ?? 1);
    if (threshold?.kind === 'share') {
      const supporters = this.#voters.filter((voter) => (voter.get(index) ?? 0) > 0).length;
      return supporters * 100 >= threshold.percent * this.#voters.length;
    }
    return true;
  }

  #byTies(a: number, b: number): number {
    return this.#cost(a) - this.#cost(b) || this.#votes(b) - this.#votes(a) || this.#place(a) - this.#place(b);
  }

  #isBarred(index: number, won: readonly number[]): boolean {
    const { projects } = this.#election;
    const { conflicts, caps } = this.#rule;
    const ids = won.map((winner) => projects[winner]!.id);
    const me = projects[index]!;
    if (conflicts.some((set) => set.includes(me.id) && ids.some((id) => id !== me.id && set.includes(id)))) return true;
    const exceeds = (cap: number | undefined, counts: (other: number) => boolean) =>
      cap !== undefined && this.#total(won.filter(counts)) + me.costMinor > cap;
    if (me.categories.some((name) => exceeds(caps.categories[name], (other) => projects[other]!.categories.includes(name)))) return true;
    return me.area !== undefined && exceeds(caps.areas[me.area], (other) => projects[other]!.area === me.area);
  }

  #greedy(method: Pick<GreedyMethod, 'order' | 'tooExpensive'>, eligible: readonly number[], already: readonly number[]): number[] {
    const score = (index: number) => new Q(this.#votes(index), method.order === 'votes' ? 1 : this.#cost(index));
    const won = [...already];
    for (const index of [...eligible].sort((a, b) => score(b).compare(score(a)) || this.#byTies(a, b))) {
      if (won.includes(index) || this.#votes(index) <= 0 || this.#isBarred(index, won)) continue;
      if (this.#total(won) + this.#cost(index) <= this.#election.budgetMinor) won.push(index);
      else if (method.tooExpensive === 'stop') break;
    }
    return won;
  }

  #phragmen(eligible: readonly number[]): number[] {
    const loads = this.#voters.map(() => new Q(0));
    const won: number[] = [];
    for (;;) {
      const open = eligible.filter((index) => !won.includes(index) && !this.#isBarred(index, won));
      const moment = (index: number) => {
        const supporters = this.#supporters(index);
        return supporters.reduce((sum, voter) => sum.plus(loads[voter]!), new Q(this.#cost(index))).over(new Q(supporters.length));
      };
      const [next] = [...open].sort((a, b) => moment(a).compare(moment(b)) || this.#byTies(a, b));
      if (next === undefined || this.#total(won) + this.#cost(next) > this.#election.budgetMinor) return won;
      const at = moment(next);
      for (const voter of this.#supporters(next)) loads[voter] = at;
      won.push(next);
    }
  }

  #supporters(index: number): number[] {
    return this.#voters.flatMap((voter, number) => ((voter.get(index) ?? 0) > 0 ? [number] : []));
  }

  #equalShares(method: EqualSharesMethod, eligible: readonly number[]): number[] {
    const { budgetMinor, minorPerUnit } = this.#election;
    const unit = new Q(minorPerUnit);
    let endowment = new Q(budgetMinor, Math.max(this.#voters.length, 1));
    if (method.start === 'whole-units') endowment = new Q(endowment.over(unit).n / endowment.over(unit).d).times(unit);
    let won = this.#run(method, eligible, endowment);
    while (method.raise) {
      const rest = eligible.filter(
        (index) => !won.includes(index) && !this.#isBarred(index, won) && this.#voters.some((voter) => this.#units(method, voter, index) > 0),
      );
      if (rest.length === 0) break;
      if (method.raise.stopWhenExhaustive && rest.every((index) => this.#total(won) + this.#cost(index) > budgetMinor)) break;
      const raised = endowment.plus(unit.times(new Q(method.raise.byUnits)));
      const next = this.#run(method, eligible, raised);
      if (this.#total(next) > budgetMinor) break;
      endowment = raised;
      won = next;
    }
    this.endowment = endowment;
    const byVotes = { order: 'votes', tooExpensive: 'skip' } as const;
    if (method.completion === 'by-votes') won = this.#greedy(byVotes, eligible, won);
    if (method.comparison === 'none') return won;
    const rival = this.#greedy(byVotes, eligible, []);
    const worth = (voter: Voter, projects: readonly number[]) => {
      const sum = projects.reduce((total, index) => total + (voter.get(index) ?? 0), 0);
      return method.comparison === 'exclusion' ? Number(sum > 0) : sum;
    };
    const forRival = this.#voters.filter((voter) => worth(voter, rival) > worth(voter, won)).length;
    const forOurs = this.#voters.filter((voter) => worth(voter, rival) < worth(voter, won)).length;
    return forRival > forOurs ? rival : won;
  }

  #run(method: EqualSharesMethod, eligible: readonly number[], endowment: Q): number[] {
    const money = this.#voters.map(() => endowment);
    const won: number[] = [];
    for (;;) {
      const offers = eligible
        .filter((index) => !won.includes(index) && !this.#isBarred(index, won))
        .flatMap((index) => {
          const rate = this.#rate(method, index, money);
          return rate ? [{ index, rate, value: rate.over(new Q(method.utility === 'cost' ? this.#cost(index) : 1)) }] : [];
        });
      const [best] = offers.sort((a, b) => a.value.compare(b.value) || this.#byTies(a.index, b.index));
      if (!best) return won;
      this.#voters.forEach((voter, number) => {
        const due = best.rate.times(new Q(this.#units(method, voter, best.index)));
        money[number] = due.compare(money[number]!) > 0 ? new Q(0) : money[number]!.minus(due);
      });
      won.push(best.index);
    }
  }

  #units(method: EqualSharesMethod, voter: Voter, index: number): number {
    const points = voter.get(index) ?? 0;
    if (method.utility === 'ranks') return Math.max(points, 0);
    if (method.utility !== 'points') return points > 0 ? 1 : 0;
    return Math.max(this.#election.voteType === 'ordinal' ? points - 1 : points, 0);
  }

  /** Supporters pay in the order in which they run out; the first who does not run out shows the rate. */
  #rate(method: EqualSharesMethod, index: number, money: readonly Q[]): Q | undefined {
    const supporters = this.#voters
      .map((voter, number) => ({ units: new Q(this.#units(method, voter, index)), money: money[number]! }))
      .filter(({ units }) => units.n > 0n)
      .sort((a, b) => a.money.over(a.units).compare(b.money.over(b.units)));
    let open = new Q(this.#cost(index));
    let units = supporters.reduce((sum, supporter) => sum.plus(supporter.units), new Q(0));
    for (const supporter of supporters) {
      const rate = open.over(units);
      if (rate.times(supporter.units).compare(supporter.money) <= 0) return rate;
      open = open.minus(supporter.money);
      units = units.minus(supporter.units);
    }
    return undefined;
  }
}
