/** The host's log key (Ed25519), which signs heads and receipts. It lies beside the rounds' keys and outlives them. */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyStore } from '../../platform/keys.ts';
import { receiptBytes } from '../published/bytes.ts';
import { publicKeyBytes, type Sign } from '../published/note.ts';

const signBeside = promisify(sign) as (algorithm: null, data: Buffer, key: KeyObject) => Promise<Buffer>;
const AT_ONCE = 4000;
const NAME = 'log';
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface LogSigner {
  /** 32 bytes. */
  publicKey: Buffer;
  sign: Sign;
  /** As `sign`, beside other work. */
  signLater(message: Buffer): Promise<Buffer>;
}

/** Makes the host's log key where there is none yet. */
export async function makeLogKey(store: KeyStore): Promise<LogSigner> {
  await store.create(NAME);
  const signer = await openLogKey(store);
  if (!signer) throw new Error('the log’s key cannot be read right after it was made');
  return signer;
}

/** The host's log key, or null when it is not on this machine. */
export async function openLogKey(store: KeyStore): Promise<LogSigner | null> {
  const seed = await store.read(NAME);
  if (!seed) return null;
  const key: KeyObject = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return { publicKey: publicKeyBytes(createPublicKey(key)), sign: (message) => sign(null, message, key), signLater: (message) => signBeside(null, message, key) };
}

/** The receipts of many leaves, in their order; of a hundred thousand they take seconds, in which nothing else waits. */
export async function signReceipts(signer: LogSigner, round: Buffer, leaves: readonly Buffer[]): Promise<Buffer[]> {
  const receipts: Buffer[] = [];
  for (let from = 0; from < leaves.length; from += AT_ONCE) {
    receipts.push(...(await Promise.all(leaves.slice(from, from + AT_ONCE).map((leaf) => signer.signLater(receiptBytes(round, leaf))))));
  }
  return receipts;
}

/** The receipt of a leaf: 64 bytes, the same however often it is asked for, and stored nowhere. */
export function signReceipt(signer: LogSigner, round: Buffer, leaf: Buffer): Buffer {
  return signer.sign(receiptBytes(round, leaf));
}
