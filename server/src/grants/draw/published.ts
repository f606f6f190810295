/** draw.json: what is published of a draw, and what is wrong with it. Pure: needs the file, and nothing else. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { KNOWN_NETWORKS, readAwaited } from '../../rounds/draws/beacon.ts';
import { findBeaconFault } from '../../rounds/draws/signature.ts';
import { isDrawInOrder } from '../../rounds/draws/lottery.ts';
import { digestOf, drawOrder } from '../panels/rules.ts';
import { digestName, digestPool, digestWeights, drawList, seedOf, ticketsOf, type Entry, type Terms } from './rules.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const moment = z.iso.datetime({ offset: true });
const line = z.string().max(500);
const code = z.string().min(4).max(20);
const POOL_MAX = 1_000_000;
const round = z.object({ id: z.uuid(), slug: z.string().max(60), title: line });

export const listDrawSchema = z.object({
  kind: z.literal('commonpot.list-draw.v1'),
  fund: line, round, number: z.int().min(1),
  charter: z.object({ version: z.int(), digest }),
  weights: z.object({ firstTime: z.int().min(1).max(10), missed: z.int().min(0).max(5), most: z.int().min(1).max(20) }),
  /** The public draw whose result is the seed, named before anybody asked. */
  draw: z.object({ name: line, date: day }),
  /** What was fixed when the pool was: digests in hexadecimal. */
  committed: z.object({ at: moment, entries: z.int().min(0), tickets: z.int().min(0), weights: digest, name: digest, pool: digest }),
  pool: z.array(z.object({ code, tickets: z.int().min(0).max(20), firstTime: z.boolean(), missedBefore: z.int().min(0), askedAgain: z.boolean() })).max(POOL_MAX),
  /** There was money for everybody, and nothing to draw. */
  enough: z.boolean(),
  drawn: z.object({ date: day, text: line, evidence: line, missed: z.array(day).max(10), seed: digest, at: moment }).nullable(),
  /** The waiting list, once it is drawn. */
  order: z.array(code).max(POOL_MAX),
});
export type ListDraw = z.output<typeof listDrawSchema>;

export const panelDrawSchema = z.object({
  kind: z.literal('commonpot.panel-draw.v1'),
  fund: line, round, panel: z.uuid(), seats: z.int().min(3).max(15),
  draw: z.object({ name: line, at: moment }),
  committed: z.object({ at: moment, entries: z.int().min(0), pool: digest }),
  pool: z.array(z.object({ code, area: z.string().max(80), served: z.int().min(0) })).max(POOL_MAX),
  drawn: z.object({ at: moment, seed: line }).nullable(),
  /** Everybody of the pool in the order in which they are asked, once it is drawn. */
  order: z.array(code).max(POOL_MAX),
});
export type PanelDraw = z.output<typeof panelDrawSchema>;

/** What can be wrong with a draw, each with the sentence that `pnpm verify` says. */
const DRAW_FAULTS = {
  'no-draw': 'This is not the file of a draw, or it is damaged.',
  'other-draw': 'The saved file is of another draw.',
  'entry-added': 'Somebody stands in the pool who was not in it when it was committed to.',
  'entry-removed': 'Somebody who was in the pool when it was committed to is missing.',
  'entry-twice': 'Somebody stands in the pool twice.',
  'tickets-changed': 'Tickets are not those that the published weights give.',
  'pool-changed': 'The pool is not the one that was committed to before the public draw.',
  'weights-changed': 'The weights, or the charter they stand in, are not those that were committed to.',
  'name-changed': 'The public draw, its day, or the round is not the one that was named before.',
  'draw-too-early': 'The public draw was held before the pool was fixed, or is not the one that was named.',
  'beacon-network': 'The draw is by another beacon than the one whose public key is known.',
  'beacon-round': 'The beacon’s value is not the first one from the moment that was named beforehand.',
  'beacon-signature': 'The beacon’s value is not signed by its network: it was altered or made up.',
  'seed-changed': 'The seed does not follow from the published result and what was committed to.',
  'order-changed': 'The order is not the one that the pool and the seed give.',
} as const;
export type DrawFault = keyof typeof DRAW_FAULTS;

export interface DrawFinding {
  name: DrawFault;
  sentence: string;
  /** Codes or places, the first ones; `times` says how many. */
  places: string[];
  times: number;
}

export interface DrawVerdict {
  kind: 'list-draw' | 'panel-draw' | null;
  facts: { fund: string; title: string; entries: number; draw: string; date: string; result: string | null; evidence: string | null; digest: string; first: string[] } | null;
  findings: DrawFinding[];
}

const PLACES_SHOWN = 5;

