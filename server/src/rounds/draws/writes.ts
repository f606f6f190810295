/** The one way in which a value of the beacon comes in, whoever brings it: checked, then kept for good. */
import type { Transaction } from '@commonpot/db/client';
import { beaconValue } from '@commonpot/db/rounds';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { addressOf, readAwaited, readPasted, resultOf, type Awaited } from './beacon.ts';
import { findBeaconFault } from './signature.ts';

/** A value somebody brings; `actorId` is null where the job does. */
export interface Brought {
  /** Whatever was copied or answered, with the signature in it. */
  value: string;
  network: BeaconNetwork;
  actorId: string | null;
  at: Date;
}

/**
 * Keeps the value that a draw's name waits for, and answers the text of the result. Again, or by two at once: kept once.
 * Refuses `beacon-value-wrong` (with `address`) unless it is that value, signed by the network, and `draw-too-early`.
 */
export async function bringValue(tx: Transaction, fundId: string, name: string, { value, network, actorId, at }: Brought): Promise<{ awaited: Awaited; text: string } | Refusal> {
  const awaited = readAwaited(name);
  const signature = readPasted(value);
  if (!awaited) return refuse('beacon-value-wrong');
  if (at < awaited.at) return refuse('draw-too-early', { date: awaited.at.toISOString() });
  const text = signature && resultOf({ round: awaited.round, signature });
  if (!signature || !text || findBeaconFault({ name, result: text }, [network])) return refuse('beacon-value-wrong', { address: addressOf(awaited) });
  const kept = await tx.insert(beaconValue).values({ fundId, chain: awaited.chain, round: awaited.round, signature, broughtBy: actorId, broughtAt: at }).onConflictDoNothing().returning({ round: beaconValue.round });
  if (kept.length > 0) await record(tx, { fundId, name: 'beacon.brought', subject: { chain: awaited.chain, value: String(awaited.round) }, actorId, at });
  return { awaited, text };
}
