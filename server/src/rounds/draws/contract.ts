/** What rooms say of a draw by the public beacon, and how its value is handed in. */
import { z } from 'zod';
import { shapes } from '../../platform/contract.ts';
import { looksLikeBeacon } from './beacon.ts';

/** The value that a draw waits for, or was drawn by; null for a draw that people name and type. */
export const beaconShape = z.object({
  network: z.string(), round: z.int(), at: shapes.moment,
  /** Where anybody can look it up. */
  address: z.string(),
}).nullable();

/** The public beacon is waited for, so that nobody has to do anything. */
export const byBeacon = z.object({ beacon: z.literal(true) });

/** What somebody copied from the beacon's address. One person is enough, because the signature in it proves it. */
export const pastedValue = z.object({ value: z.string().trim().min(96).max(4000) });

/** The name of a draw of another kind. */
export const drawName = (most: number) => z.string().trim().min(3).max(most).refine((name) => !looksLikeBeacon(name));
