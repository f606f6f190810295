/** The working keys of rounds, in memory only, and there for a minute at a time: a key that was destroyed is soon gone here too. */
import type { KeyStore } from '../../platform/keys.ts';
import { roundKeys, uuidBytes, type RoundKeys } from './protocol.ts';

const KEPT_MS = 60_000;

export interface Keyring {
  /** The round's working keys, or null when its key is not on this machine. */
  open(roundId: string): Promise<RoundKeys | null>;
}

export function makeKeyring(store: KeyStore): Keyring {
  const opened = new Map<string, RoundKeys>();
  return {
    async open(roundId) {
      const known = opened.get(roundId);
      if (known) return known;
      const key = await store.read(roundId);
      if (!key) return null;
      const keys = roundKeys(key, uuidBytes(roundId));
      key.fill(0);
      opened.set(roundId, keys);
      setTimeout(() => opened.delete(roundId), KEPT_MS).unref();
      return keys;
    },
  };
}
