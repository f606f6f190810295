/** `pnpm verify URL, FOLDER or FILE`: recounts a published round and checks its log, or runs a draw again, with no server and no database. `--help` says the rest. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCode } from '../server/src/platform/codes.ts';
import type { Asked } from '../server/src/votes/published/verdict.ts';
import { verifyFolder } from '../server/src/votes/published/verify.ts';
import { runCounting } from './lib/count/entry.ts';
import { findDraw, tellDraw } from './lib/verify/draw.ts';
import { openSource } from './lib/verify/source.ts';
import { linesOf, printable } from './lib/verify/words.ts';

const HELP = `pnpm verify URL, FOLDER or FILE [--receipt CODE or FILE] [--head FILE] [--json]

Checks the published folder of a round: that every ballot that was taken in is counted or its withdrawal shown, that each
opens as its voter sealed it, that the list was never changed after it was signed, and that counting again gives the result.

Of the draw of a waiting list or a panel (draw.json): that the pool is the one that was committed to before the public draw,
that tickets are what the charter gives, and that drawing again gives the same order.

  --receipt  a code from a receipt, or a file with a saved receipt: is that ballot counted, replaced, or not there
  --head     a file with a signed head of the list that somebody saved while people voted, or a
             draw.json that somebody saved before it was drawn: does it fit
  --json     one JSON object: verified, findings, notes, facts, receipts, seconds, peak_mb

An address gets half an hour and 2 GB at most, and no longer than 30 seconds of silence.
Leaves with 1 where a promise is broken or a receipt's ballot is not there, and with 2 where the folder cannot be reached.`;

const SAVED_MAX = 1 << 20;
const CODE_LENGTH = 11;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { receipt: { type: 'string' }, head: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const [place, ...more] = positionals;
  if (values.help || place === undefined || more.length > 0) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const start = performance.now();
  const draw = await findDraw(place);
  if (draw !== null) return tellDraw(draw, { saved: values.head, json: values.json, start });
  const source = await openSource(place);
  const verdict = await verifyFolder(source.read, {
    ...(source.listed && { listed: source.listed }),
    ...(values.head !== undefined && { savedHead: readSaved(values.head) }),
    ...(values.receipt !== undefined && { receipt: readReceipt(values.receipt) }),
  });
  // Nothing at all is no broken promise, but another place.
  const missing = verdict.findings.find(({ name }) => name === 'file-missing')?.places ?? [];
  if (['rule.json', 'seal.json', 'leaves.txt'].every((path) => missing.includes(path))) throw new Error(`${place} holds no published round. On its server it is at the address that ends in /published/.`);
  const isAbsent = verdict.receipts.some(({ fate }) => fate === 'absent');
  const isVerified = verdict.findings.length === 0;
  if (values.json) {
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    console.log(JSON.stringify({ verified: isVerified, ...verdict, seconds, peak_mb: Math.round(process.resourceUsage().maxRSS / 1024) }));
  } else for (const line of linesOf(verdict)) console.log(printable(line));
  return isVerified && !isAbsent ? 0 : 1;
}

/** A code, or a file in which a leaf (64 hexadecimal digits) stands, beside its signature (128) where there is one; or a code. */
function readReceipt(argument: string): NonNullable<Asked['receipt']> {
  const text = existsSync(argument) ? readSaved(argument) : argument;
  const leaf = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i.exec(text)?.[0];
  const signature = /(?<![0-9a-f])[0-9a-f]{128}(?![0-9a-f])/i.exec(text)?.[0];
  if (leaf) return { leaf: Buffer.from(leaf, 'hex'), signature: signature ? Buffer.from(signature, 'hex') : null };
  const typed = /[0-9a-z]{4}[\s-]?[0-9a-z]{4}[\s-]?[0-9a-z]{4}/i.exec(text)?.[0] ?? '';
  const code = readCode(typed, CODE_LENGTH);
  if (!code) throw new Error(`${printable(argument)} is no receipt’s code: look again, one letter may be misread.`);
  return { code };
}

function readSaved(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > SAVED_MAX) throw new Error(`${printable(path)} is no file that can be read here.`);
  return readFileSync(path, 'utf8');
}

await runCounting(main);
