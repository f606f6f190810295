/**
 * The public random beacon as a draw: which of its values is waited for, and the two texts that stand for it. Pure, because
 * verifying leans on it; signature.ts says whether a value is the network's own.
 *
 * The name of such a draw says everything beforehand: `drand round 28000000 of 2026-08-30T20:56:00Z, network 52db…`, where the
 * round is the network's first at that moment or after it. Its result is `drand round 28000000 signature b713…`, and that
 * text is what the seed is made of. So whatever is committed to the name and the text of a draw is committed to these.
 */
import { QUICKNET, type BeaconNetwork } from '../../platform/beacon.ts';

const NAME = /^drand round ([1-9]\d{0,11}) of (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z), network ([0-9a-f]{64})$/;
const RESULT = /^drand round ([1-9]\d{0,11}) signature ([0-9a-f]{96})$/;
const HOUR = 3_600_000;

/** Hours from when nothing can change any more to the value that decides: time to save what was committed to. */
export const MARGIN_HOURS = 24;
/** The same for the order in a hall, which is drawn on the evening itself. */
export const HALL_MARGIN_HOURS = 1;

/** A value that is waited for. */
export interface Awaited {
  round: number;
  /** The moment that was named. */
  at: Date;
  chain: string;
}

/** A value of the network, as it brings its own proof: 96 hexadecimal digits. */
export interface BeaconValue {
  round: number;
  signature: string;
}

/** The network's first value at a moment or after it. */
export function roundAt({ genesis, period }: BeaconNetwork, at: Date): number {
  return Math.max(1, Math.ceil((at.getTime() - genesis * 1000) / (period * 1000)) + 1);
}

/** When the network makes a value. */
export function momentOf({ genesis, period }: BeaconNetwork, round: number): Date {
  return new Date((genesis + (round - 1) * period) * 1000);
}

/** The full hour that comes first once `hours` have passed. */
export function hourAfter(from: Date, hours: number): Date {
  return new Date(Math.ceil((from.getTime() + hours * HOUR) / HOUR) * HOUR);
}

/** The name and the day, in UTC, of the draw that the network's first value from a moment on is. The moment is a whole second. */
export function beaconDraw(network: BeaconNetwork, at: Date): { name: string; date: string } {
  const moment = at.toISOString().replace('.000Z', 'Z');
  return { name: `drand round ${roundAt(network, at)} of ${moment}, network ${network.chain}`, date: moment.slice(0, 10) };
}

/**
 * The draw that decides in place of a named one where what it decides was fixed too late for it, less than an hour before the
 * named moment or behind it: the value of the full hour a day later. Null where the named one holds, or is no value of this network.
 */
export function laterDraw(network: BeaconNetwork, name: string, fixedAt: Date): { name: string; date: string } | null {
  const awaited = readAwaited(name);
  if (awaited?.chain !== network.chain || fixedAt.getTime() <= awaited.at.getTime() - HALL_MARGIN_HOURS * HOUR) return null;
  return beaconDraw(network, hourAfter(fixedAt, MARGIN_HOURS));
}

/** The value that a draw's name waits for; null for a draw of another kind. */
export function readAwaited(name: string): Awaited | null {
  const [, round, moment, chain] = NAME.exec(name) ?? [];
  const at = new Date(moment ?? Number.NaN);
  return round && chain && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(moment?.slice(0, 19) ?? '') ? { round: Number(round), at, chain } : null;
}

/** Whether a name looks like the beacon’s. People may name no such draw themselves. */
export function looksLikeBeacon(name: string): boolean {
  return /^\s*drand\b/i.test(name);
}

/** The text of a value: what the seed is made of. */
export function resultOf({ round, signature }: BeaconValue): string {
  return `drand round ${round} signature ${signature}`;
}

/** The value that a result's text holds; null where it holds none. */
export function readResult(text: string): BeaconValue | null {
  const [, round, signature] = RESULT.exec(text) ?? [];
  return round && signature ? { round: Number(round), signature } : null;
}

/** Where anybody can look a value up, without this server. */
export function addressOf({ chain, round }: Pick<Awaited, 'chain' | 'round'>): string {
  return `https://api.drand.sh/${chain}/public/${round}`;
}

/** The signature in whatever a person copied from there: its 96 hexadecimal digits, alone or among other words. Null where there is none, or more than one. */
export function readPasted(text: string): string | null {
  const found = new Set([...text.toLowerCase().matchAll(/(?<![0-9a-f])[0-9a-f]{96}(?![0-9a-f])/g)].map(([digits]) => digits));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** The networks whose values count where nothing else is said. */
export const KNOWN_NETWORKS: readonly BeaconNetwork[] = [QUICKNET];
