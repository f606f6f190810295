/**
 * Joins people to ballots by every pair of orders there is: the first person to the first ballot, and so on, forwards and
 * backwards. Knows nothing of how ballots are stored, so that the same attack meets every build.
 */
import type { Order } from './evidence.ts';

/** Numbers that look random and are the same at every run (mulberry32). */
export function drawNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Crowd {
  /** What orders the people, and what orders the ballots. */
  people: readonly Order[];
  ballots: readonly Order[];
  /** Each person's ballot. */
  truth: readonly number[];
  /** What is public about each ballot: the batch in which it entered the log. The attacker is told each person's batch too. */
  batch: readonly number[];
}

export interface Joined {
  /** Pairs of orders that were tried, each in two directions. */
  tries: number;
  /** People joined to their own ballot by the pair that joins most of them. */
  matches: number;
  by: string;
  /** The same, had the people of each batch stood in other people's places: one figure a relabelled world. */
  chance: number[];
  /** The strongest correlation between any two orders, in standard deviations of what chance makes. */
  deviations: number;
  deviationsBy: string;
}

export function join(crowd: Crowd, random: () => number, worlds = 100): Joined {
  const people = distinct(crowd.people);
  const ballots = distinct(crowd.ballots);
  const relabelled = Array.from({ length: worlds }, () => relabel(crowd, random));
  const chance = new Array<number>(worlds).fill(0);
  const joined: Joined = { tries: 0, matches: 0, by: '', chance, deviations: 0, deviationsBy: '' };
  for (const person of people) {
    for (const ballot of ballots) {
      const by = `${person.name} – ${ballot.name}`;
      const deviations = correlate(crowd, person, ballot);
      if (Math.abs(deviations) > Math.abs(joined.deviations)) Object.assign(joined, { deviations, deviationsBy: by });
      for (const guess of guesses(crowd, person, ballot, random)) {
        joined.tries += 1;
        const matches = agree(guess, crowd.truth);
        if (matches > joined.matches) Object.assign(joined, { matches, by });
        relabelled.forEach((truth, world) => (chance[world] = Math.max(chance[world]!, agree(guess, truth))));
      }
    }
  }
  return joined;
}

/** Orders that order something, each once. */
function distinct(orders: readonly Order[]): Order[] {
  const known = new Map<string, Order>();
  for (const order of orders) {
    const places = [...new Set(order.at)].filter((at) => !Number.isNaN(at)).sort((a, b) => a - b);
    const rank = new Map(places.map((at, index) => [at, index]));
    if (places.length > 2) known.set([...order.at].map((at) => rank.get(at) ?? '').join(), order);
  }
  return [...known.values()];
}

/** Whoever is in an order, first to last; equals in a drawn order, because the order in which they are kept here is the truth. */
function sorted(order: Order, random: () => number, isIn: (thing: number) => boolean = () => true): number[] {
  const things = [...order.at.keys()].filter((thing) => !Number.isNaN(order.at[thing]) && isIn(thing)).map((thing) => ({ thing, lot: random() }));
  return things.sort((a, b) => order.at[a.thing]! - order.at[b.thing]! || a.lot - b.lot).map((each) => each.thing);
}

/** Person by person the ballot that this pair of orders says is theirs: over all, and batch by batch; forwards and backwards. */
function guesses({ truth, batch }: Crowd, person: Order, ballot: Order, random: () => number): Int16Array[] {
  const batches = [...new Set(batch)];
  const parts = [[[sorted(person, random), sorted(ballot, random)]], batches.map((each) => [sorted(person, random, (thing) => batch[truth[thing]!] === each), sorted(ballot, random, (thing) => batch[thing] === each)])] as [number[], number[]][][];
  return parts.flatMap((pairs) => [false, true].map((isBackwards) => {
    const guess = new Int16Array(truth.length).fill(-1);
    for (const [who, what] of pairs) {
      const inOrder = isBackwards ? [...what].reverse() : what;
      who.forEach((thing, index) => (guess[thing] = inOrder[index] ?? -1));
    }
    return guess;
  }));
}

function agree(guess: Int16Array, truth: readonly number[]): number {
  let matches = 0;
  for (let person = 0; person < guess.length; person += 1) if (guess[person] === truth[person]) matches += 1;
  return matches;
}

/** The same people, each batch's shuffled. */
function relabel({ truth, batch }: Crowd, random: () => number): number[] {
  const shuffled = [...truth];
  for (const each of new Set(batch)) {
    const places = [...truth.keys()].filter((person) => batch[truth[person]!] === each);
    for (let at = places.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [shuffled[places[at]!], shuffled[places[other]!]] = [shuffled[places[other]!]!, shuffled[places[at]!]!];
    }
  }
  return shuffled;
}

/** Spearman's correlation inside each batch, over the true pairs, added up and in its standard deviations (1 / sqrt(n - 1) for n pairs). */
function correlate({ truth, batch }: Crowd, person: Order, ballot: Order): number {
  let sum = 0;
  let parts = 0;
  for (const each of new Set(batch)) {
    const pairs = truth.map((thing, who) => [person.at[who]!, ballot.at[thing]!, batch[thing]!] as const).filter(([a, b, part]) => part === each && !Number.isNaN(a) && !Number.isNaN(b));
    if (pairs.length < 20) continue;
    const [left, right] = [ranks(pairs.map((pair) => pair[0])), ranks(pairs.map((pair) => pair[1]))];
    const middle = (pairs.length - 1) / 2;
    const spread = (of: readonly number[]) => Math.sqrt(of.reduce((total, rank) => total + (rank - middle) ** 2, 0));
    const scale = spread(left) * spread(right);
    if (scale === 0) continue;
    sum += (left.reduce((total, rank, index) => total + (rank - middle) * (right[index]! - middle), 0) / scale) * Math.sqrt(pairs.length - 1);
    parts += 1;
  }
  return parts === 0 ? 0 : sum / Math.sqrt(parts);
}

/** The rank of each value; equal values share theirs. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to += 1;
    for (let at = from; at <= to; at += 1) found[order[at]!] = (from + to) / 2;
    from = to + 1;
  }
  return found;
}

/** At most one false alarm in a million runs, whichever pair of so many is the best. */
const FALSE_ALARM = 1e-6;

/** The smallest number of matches that chance does not explain: each try's are about Poisson with one match a batch. */
export function unlikelyMatches(tries: number, batches: number): number {
  let [term, tail, count] = [Math.exp(-batches), 1, 0];
  while (tail * tries > FALSE_ALARM) {
    tail -= term;
    count += 1;
    term *= batches / count;
    if (tail < 1e-15) break;
  }
  return count;
}

/** The correlation, in standard deviations, that chance does not explain. */
export function unlikelyDeviations(tries: number): number {
  return Math.sqrt(2 * Math.log((2 * tries) / FALSE_ALARM));
}
