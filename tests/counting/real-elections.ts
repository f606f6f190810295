/** The vendored real elections: a folder outside the repository, for their licence is not stated. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readPabulib, type PabulibFile } from '../../server/src/votes/counting/pabulib.ts';

const pabulibFolder = resolve(process.env['PABULIB_DIR'] ?? '../shared/pabulib');
export const hasPabulib = existsSync(join(pabulibFolder, 'expected.json'));
if (!hasPabulib) console.warn(`No real elections in ${pabulibFolder} (PABULIB_DIR): their tests are skipped.`);

export function pabulibNames(): string[] {
  return hasPabulib ? readdirSync(pabulibFolder).filter((name) => name.endsWith('.pb')).sort() : [];
}

export function bytesOf(name: string): Uint8Array {
  return readFileSync(join(pabulibFolder, name));
}

const files = new Map<string, PabulibFile>();

/** Read leniently, and once. */
export function readReal(name: string): PabulibFile {
  const known = files.get(name);
  if (known) return known;
  const reading = readPabulib(bytesOf(name), { lenient: true });
  if (!reading.ok) throw new Error(`${name}: ${JSON.stringify(reading.problems[0])}`);
  files.set(name, reading.file);
  return reading.file;
}

/** File, then rule as the reference names it, then the winners' ids. */
export function expectedWinners(): Record<string, Record<string, string[]>> {
  return hasPabulib ? (JSON.parse(readFileSync(join(pabulibFolder, 'expected.json'), 'utf8')) as ReturnType<typeof expectedWinners>) : {};
}
