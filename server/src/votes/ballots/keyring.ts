/** The working keys of rounds, derived once a process and kept in memory only. */
import type { KeyStore } from '../../platform/keys.ts';
import { roundKeys, uuidBytes, type RoundKeys } from './protocol.ts';

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
      opened.set(roundId, keys);
      return keys;
    },
  };
}
