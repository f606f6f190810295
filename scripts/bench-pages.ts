/** `pnpm bench pages`: what every page weighs, beside its budget. Measured in a real browser, as `pnpm test` does. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from './lib/build-web.ts';
import { run, Stop } from './lib/entry.ts';
import { root } from './lib/root.ts';

const HELP = `pnpm bench pages [--json]
Opens every page in a real browser, and says what it downloads at a first visit: kilobytes as gzip makes them, before pictures.
Leaves with 1 when a page is over its budget (tests/browser/weights.ts).`;

interface Row {
  page: string;
  html: number;
  css: number;
  js: number;
  all: number;
  budget: { js: number; all: number };
}

/** Visits the pages in a child, which writes one line of JSON for each. */
async function measure(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-weights-'));
  const file = join(folder, 'weights.jsonl');
  try {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/browser/pages.test.ts', '-t', 'is whole'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore', env: { ...process.env, WEIGHTS: file } });
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (!existsSync(file)) throw new Stop('No page could be measured: pnpm test says why.');
    return readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Row);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const isJson = process.argv.includes('--json');
  if (!isJson) console.error('Opening every page. This takes about a minute.');
  await buildWeb();
  const rows = (await measure()).sort((a, b) => b.all - a.all);
  const over = rows.filter(({ js, all, budget }) => js > budget.js * 1000 || all > budget.all * 1000);
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1).padStart(6);
  if (isJson) console.log(JSON.stringify({ ok: over.length === 0, pages: rows }));
  else {
    console.log('  html    css     js    all  budget  page');
    for (const { page, html, css, js, all, budget } of rows) console.log(`${[html, css, js, all].map(kilobytes).join(' ')} ${String(budget.all).padStart(7)}  ${page}`);
  }
  if (over.length > 0) throw new Stop(`Over budget: ${over.map(({ page }) => page).join('; ')}.`);
}

await run(bench);