/** Gathers what is wrong, each fault once. */
function collect() {
  const found = new Map<DrawFault, string[]>();
  return {
    add: (name: DrawFault, places: readonly string[] = []) => void found.set(name, [...new Set([...(found.get(name) ?? []), ...places])]),
    has: (...names: DrawFault[]) => names.some((name) => found.has(name)),
    all: (): DrawFinding[] => [...found].map(([name, places]) => ({ name, sentence: DRAW_FAULTS[name], places: places.slice(0, PLACES_SHOWN), times: Math.max(1, places.length) })),
  };
}
type Faults = ReturnType<typeof collect>;

const without = (some: Iterable<string>, others: Iterable<string>): string[] => {
  const known = new Set(others);
  return [...some].filter((each) => !known.has(each));
};
const twice = (all: readonly string[]): string[] => [...Map.groupBy(all, (each) => each)].flatMap(([each, times]) => (times.length > 1 ? [each] : []));

/** Checks the text of a draw.json, and that it still holds what an earlier copy of it said. */
export function verifyDraw(text: string, saved?: string, networks: readonly BeaconNetwork[] = KNOWN_NETWORKS): DrawVerdict {
  const faults = collect();
  const doc = readDraw(text);
  const before = saved === undefined ? null : readDraw(saved);
  if (!doc || (saved !== undefined && !before)) faults.add('no-draw');
  if (!doc) return { kind: null, facts: null, findings: faults.all() };
  if (doc.kind === 'commonpot.list-draw.v1') {
    if (before) compareLists(faults, doc, before);
    checkList(faults, doc);
    checkBeacon(faults, { name: doc.draw.name, result: doc.drawn?.text ?? null, committedAt: doc.committed.at, isOn: (at) => at.startsWith(doc.draw.date) && (doc.drawn?.missed.length ?? 0) === 0 }, networks);
    const { committed, drawn } = doc;
    return { kind: 'list-draw', findings: faults.all(), facts: {
      fund: doc.fund, title: doc.round.title, entries: doc.pool.length, draw: doc.draw.name, date: drawn?.date ?? doc.draw.date, result: drawn?.text ?? null, evidence: drawn?.evidence ?? null,
      digest: committed.pool, first: doc.order.slice(0, PLACES_SHOWN),
    } };
  }
  if (before) comparePanels(faults, doc, before);
  checkPanel(faults, doc);
  checkBeacon(faults, { name: doc.draw.name, result: doc.drawn?.seed ?? null, committedAt: doc.committed.at, isOn: (at) => at === new Date(doc.draw.at).toISOString() }, networks);
  return { kind: 'panel-draw', findings: faults.all(), facts: {
    fund: doc.fund, title: doc.round.title, entries: doc.pool.length, draw: doc.draw.name, date: doc.draw.at, result: doc.drawn?.seed ?? null, evidence: null, digest: doc.committed.pool, first: doc.order.slice(0, doc.seats),
  } };
}

/** A draw's file as it is read; null where it is none. */
export function readDraw(text: string): ListDraw | PanelDraw | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  return z.union([listDrawSchema, panelDrawSchema]).safeParse(json).data ?? null;
}

function termsOf(doc: ListDraw): Terms {
  return { charter: doc.charter, weights: doc.weights, round: doc.round.id, number: doc.number, draw: doc.draw };
}

function checkList(faults: Faults, doc: ListDraw): void {
  const { committed, drawn, pool } = doc;
  const terms = termsOf(doc);
  const [weights, name, digestNow] = [digestWeights(terms).toString('hex'), digestName(terms).toString('hex'), digestPool(pool).toString('hex')];
  if (weights !== committed.weights) faults.add('weights-changed');
  if (name !== committed.name) faults.add('name-changed');
  const isSorted = pool.every((each, index) => index === 0 || (pool[index - 1]?.code ?? '') <= each.code);
  if (digestNow !== committed.pool || !isSorted) faults.add('pool-changed');
  checkMembers(faults, pool.map((each) => each.code), committed.entries, doc.order, drawn !== null);
  // Weights that were changed themselves give other tickets to everybody; the fault is theirs.
  if (weights === committed.weights) addIfAny(faults, 'tickets-changed', pool.filter((each) => each.tickets !== ticketsOf(each, doc.weights)).map((each) => each.code));
  if (pool.length === committed.entries && sum(pool) !== committed.tickets) faults.add('tickets-changed');
  if (doc.draw.date <= new Date(committed.at).toISOString().slice(0, 10)) faults.add('draw-too-early');
  if (!drawn) return doc.order.length > 0 ? faults.add('order-changed') : undefined;
  if (!isDrawInOrder({ drawnOn: drawn.date, missed: drawn.missed }, doc.draw.date, drawn.date) || doc.enough) faults.add('draw-too-early');
  const seed = seedOf({ terms: createHash('sha256').update(Buffer.from(committed.weights + committed.name, 'hex')).digest(), pool: Buffer.from(committed.pool, 'hex'), text: drawn.text });
  if (seed.toString('hex') !== drawn.seed) faults.add('seed-changed');
  if (faults.has('entry-added', 'entry-removed', 'entry-twice', 'tickets-changed', 'pool-changed')) return;
  const [shown, followed] = [Buffer.from(drawn.seed, 'hex'), seed].map((each) => firstDifference(drawList(pool, each), doc.order)) as [number | null, number | null];
  if (shown !== null && followed !== null) faults.add('order-changed', [`place ${shown}`]);
}

