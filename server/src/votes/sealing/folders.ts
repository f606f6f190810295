/** The two places in which a sealed round lies: written whole or not at all, and checked as they lie there. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { QUICKNET, type BeaconNetwork } from '../../platform/beacon.ts';
import type { Folder } from '../published/folder.ts';
import type { Read } from '../published/reading.ts';
import { verifyFolder } from '../published/verify.ts';

/** The names of what is wrong with a folder; none where it holds everything it promises. */
export async function findFaults(place: string, network: BeaconNetwork = QUICKNET): Promise<string[]> {
  const listed = await listFiles(place);
  const { findings } = await verifyFolder(readFrom(place), { listed, networks: [network] });
  return findings.map((finding) => finding.name);
}

/** As `findFaults`, for a folder that is not written yet. */
export async function findFaultsIn(folder: Folder, network: BeaconNetwork = QUICKNET): Promise<string[]> {
  const { findings } = await verifyFolder(async (path) => folder.get(path) ?? null, { listed: folder.keys(), networks: [network] });
  return findings.map((finding) => finding.name);
}

/** Puts a folder in its place. Whoever looks there sees nothing, or all of it, on the disk to stay. */
export async function putFolder(folder: Folder, place: string): Promise<void> {
  const draft = `${place}.${randomBytes(6).toString('hex')}.part`;
  for (const [path, bytes] of folder) {
    await mkdir(dirname(join(draft, path)), { recursive: true });
    const file = await open(join(draft, path), 'wx', 0o644);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
  }
  for (const path of new Set([draft, ...[...folder.keys()].map((each) => dirname(join(draft, each)))])) await syncFolder(path);
  await rm(place, { recursive: true, force: true });
  await rename(draft, place);
  await syncFolder(dirname(place));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}

function readFrom(place: string): Read {
  return async (path, limit) => {
    const file = join(place, path);
    const found = await stat(file).catch(noFile);
    if (!found?.isFile()) return null;
    return found.size > limit ? 'too-large' : readFile(file);
  };
}

async function listFiles(place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(noFile);
  return (entries ?? []).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1));
}

function noFile(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
