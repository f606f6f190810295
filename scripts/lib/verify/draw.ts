/** What `pnpm verify` does with the draw of a waiting list or of a panel: draw.json, alone or in its folder. */
import { lstat, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readDraw, verifyDraw, type DrawVerdict } from '../../../server/src/grants/draw/published.ts';
import { openSource } from './source.ts';
import { printable } from './words.ts';

const FILE = 'draw.json';
/** Room for the pool of a million. */
const LARGEST = 256 << 20;

/** The text of the draw that lies at a place: a file, an address, or a folder with draw.json. Null where something else lies there. */
export async function findDraw(place: string): Promise<string | null> {
  const isAddress = /^https?:\/\//i.test(place);
  const isFile = isAddress ? /\.json$/i.test(new URL(place).pathname) : (await lstat(place).catch(() => null))?.isFile() === true;
  if (isFile && !isAddress) return readPlain(place);
  const [folder, name] = isFile ? [new URL('.', place).href, basename(new URL(place).pathname)] : [place, FILE];
  const bytes = await (await openSource(folder)).read(name, LARGEST);
  if (bytes === 'too-large') throw new Error(`${printable(place)} is larger than any draw.`);
  if (!bytes) {
    if (isFile) throw new Error(`${printable(place)} is not there.`);
    return null;
  }
  const text = Buffer.from(bytes).toString('utf8');
  return isFile || readDraw(text) || text.includes('"commonpot.') ? text : null;
}

/** A file of this machine, as text. */
async function readPlain(path: string): Promise<string> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile() || found.size > LARGEST) throw new Error(`${printable(path)} is no file that can be read here.`);
  return readFile(path, 'utf8');
}

/** Checks a draw and says so; answers the exit status. */
export async function tellDraw(text: string, given: { saved: string | undefined; json: boolean; start: number }): Promise<number> {
  const verdict = verifyDraw(text, given.saved === undefined ? undefined : await readPlain(given.saved));
  const isVerified = verdict.findings.length === 0;
  if (given.json) {
    const seconds = Math.round((performance.now() - given.start) / 100) / 10;
    console.log(JSON.stringify({ verified: isVerified, ...verdict, notes: [], receipts: [], seconds, peak_mb: Math.round(process.resourceUsage().maxRSS / 1024) }));
  } else for (const line of linesOf(verdict)) console.log(printable(line));
  return isVerified ? 0 : 1;
}

function* linesOf({ kind, facts, findings }: DrawVerdict): Generator<string> {
  if (facts) {
    yield `${facts.fund}: ${facts.title}`;
    yield `  ${kind === 'panel-draw' ? 'the draw of a panel' : 'the draw of a waiting list'} of ${facts.entries}`;
    yield `  the public draw: ${facts.draw}, ${facts.date}${facts.result === null ? ' (not held yet)' : `: ${facts.result}`}`;
    if (facts.evidence) yield `  where to look it up: ${facts.evidence}`;
    if (facts.first.length > 0) yield `  first in the order: ${facts.first.join(', ')}`;
    yield `  digest of the pool: ${facts.digest}`;
    yield '  (Look the result up yourself, and compare the digest with what the page showed before the draw was held, or with a file that you saved then: --head FILE.)';
  }
  for (const { name, sentence, places, times } of findings) {
    yield `  ${name}: ${sentence}`;
    for (const place of places) yield `    ${place}`;
    if (places.length > 0 && times > places.length) yield `    and ${times - places.length} more`;
  }
  yield findings.length > 0 ? `NOT verified: ${findings.length} ${findings.length === 1 ? 'promise is' : 'promises are'} broken.` : endText(facts);
}

function endText(facts: DrawVerdict['facts']): string {
  if (facts && facts.result === null && facts.first.length === 0) return 'Verified: the pool and its tickets are what was committed to. Save this file, and check again when it is drawn.';
  return 'Verified: the pool is what was committed to, and drawing again gives this order.';
}
