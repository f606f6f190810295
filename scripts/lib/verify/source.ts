/** Where `pnpm verify` reads from: a folder of this machine, or an address. Both belong to strangers. */
import type { Dirent } from 'node:fs';
import { lstat, opendir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Read } from '../../../server/src/votes/published/reading.ts';

export interface Source {
  read: Read;
  /** Every file, where they can be listed. */
  listed?: string[];
}

const FILES_MAX = 100_000;

/** What a server may cost whoever reads from it. */
export interface Limits {
  /** For everything that is read. */
  allMs: number;
  allBytes: number;
  /** Without a byte. */
  silenceMs: number;
}

/** Half an hour for the folder of 130,000 ballots, some 90 MB, is a slow line. */
const LIMITS: Limits = { allMs: 30 * 60_000, allBytes: 2 ** 31, silenceMs: 30_000 };

/** A folder, or an address from which no more is read than `limits` allow. */
export async function openSource(place: string, limits = LIMITS): Promise<Source> {
  return /^https?:\/\//i.test(place) ? openAddress(place, limits) : openFolder(place);
}

/** Only plain files are read: a link or a pipe is as good as no file. */
async function openFolder(folder: string): Promise<Source> {
  const entry = await lstat(folder).catch(() => null);
  if (!entry) throw new Error(`${folder} is not there.`);
  if (!entry.isDirectory()) throw new Error(`${folder} is no folder.`);
  const files: Dirent[] = [];
  for await (const each of await opendir(folder, { recursive: true })) {
    if (each.isDirectory()) continue;
    if (files.push(each) > FILES_MAX) throw new Error(`${folder} holds more than ${FILES_MAX} files, and is no published folder.`);
  }
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

function openAddress(address: string, limits: Limits): Source {
  const base = new URL(address);
  base.pathname = base.pathname.replace(/index\.html$/, '').replace(/\/?$/, '/');
  const end = AbortSignal.timeout(limits.allMs);
  let leftBytes = limits.allBytes;
  return {
    async read(path, limit) {
      const url = new URL(path, base);
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), limits.silenceMs);
      const refuse = (error: Error): never => {
        if (end.aborted) throw new Error(`${url.host} is too slow: after ${limits.allMs / 60_000} minutes the folder is not here yet.`);
        if (silence.signal.aborted) throw new Error(`${url.href} does not arrive: nothing came for ${limits.silenceMs / 1000} seconds.`);
        throw new Error(`${url.href} cannot be reached: ${(error.cause as { code?: string } | undefined)?.code ?? error.message}`);
      };
      try {
        const answer = await fetch(url, { signal: AbortSignal.any([end, silence.signal]) }).catch(refuse);
        if (!answer.ok || !answer.body) {
          await answer.body?.cancel();
          if (answer.status === 404 || answer.status === 410) return null;
          throw new Error(`${url.href} answers ${answer.status}.`);
        }
        const bytes = await readBounded(answer.body, Math.min(limit, leftBytes), () => timer.refresh()).catch(refuse);
        // A file within its own limit that goes beyond what is left of all.
        if (bytes === 'too-large' && leftBytes < limit) throw new Error(`${url.host} sends more than ${Math.round(limits.allBytes / 2 ** 20)} MB, and no published folder is so large.`);
        if (bytes !== 'too-large') leftBytes -= bytes.length;
        return bytes;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Stops at the limit, whatever the answer said about its length. */
async function readBounded(body: ReadableStream<Uint8Array>, limit: number, onPiece: () => void): Promise<Uint8Array | 'too-large'> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    onPiece();
    size += piece.length;
    if (size > limit) return 'too-large';
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
