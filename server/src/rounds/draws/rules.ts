/** A draw by the public beacon, as people are shown it. Pure. */
import { QUICKNET } from '../../platform/beacon.ts';
import { addressOf, readAwaited } from './beacon.ts';

/** The value that a draw's name waits for, or was drawn by; null for a draw of another kind. */
export function showBeacon(name: string): { network: string; round: number; at: string; address: string } | null {
  const awaited = readAwaited(name);
  return awaited && { network: awaited.chain === QUICKNET.chain ? QUICKNET.name : awaited.chain, round: awaited.round, at: awaited.at.toISOString(), address: addressOf(awaited) };
}
