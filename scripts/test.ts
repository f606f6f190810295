/** `pnpm test`: everything that must hold, the browser included. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from './lib/build-web.ts';
import { describeCheck, runChecks } from './lib/checks.ts';
import { run, Stop } from './lib/entry.ts';
import { findBrowser, NoBrowser } from './lib/find-browser.ts';
import { root } from './lib/root.ts';

const HELP = `pnpm test [--json]
Builds the pages, checks rules and types, and runs every test on a PostgreSQL and a browser of its own.
Ends with the line "N passed, N failed" (--json: one object) and leaves with 1 when anything failed.`;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs vitest in a child and counts what it reports. A file that could not even load counts as one failure. What it starts compiles each of our files once. */
async function runTests(isJson: boolean): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-results-'));
  const file = join(folder, 'results.json');
  try {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', isJson ? 'ignore' : 'inherit', 'inherit'], env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') } });
    const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return countResults(status, readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface VitestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** Counts from vitest's own report; a run that failed for a reason it does not count still fails. */
export function countResults(status: number | null, report: string): Counts {
  const results = JSON.parse(report) as VitestResults;
  const unloaded = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((each) => each.status !== 'failed')).length;
  const failed = results.numFailedTests + unloaded;
  return {
    passed: results.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

async function test(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const isJson = process.argv.includes('--json');
  const say = (text: string): void => {
    if (!isJson) console.log(text);
  };
  const start = performance.now();
  const browser = await findBrowser().catch((error: unknown) => {
    throw error instanceof NoBrowser ? new Stop(error.message) : error;
  });
  say(`The browser is ${browser.name}.`);
  const pages = buildWeb().then((built) => say(built ? 'The pages were built.' : 'The pages are built already.'));
  const checks = await runChecks(pages, (result) => say(describeCheck(result)));
  const tests = await runTests(isJson);
  const wrong = checks.filter((check) => check.fault !== '').length;
  const counts = { passed: tests.passed + checks.length - wrong, failed: tests.failed + wrong, skipped: tests.skipped };
  const seconds = Math.round((performance.now() - start) / 1000);
  if (isJson) console.log(JSON.stringify({ ...counts, seconds, checks: checks.filter((check) => check.fault !== '') }));
  say(`\nThat took ${seconds} seconds.`);
  say(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
  if (counts.failed > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await run(test);
