/** The rounds' keys, one 32-byte file each, outside the database and its backups. Losing a key loses its ballots. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface KeyStore {
  /** Makes the round's key, or keeps the one that is there. */
  create(roundId: string): Promise<void>;
  /** The 32 bytes, or null when the key is not on this machine. */
  read(roundId: string): Promise<Buffer | null>;
  /** Puts back a key that was lost, from its recovery sheet; a key that is there stays. */
  restore(roundId: string, key: Buffer): Promise<void>;
  /** Removes the key. Doing it twice is fine. */
  destroy(roundId: string): Promise<void>;
}

/** Keys as files in `folder`, readable by their owner only. Several processes may share it. */
export function fileKeyStore(folder: string): KeyStore {
  const path = (roundId: string) => join(folder, `${roundId}.key`);
  const syncFolder = async (): Promise<void> => {
    const directory = await open(folder, 'r');
    await directory.sync();
    await directory.close();
  };
  const put = async (roundId: string, key: Buffer): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path(roundId)}.${randomBytes(6).toString('hex')}`;
    const file = await open(draft, 'wx', 0o600);
    await file.write(key);
    await file.sync();
    await file.close();
    // A link fails where a rename would replace: the first key made stays.
    await link(draft, path(roundId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
    await syncFolder();
  };
  return {
    create: (roundId) => put(roundId, randomBytes(32)),
    restore: put,
    async read(roundId) {
      return readFile(path(roundId)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
    },
    async destroy(roundId) {
      await rm(path(roundId), { force: true });
      await syncFolder().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    },
  };
}
