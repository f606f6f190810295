/** Where `pnpm verify` reads from: a folder of this machine, or an address. Both belong to strangers. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Read } from '../../server/src/votes/published/reading.ts';

export interface Source {
  read: Read;
  /** Every file, where they can be listed. */
  listed?: string[];
}

const FILES_MAX = 100_000;
const PATIENCE_MS = 120_000;

export async function openSource(place: string): Promise<Source> {
  return /^https?:\/\//i.test(place) ? openAddress(place) : openFolder(place);
}

/** Only plain files are read: a link or a pipe is as good as no file. */
async function openFolder(folder: string): Promise<Source> {
  const entry = await lstat(folder).catch(() => null);
  if (!entry) throw new Error(`${folder} is not there.`);
  if (!entry.isDirectory()) throw new Error(`${folder} is no folder.`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  if (entries.length > FILES_MAX) throw new Error(`${folder} holds more than ${FILES_MAX} files, and is no published folder.`);
  const files = entries.filter((each) => !each.isDirectory());
  const plain = new Set(files.filter((each) => each.isFile()).map((each) => pathOf(folder, each)));
  return {
    listed: files.map((each) => pathOf(folder, each)),
    async read(path, limit) {
      if (!plain.has(path)) return null;
      const full = join(folder, path);
      return (await lstat(full)).size > limit ? 'too-large' : readFile(full);
    },
  };
}

function pathOf(folder: string, { parentPath, name }: { parentPath: string; name: string }): string {
  return relative(folder, join(parentPath, name)).split(sep).join('/');
}

function openAddress(address: string): Source {
  const base = new URL(address);
  base.pathname = base.pathname.replace(/index\.html$/, '').replace(/\/?$/, '/');
  return {
    async read(path, limit) {
      const url = new URL(path, base);
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => {
        throw new Error(`${url.href} cannot be reached: ${(error.cause as { code?: string } | undefined)?.code ?? error.message}`);
      });
      if (answer.status === 404 || answer.status === 410) return null;
      if (!answer.ok || !answer.body) throw new Error(`${url.href} answers ${answer.status}.`);
      return readBounded(answer.body, limit);
    },
  };
}

/** Stops at the limit, whatever the answer said about its length. */
async function readBounded(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | 'too-large'> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > limit) return 'too-large';
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
