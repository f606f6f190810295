/** The pages: rebuilt from the files and compared, byte for byte. And what does not belong to the folder. */
import { LIMITS } from './files.ts';
import type { Findings } from './findings.ts';
import { codePages, indexPage, type Entry } from './pages.ts';
import type { Reader } from './reading.ts';
import { hasHall } from './hall.ts';
import type { Parts } from './verdict.ts';

/** Needs the opened ballots; without them only index.html is compared. */
export async function checkPages(parts: Parts, reader: Reader, listed: Iterable<string> | undefined, findings: Findings): Promise<void> {
  const { statement, seal, voided } = parts;
  const known = new Set<string>(['index.html', ...dataFiles(parts)]);
  if (seal && !(await isPage(reader, 'index.html', indexPage(statement, seal)))) findings.add('page-wrong', 'index.html');
  const counted = parts.counted ?? parts.hidden;
  if (!counted || !voided) return;
  const entries: Entry[] = [...counted.map(({ leaf }) => ({ leaf, fate: 'counted' as const })), ...voided.map(({ leaf, why }) => ({ leaf, fate: why }))];
  for (const [path, page] of codePages(statement, entries)) {
    known.add(path);
    if (!(await isPage(reader, path as `${string}.html`, page))) findings.add(path === 'codes/index.html' ? 'page-wrong' : 'code-page-wrong', path);
  }
  for (const path of listed ?? []) if (!known.has(path)) findings.add('file-extra', path);
}

/** True also for a page that is not there, which is a finding of its own. */
async function isPage(reader: Reader, path: `${string}.html`, page: Buffer): Promise<boolean> {
  const found = await reader.file(path);
  return found === null || found.equals(page);
}

/** Files that may lie in the folder: two of them have no place beside ballots in the open. */
function dataFiles({ seal }: Parts): string[] {
  return Object.keys(LIMITS).filter((path) => path === 'hall.json' ? hasHall(seal) : (path !== 'hidden.jsonl' && path !== 'waived.txt') || seal?.totalsOnly === true);
}
