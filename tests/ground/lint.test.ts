/** Every rule of lint catches what it is for; and the checkers see the files they are meant to check. */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { configs } from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { findCircles, importsOf } from '../../scripts/lib/circles.ts';
import { root } from '../../scripts/lib/root.ts';

const quick = new ESLint({ cwd: root, overrideConfig: configs.disableTypeChecked as never });

/** Lint with the types of this text alone: reading those of the whole tree, as `pnpm lint` does, takes far longer than the test. */
function typedFor(filePath: string, code: string): ESLint {
  const file = join(root, filePath);
  const host = ts.createCompilerHost({});
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(file, code, ts.ScriptTarget.ES2024, true) : getSourceFile.call(host, name, ...rest));
  const program = ts.createProgram([file], { lib: ['lib.es2024.d.ts'], types: [] }, host);
  return new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions: { projectService: false, programs: [program] } } } });
}

/** What lint says about a text as if it stood in a file. */
async function lint(filePath: string, code: string, eslint = quick): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
  return result?.messages.map((message) => `${message.ruleId}: ${message.message}`) ?? [];
}

/** File, code, and a part of the sentence that must be said. */
const caught: [string, string, string][] = [
  ['server/src/platform/x.ts', `import { findFund } from '../people/reads.ts'; findFund;`, 'The platform knows no room'],
  ['server/src/people/x.ts', `import { post } from '../money/ledger.ts'; post;`, 'stands only on lower floors'],
  ['server/src/people/x.ts', `import type { Post } from '../money/ledger.ts'; export type P = Post;`, 'stands only on lower floors'],
  ['server/src/money/x.ts', `import { pay } from '@commonpot/server/payouts/writes'; pay;`, 'stands only on lower floors'],
  ['server/src/payouts/x.ts', `const rounds = await import('../rounds/reads.ts'); rounds;`, 'stands only on lower floors'],
  ['server/src/rounds/x.ts', `import { tally } from '../votes/tally/writes.ts'; tally;`, 'stands only on lower floors'],
  ['server/src/rounds/x.ts', `export type T = import('../votes/contract.ts').T;`, 'stands only on lower floors'],
  ['server/src/votes/ballots/x.ts', `import { ask } from '../../grants/rules.ts'; ask;`, 'stand side by side'],
  ['server/src/grants/x.ts', `import { story } from '../community/rules.ts'; story;`, 'stand side by side'],
  ['server/src/votes/x.ts', `import { report } from '../openness/reads.ts'; report;`, 'stands only on lower floors'],
  ['server/src/money/x.ts', `import { contracts } from '../contracts.ts'; contracts;`, 'stand above the rooms'],
  ['server/src/surprise/x.ts', `export const x = 1;`, 'on no floor of the house'],
  ['server/src/votes/counting/x.ts', `import { newId } from '../../platform/ids.ts'; newId;`, 'Counting is pure'],
  ['server/src/votes/counting/x.ts', `import type { Transaction } from '@commonpot/db/client'; export type T = Transaction;`, 'Counting is pure'],
  ['scripts/verify.ts', `import { readConfig } from '@commonpot/server/platform/config'; readConfig;`, 'Verifying is pure'],
  ['scripts/lib/verify/x.ts', `import { run } from '../entry.ts'; run;`, 'Verifying is pure'],
  ['server/src/votes/published/x.ts', `import type { Transaction } from '@commonpot/db/client'; export type T = Transaction;`, 'Verifying is pure'],
  ['server/src/votes/published/x.ts', `import fastify from 'fastify'; fastify;`, 'Verifying is pure'],
  ['server/src/votes/ballots/rules.ts', `import { readBoxes } from './reads.ts'; readBoxes;`, 'Verifying is pure'],
  ['scripts/lib/simulate/judge/limits.ts', `import { measure } from '@commonpot/server/rounds/charter/rules'; measure;`, 'reads the record by itself'],
  ['scripts/lib/simulate/judge/x.ts', `import type { Size } from '../plan.ts'; export type S = Size;`, 'reads the record by itself'],
  ['server/src/people/routes.ts', `import { fund } from '@commonpot/db/people'; fund;`, 'Only reads.ts and writes.ts touch tables'],
  ['server/src/votes/tally/rules.ts', `import { project } from '@commonpot/db/votes'; project;`, 'Only reads.ts and writes.ts touch tables'],
  ['server/src/people/writes.ts', `import { migrate } from '@commonpot/db/migrate'; migrate;`, 'never acts as the owner'],
  ['server/src/rounds/writes.ts', `import { fund } from '@commonpot/db/people'; export const f = (tx: any) => tx.update(fund);`, 'belongs to people'],
  ['db/src/x.ts', `import { newId } from '@commonpot/server/platform/ids'; newId;`, 'knows nothing of what stands on it'],
  ['web/src/lib/x.ts', `import { me } from '@commonpot/server/people/contract'; me;`, 'by its types alone'],
  ['web/src/lib/x.ts', `import { type me } from '@commonpot/server/people/contract'; export type M = typeof me;`, 'by its types alone'],
  ['web/src/lib/x.ts', `import type { findFund } from '@commonpot/server/people/reads'; export type F = typeof findFund;`, 'contract and nothing else'],
  ['web/src/routes/+page.server.ts', `import type { Database } from '@commonpot/db/client'; export type D = Database;`, 'never to the database'],
  ['server/src/people/x.ts', `import { run } from '../../../scripts/lib/entry.ts'; run;`, 'does not lean on its commands'],
  ['scripts/x.ts', `import { makeWorld } from '../tests/lib/world.ts'; makeWorld;`, 'where no tests are installed'],
  ['web/src/lib/X.svelte', `<script lang="ts">let { text } = $props();</script>{@html text}`, 'svelte/no-at-html-tags'],
  ['web/src/lib/X.svelte', `<p style="width: 43%">half</p>`, 'svelte/no-inline-styles'],
  ['web/src/lib/X.svelte', `<script lang="ts">import { me } from '@commonpot/server/people/contract'; me;</script>`, 'by its types alone'],
  ['server/src/people/x.ts', `export default 1;`, 'default export'],
  ['server/src/people/index.ts', `export * from './reads.ts';`, 'Barrels'],
  ['web/src/lib/index.ts', `export { money } from './format.ts';`, 'Barrels'],
  ['server/src/people/rules.ts', `export const f = () => new Date();`, 'takes the time as an argument'],
  ['server/src/money/jobs.ts', `export const f = () => Date.now();`, 'takes the time as an argument'],
  ['server/src/money/reads.ts', 'export const f = (sql: any) => sql`select 1 where at < now()`;', 'another clock'],
  ['server/src/votes/rules.ts', `export const f = () => Math.random();`, 'can be guessed'],
];

