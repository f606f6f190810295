/** Folders in memory: written, checked, changed by strangers, and sealed again by an operator who cheats. */
import { sha256Hex } from '../../server/src/votes/published/files.ts';
import type { FaultName } from '../../server/src/votes/published/findings.ts';
import { sealText, writeFolder, type Folder } from '../../server/src/votes/published/folder.ts';
import { signNote } from '../../server/src/votes/published/note.ts';
import { jsonBytes } from '../../server/src/votes/published/files.ts';
import type { Seal, SealedRound, Statement } from '../../server/src/votes/published/record.ts';
import type { Asked, Verdict } from '../../server/src/votes/published/verdict.ts';
import { verifyFolder } from '../../server/src/votes/published/verify.ts';
import { KEY } from './rounds.ts';

export function folderOf(round: SealedRound, audience: 'public' | 'whole' = 'public'): Folder {
  return writeFolder(round, KEY.sign, audience);
}

export async function check(folder: Folder, asked: Asked = {}): Promise<Verdict> {
  return verifyFolder(async (path) => folder.get(path) ?? null, { listed: folder.keys(), ...asked });
}

/** The names of what is wrong. */
export async function faults(folder: Folder, asked: Asked = {}): Promise<FaultName[]> {
  return (await check(folder, asked)).findings.map(({ name }) => name);
}

export function textOf(folder: Folder, path: string): string {
  return Buffer.from(folder.get(path) ?? []).toString('utf8');
}

/** The folder with one file's text changed. */
export function changed(folder: Folder, path: string, change: (text: string) => string): Folder {
  const text = textOf(folder, path);
  const other = change(text);
  if (other === text) throw new Error(`nothing in ${path} was changed`);
  return new Map(folder).set(path, Buffer.from(other, 'utf8'));
}

/** As `changed`, by whoever holds the log's key: digests and signature fit again. */
export function resealed(folder: Folder, path: string, change: (text: string) => string): Folder {
  const other = changed(folder, path, change);
  const seal = JSON.parse(textOf(other, 'seal.json')) as Seal;
  if (Object.hasOwn(seal.files, path)) seal.files[path] = sha256Hex(other.get(path)!);
  const statement = JSON.parse(textOf(other, 'rule.json')) as Statement;
  const sealJson = jsonBytes(seal);
  const note = signNote(sealText(statement, sealJson), { name: statement.log.origin, publicKey: KEY.publicKey }, KEY.sign);
  return other.set('seal.json', sealJson).set('seal.txt', Buffer.from(note, 'utf8'));
}
