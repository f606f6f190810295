/** Keyed hashes and seals, each use under a key of its own derived from the one secret. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

export type Purpose = 'contact' | 'code' | 'browser' | 'card' | 'session' | 'voter-code' | 'voucher' | 'cash' | 'recovery' | 'roll' | 'message' | 'consent' | 'delivery-link' | 'applicant' | 'household' | 'request-link' | 'safeguarding';

export interface Secrets {
  /** HMAC-SHA256 of `text` under the purpose's key; 32 bytes. */
  hash(purpose: Purpose, text: string): Buffer;
  /** AES-256-GCM: nonce, tag, ciphertext. */
  seal(purpose: Purpose, text: string): Buffer;
  /** Opens what `seal` made; throws when it was changed or sealed under another secret. */
  open(purpose: Purpose, sealed: Buffer): string;
  /** The key itself, for a library that wants one; 32 bytes. */
  key(purpose: Purpose): Buffer;
}

/** Derives all keys from `secret` (HKDF, RFC 5869). */
export function makeSecrets(secret: string): Secrets {
  const keys = new Map<Purpose, Buffer>();
  const key = (purpose: Purpose): Buffer => {
    let found = keys.get(purpose);
    if (!found) keys.set(purpose, (found = Buffer.from(hkdfSync('sha256', secret, '', `commonpot.${purpose}.v1`, 32))));
    return found;
  };
  return {
    key,
    hash: (purpose, text) => createHmac('sha256', key(purpose)).update(text).digest(),
    seal(purpose, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(purpose), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(purpose, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key(purpose), sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(12, 28));
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

/** Compares two hashes in constant time. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