describe('lint', () => {
  it.each(caught)('catches in %s: %s', async (file, code, sentence) => {
    expect((await lint(file, code)).join('\n')).toContain(sentence);
  });

  it('catches a promise that nobody waits for', async () => {
    const [file, code] = ['server/src/people/writes.ts', `export function f(work: () => Promise<void>): void { work(); }`] as const;
    expect((await lint(file, code, typedFor(file, code))).join('\n')).toContain('no-floating-promises');
    const heard = code.replace(' work()', ' void work()');
    expect(await lint(file, heard, typedFor(file, heard))).toEqual([]);
  });

  it.each([
    ['server/src/rounds/writes.ts', `import { post } from '../money/ledger.ts'; import { newId } from '../platform/ids.ts'; post(newId());`],
    ['server/src/app.ts', `import { findFund } from './people/reads.ts'; export const f = () => [findFund, new Date()];`],
    ['server/src/votes/ballots/reads.ts', `import { fund } from '@commonpot/db/people'; export const f = (tx: { select(x: unknown): void }) => tx.select(fund);`],
    ['server/src/people/rules.ts', `export const f = (at: string) => new Date(at);`],
    ['web/src/lib/x.ts', `import type { me } from '@commonpot/server/people/contract'; import type { ProblemCode } from '@commonpot/server/platform/problems'; export type M = [typeof me, ProblemCode];`],
    ['web/src/lib/X.svelte', `<svg viewBox="0 0 10 1"><rect width="43%" height="1" /></svg>`],
  ])('lets %s be: %s', async (file, code) => {
    expect(await lint(file, code)).toEqual([]);
  });
});

describe('circles', () => {
  it('are found through values and types', () => {
    const files = {
      'server/src/a.ts': `import { b } from './b.ts';\nimport type { D } from './d.ts';`,
      'server/src/b.ts': `import {\n  c,\n} from '@commonpot/server/c';`,
      'server/src/c.ts': `import './a.ts';`,
      'server/src/d.ts': `import type { A } from './a.ts';`,
    };
    const imports = new Map(Object.entries(files).map(([file, source]) => [file, importsOf(file, source)]));
    expect(findCircles(imports)).toEqual([['server/src/a.ts', 'server/src/b.ts', 'server/src/c.ts'], ['server/src/a.ts', 'server/src/d.ts']]);
    for (const file of ['server/src/c.ts', 'server/src/d.ts']) imports.set(file, []);
    expect(findCircles(imports)).toEqual([]);
  });
});

describe('types', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

  it('are checked in every file', () => {
    const there = globSync(['server/src/**/*.ts', 'db/src/**/*.ts', 'scripts/**/*.ts', 'tests/**/*.ts', '*.ts'], { cwd: root }).map((file) => resolve(root, file));
    expect(there.filter((file) => !fileNames.includes(file))).toEqual([]);
  });

  it('are checked strictly: the canary dies', () => {
    const canary = join(root, 'scripts/canary.ts');
    const text = `const unused = 1;\nexport const first = (list: string[]): string => list[0];\nexport const given: { a?: number } = { a: undefined };\nexport enum Kind { A }\n`;
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (file) => file === canary || fileExists.call(host, file);
    host.readFile = (file) => (file === canary ? text : readFile.call(host, file));
    host.getSourceFile = (file, ...rest) => (file === canary ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true) : getSourceFile.call(host, file, ...rest));
    const found = ts.getPreEmitDiagnostics(ts.createProgram([canary], options, host)).map((each) => each.code);
    // Unused, possibly undefined, undefined given to an optional, syntax that Node cannot erase.
    expect(found).toEqual(expect.arrayContaining([6133, 2322, 2375, 1294]));
  });
});

describe('svelte-check', () => {
  const web = join(root, 'web');

  it('sees every page and component', () => {
    const { config } = ts.readConfigFile(join(web, 'tsconfig.json'), ts.sys.readFile);
    const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, web, undefined, undefined, undefined, [{ extension: '.svelte', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }]);
    expect(globSync('src/**/*.{ts,svelte}', { cwd: web, exclude: ['src/lib/paraglide/**', 'src/service-worker/**'] }).map((file) => resolve(web, file)).filter((file) => !fileNames.includes(file))).toEqual([]);
  });

  it('finds both faults of its canary', async () => {
    const run = promisify(execFile)(process.execPath, ['node_modules/svelte-check/bin/svelte-check', '--output', 'machine', '--tsconfig', 'canary/tsconfig.json'], { cwd: web });
    const { code, stdout } = await run.then(() => ({ code: 0, stdout: '' }), (error: { code: number; stdout: string }) => error);
    expect(code).toBe(1);
    expect(stdout).toContain(' 2 ERRORS');
  });
});