/** Where the draw is by the beacon: the value that was named, of its network, made after the pool was fixed and at no other moment. */
function checkBeacon(faults: Faults, draw: { name: string; result: string | null; committedAt: string; isOn: (at: string) => boolean }, networks: readonly BeaconNetwork[]): void {
  const fault = findBeaconFault(draw, networks);
  if (fault) faults.add(fault);
  const at = readAwaited(draw.name)?.at.toISOString();
  if (at !== undefined && (!draw.isOn(at) || !isBefore(draw.committedAt, at))) faults.add('draw-too-early');
}

const sum = (pool: readonly Pick<Entry, 'tickets'>[]): number => pool.reduce((total, each) => total + each.tickets, 0);

function addIfAny(faults: Faults, name: DrawFault, places: readonly string[]): void {
  if (places.length > 0) faults.add(name, places);
}

/** Whether everybody of the pool stands in it once, in the order once, and so many as were committed to. */
function checkMembers(faults: Faults, members: readonly string[], committed: number, order: readonly string[], isDrawn: boolean): void {
  addIfAny(faults, 'entry-twice', twice(members));
  if (isDrawn) {
    addIfAny(faults, 'entry-added', without(members, order));
    addIfAny(faults, 'entry-removed', without(order, members));
    if (twice(order).length > 0) faults.add('order-changed', twice(order));
  }
  if (members.length > committed && !faults.has('entry-added', 'entry-twice')) faults.add('entry-added');
  if (members.length < committed && !faults.has('entry-removed')) faults.add('entry-removed');
}

/** The first place, from 1, at which two orders differ; null where they are the same. */
function firstDifference(one: readonly string[], other: readonly string[]): number | null {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) if (one[index] !== other[index]) return index + 1;
  return null;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function compareLists(faults: Faults, doc: ListDraw, before: ListDraw | PanelDraw): void {
  if (before.kind !== doc.kind || before.round.id !== doc.round.id || before.number !== doc.number) return faults.add('other-draw');
  const [now, then] = [new Map(doc.pool.map((each) => [each.code, each])), new Map(before.pool.map((each) => [each.code, each]))];
  addIfAny(faults, 'entry-added', without(now.keys(), then.keys()));
  addIfAny(faults, 'entry-removed', without(then.keys(), now.keys()));
  addIfAny(faults, 'tickets-changed', [...now.values()].filter((each) => then.has(each.code) && !isSame(each, then.get(each.code))).map((each) => each.code));
  if (!isSame([doc.charter, doc.weights], [before.charter, before.weights])) faults.add('weights-changed');
  if (!isSame(doc.draw, before.draw)) faults.add('name-changed');
  if (before.committed.pool !== doc.committed.pool && !faults.has('entry-added', 'entry-removed', 'tickets-changed')) faults.add('pool-changed');
  if (before.drawn && before.drawn.seed !== doc.drawn?.seed) faults.add('seed-changed');
  if (before.drawn && !faults.has('seed-changed') && !isSame(before.order, doc.order)) faults.add('order-changed');
}

function checkPanel(faults: Faults, doc: PanelDraw): void {
  const { pool, committed, drawn } = doc;
  checkMembers(faults, pool.map((each) => each.code), committed.entries, doc.order, drawn !== null);
  if (digestOf(pool).toString('hex') !== committed.pool) faults.add('pool-changed');
  if (isBefore(doc.draw.at, committed.at) || (drawn && isBefore(drawn.at, doc.draw.at))) faults.add('draw-too-early');
  if (!drawn) return doc.order.length > 0 ? faults.add('order-changed') : undefined;
  if (faults.has('entry-added', 'entry-removed', 'entry-twice', 'pool-changed')) return;
  const different = firstDifference(drawOrder(pool, drawn.seed), doc.order);
  if (different !== null) faults.add('order-changed', [`place ${different}`]);
}

/** Whether one moment is before another, however they are written. */
const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other);

function comparePanels(faults: Faults, doc: PanelDraw, before: ListDraw | PanelDraw): void {
  if (before.kind !== doc.kind || before.panel !== doc.panel) return faults.add('other-draw');
  const codes = (of: PanelDraw) => of.pool.map((each) => each.code);
  addIfAny(faults, 'entry-added', without(codes(doc), codes(before)));
  addIfAny(faults, 'entry-removed', without(codes(before), codes(doc)));
  if (before.committed.pool !== doc.committed.pool && !faults.has('entry-added', 'entry-removed')) faults.add('pool-changed');
  if (!isSame([doc.draw, doc.seats], [before.draw, before.seats])) faults.add('name-changed');
  if (before.drawn && before.drawn.seed !== doc.drawn?.seed) faults.add('seed-changed');
}
