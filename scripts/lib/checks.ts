/** What must hold before any test runs: lint, types, pages, circles. Each check answers what is wrong, or nothing. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findCircles, readImports } from './circles.ts';
import { root } from './root.ts';

export interface CheckResult {
  name: string;
  /** Empty when the check holds. */
  fault: string;
  seconds: number;
}

/** Runs a program of ours on this Node and collects what it says. */
function runProgram(script: string, args: string[], cwd: string): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject).on('close', (status) => resolve({ status, output }));
  });
}

async function checkRules(): Promise<string> {
  const { status, output } = await runProgram(join(root, 'node_modules/eslint/bin/eslint.js'), ['.', '--max-warnings', '0'], root);
  return status === 0 ? '' : output;
}

async function checkTypes(): Promise<string> {
  // The worker lives in a world of its own, with other globals than a page.
  const results = await Promise.all(['.', 'web/src/service-worker'].map((project) => runProgram(join(root, 'node_modules/typescript/bin/tsc'), ['-p', project], root)));
  return results.map(({ status, output }) => (status === 0 ? '' : output)).join('');
}

async function checkPages(): Promise<string> {
  const web = join(root, 'web');
  const { status, output } = await runProgram(join(web, 'node_modules/svelte-check/bin/svelte-check'), ['--output', 'machine', '--fail-on-warnings'], web);
  return status === 0 ? '' : output.split('\n').filter((line) => /ERROR|WARNING|COMPLETED|Error/.test(line)).join('\n') || output;
}

async function checkCircles(): Promise<string> {
  return findCircles(readImports(root)).map((circle) => `A circle of imports: ${[...circle, circle[0]].join(' -> ')}`).join('\n');
}

const checks = [
  { name: 'eslint', check: checkRules, readsBuilt: false },
  { name: 'circles', check: checkCircles, readsBuilt: false },
  // The build makes types out of messages and routes.
  { name: 'types', check: checkTypes, readsBuilt: true },
  { name: 'pages', check: checkPages, readsBuilt: true },
];

/** Runs all checks side by side, and beside the build of the pages (`built`): only those that read what it writes wait for it. */
export async function runChecks(built: Promise<unknown>, report: (result: CheckResult) => void): Promise<CheckResult[]> {
  return Promise.all(checks.map(async ({ name, check, readsBuilt }) => {
    if (readsBuilt) await built;
    const start = performance.now();
    const result = { name, fault: await check(), seconds: (performance.now() - start) / 1000 };
    report(result);
    return result;
  }));
}

/** One line for a check that holds, and all it said for one that does not. */
export function describeCheck({ name, fault, seconds }: CheckResult): string {
  const line = `${fault === '' ? 'ok  ' : 'FAIL'} ${name.padEnd(8)} ${seconds.toFixed(1)} s`;
  return fault === '' ? line : `${line}\n${fault.trimEnd()}\n`;
}
