/**
 * Ballots merged: equal ballots become one group with a weight, in flat arrays, so that a million of them are light.
 * Nothing here depends on the order in which ballots arrive except the numbering of the groups.
 */

/** Group g has `weights[g]` equal ballots; its lines stand at `offsets[g]` up to `offsets[g + 1]`, projects ascending. */
export interface BallotGroups {
  /** Ballots in all, the empty ones included. */
  readonly count: number;
  readonly weights: Uint32Array;
  readonly offsets: Uint32Array;
  /** Indexes into the election's projects. */
  readonly projects: Uint32Array;
  /** Beside `projects`: what the line is worth; below zero only where ballots score. */
  readonly points: Int32Array;
  /** The index in `areaNames` of the ballots' area, or -1. */
  readonly areas: Int32Array;
  readonly areaNames: readonly string[];
}

/** Either way from zero. */
export const POINTS_MAX = 0x7fff_ffff;

/** Takes ballots one by one and merges the equal ones. Memory grows with different ballots only. */
export class BallotBox {
  #count = 0;
  #groups = 0;
  #lines = 0;
  #weights = new Uint32Array(256);
  #offsets = new Uint32Array(257);
  #areas = new Int32Array(256);
  #projects = new Uint32Array(1024);
  #points = new Int32Array(1024);
  /** Open addressing by a ballot's hash; holds group + 1, zero is free. */
  #table = new Uint32Array(1024);
  readonly #areaIndex = new Map<string, number>();
  readonly #projectCount: number;

  constructor(projectCount: number) {
    this.#projectCount = projectCount;
  }

  /**
   * `projects` are indexes, each at most once; `points` stand beside them. Order does not matter.
   * `weight` is a number of equal ballots. Throws a RangeError where a caller let an invalid ballot through.
   */
  add(projects: readonly number[], points: readonly number[], area?: string, weight = 1): void {
    const order = sortedOrder(projects);
    const areaIndex = area === undefined ? -1 : this.#areaOf(area);
    this.#makeRoom(projects.length);
    // The candidate is written behind the last group and stays there if it turns out to be new.
    let hash = areaIndex;
    let previous = -1;
    for (let k = 0; k < order.length; k++) {
      const project = projects[order[k]!]!;
      const value = points[order[k]!]!;
      if (!Number.isInteger(project) || project <= previous || project >= this.#projectCount) {
        throw new RangeError(`project index ${project} is out of range or twice on one ballot`);
      }
      if (!Number.isInteger(value) || Math.abs(value) > POINTS_MAX) throw new RangeError(`${value} is no number of points`);
      previous = project;
      this.#projects[this.#lines + k] = project;
      this.#points[this.#lines + k] = value;
      hash = mixed(hash, project, value);
    }
    this.#count += weight;
    this.#merge(order.length, areaIndex, hash ^ (hash >>> 13), weight);
  }

  /** The groups so far; the box is not to be used afterwards. */
  close(): BallotGroups {
    return {
      count: this.#count,
      weights: this.#weights.slice(0, this.#groups),
      offsets: this.#offsets.slice(0, this.#groups + 1),
      projects: this.#projects.slice(0, this.#lines),
      points: this.#points.slice(0, this.#lines),
      areas: this.#areas.slice(0, this.#groups),
      areaNames: [...this.#areaIndex.keys()],
    };
  }

  #merge(length: number, area: number, hash: number, weight: number): void {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let entry = this.#table[slot]!; entry !== 0; slot = (slot + 1) & mask, entry = this.#table[slot]!) {
      if (this.#isEqual(entry - 1, length, area)) {
        this.#weights[entry - 1]! += weight;
        return;
      }
    }
    this.#table[slot] = this.#groups + 1;
    this.#weights[this.#groups] = weight;
    this.#areas[this.#groups] = area;
    this.#groups += 1;
    this.#lines += length;
    this.#offsets[this.#groups] = this.#lines;
  }

  #isEqual(group: number, length: number, area: number): boolean {
    const start = this.#offsets[group]!;
    if (this.#offsets[group + 1]! - start !== length || this.#areas[group] !== area) return false;
    for (let k = 0; k < length; k++) {
      if (this.#projects[start + k] !== this.#projects[this.#lines + k]) return false;
      if (this.#points[start + k] !== this.#points[this.#lines + k]) return false;
    }
    return true;
  }

  #areaOf(area: string): number {
    const known = this.#areaIndex.get(area);
    if (known !== undefined) return known;
    this.#areaIndex.set(area, this.#areaIndex.size);
    return this.#areaIndex.size - 1;
  }

  #makeRoom(lines: number): void {
    while (this.#lines + lines > this.#projects.length) {
      this.#projects = doubled(this.#projects);
      this.#points = doubled(this.#points);
    }
    if (this.#groups + 2 > this.#weights.length) {
      this.#weights = doubled(this.#weights);
      this.#offsets = doubled(this.#offsets);
      this.#areas = doubled(this.#areas);
    }
    if (this.#groups * 2 > this.#table.length) this.#growTable();
  }

  #growTable(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let group = 0; group < this.#groups; group++) {
      let slot = this.#hashOf(group) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = group + 1;
    }
  }

  #hashOf(group: number): number {
    let hash = this.#areas[group]!;
    for (let k = this.#offsets[group]!; k < this.#offsets[group + 1]!; k++) {
      hash = mixed(hash, this.#projects[k]!, this.#points[k]!);
    }
    return hash ^ (hash >>> 13);
  }
}

function mixed(hash: number, project: number, points: number): number {
  const next = Math.imul(hash ^ project, 0x9e3779b1) ^ points;
  return Math.imul(next ^ (next >>> 15), 0x85ebca6b);
}

function doubled<Kind extends Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(array: Kind): Kind {
  const larger = new (array.constructor as new (length: number) => Kind)(array.length * 2);
  larger.set(array);
  return larger;
}

/** Positions of `values` from the smallest value to the largest; insertion sort, for ballots are short, and hardly ever is one not. */
function sortedOrder(values: readonly number[]): number[] {
  if (values.length > 100) return [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const order: number[] = [];
  for (let k = 0; k < values.length; k++) {
    let at = k;
    while (at > 0 && values[order[at - 1]!]! > values[k]!) at -= 1;
    order.splice(at, 0, k);
  }
  return order;
}
