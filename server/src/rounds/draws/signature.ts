/** Whether a value of the public beacon is the network's own: by its public key alone, with nobody asked. Pure, because verifying leans on it. */
import { createHash } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { looksLikeBeacon, readAwaited, readResult, roundAt, type BeaconValue } from './beacon.ts';

/** RFC 9380's hash to G1, as the scheme bls-unchained-g1-rfc9380 has it. */
const SUITE = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
const bls = bls12_381.shortSignatures;

/** What the network signs for a round: SHA-256 of its number in eight bytes, as a point of the curve. */
export function messageOf(round: number): ReturnType<typeof bls.hash> {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(round));
  return bls.hash(createHash('sha256').update(number).digest(), SUITE);
}

/** Whether the network signed this value. A signature has one spelling: the same point written in another way is none. */
export function isSigned(network: BeaconNetwork, { round, signature }: BeaconValue): boolean {
  try {
    const point = bls.Signature.fromBytes(Buffer.from(signature, 'hex'));
    if (Buffer.from(point.toBytes()).toString('hex') !== signature) return false;
    return bls.verify(point, messageOf(round), Buffer.from(network.publicKey, 'hex'));
  } catch {
    // No point of the curve, or not of its group.
    return false;
  }
}

/** What can be wrong with a draw by the beacon. */
export type BeaconFault = 'beacon-network' | 'beacon-round' | 'beacon-signature';

/**
 * What is wrong with a draw, by its name and, once it is held, its result; null where nothing is, or where it is a draw of
 * another kind. `beacon-network`: not one of these networks. `beacon-round`: not the first value from the named moment on,
 * or the value of another round. `beacon-signature`: no value of the network.
 */
export function findBeaconFault(draw: { name: string; result: string | null }, networks: readonly BeaconNetwork[]): BeaconFault | null {
  if (!looksLikeBeacon(draw.name)) return null;
  const awaited = readAwaited(draw.name);
  if (!awaited) return 'beacon-round';
  const network = networks.find((each) => each.chain === awaited.chain);
  if (!network) return 'beacon-network';
  if (awaited.round !== roundAt(network, awaited.at)) return 'beacon-round';
  if (draw.result === null) return null;
  const value = readResult(draw.result);
  if (!value) return 'beacon-signature';
  if (value.round !== awaited.round) return 'beacon-round';
  return isSigned(network, value) ? null : 'beacon-signature';
}
