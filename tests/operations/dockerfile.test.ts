/** The Dockerfile's own commands, run in a clean clone: what it installs and builds starts, serves, and ends. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { root } from '../../scripts/lib/root.ts';
import type { TestDatabase } from '../lib/database.ts';
import { makeEmptyDatabase } from './empty.ts';

const MINUTES = 60_000;
const clone = mkdtempSync(join(tmpdir(), 'commonpot-clone-'));
const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const all = (word: string): string[] => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

/** What the image's stages set; Node 24 comes first, as in the image. How to reach the registry is the machine's own. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|TEST|DEV|PROD|MODE|BASE_URL|SSR|VITE.*|npm_.*)$/.test(name))),
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  ...Object.fromEntries(all('ENV').map((each) => each.split('=') as [string, string])),
};

let database: TestDatabase;
beforeAll(async () => void (database = await makeEmptyDatabase()));
afterAll(async () => {
  await database.drop();
  rmSync(clone, { recursive: true, force: true });
});

describe('the Dockerfile', () => {
  it('has commands that install and build in a clean clone', { timeout: 10 * MINUTES }, () => {
    expect(spawnSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]).status).toBe(0);
    const { NODE_ENV: _run, ...building } = environment as Record<string, string>;
    for (const command of all('RUN')) {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: clone, env: building, encoding: 'utf8' });
      expect([command, status], `${stdout}${stderr}`).toEqual([command, 0]);
    }
  });

  it('copies out what its command serves, without the tools that built it', { timeout: 2 * MINUTES }, async () => {
    const port = await findFreePort();
    const [program, ...args] = JSON.parse(all('CMD')[0] as string) as string[];
    const settings = { DATABASE_URL: database.ownerUrl, SECRET: 's'.repeat(64), KEYS_FOLDER: join(clone, 'keys'), PORT: String(port), LOG_LEVEL: 'silent' };
    const child = spawn(program as string, args, { cwd: clone, env: { ...environment, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await expect.poll(() => fetch(`http://localhost:${port}/health/ready`).then((answer) => answer.ok, () => child.exitCode !== null && said), { timeout: MINUTES }).toBe(true);
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toContain('<h1');
    child.kill('SIGTERM');
    expect([await ended, said]).toEqual([0, '']);
    expect(spawnSync('ls', [join(clone, 'node_modules/typescript'), join(clone, 'web/node_modules/vite')]).status).not.toBe(0);
  });
});
