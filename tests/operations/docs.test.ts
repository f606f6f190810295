/** What docs/operators/ tells an operator to type exists, and what can be run here is run. */
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from '@commonpot/server/app';
import { readConfig } from '@commonpot/server/platform/config';
import { root } from '../../scripts/lib/root.ts';
import { startCommand } from '../lib/command.ts';
import { makeDatabase } from '../lib/database.ts';
import { queryAs } from '../lib/world.ts';

const folder = join(root, 'docs/operators');
const pages = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const page = (name: string): string => pages.find((each) => each.name === name)?.text ?? '';
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const commands = pages.flatMap(({ text }) => [...text.matchAll(/npx --yes pnpm@12\.21\.0 ([a-z-]+)([^`\n]*)/g)].map(([, name = '', rest = '']) => ({ name, rest })));

const place = mkdtempSync(join(tmpdir(), 'commonpot-docs-'));
const database = await makeDatabase();
afterAll(async () => {
  rmSync(place, { recursive: true, force: true });
  await database.drop();
});

describe('the operators’ pages', () => {
  it('are seven', () => expect(pages.map(({ name }) => name).sort()).toEqual(['back-up.md', 'data-requests.md', 'paper-and-tablets.md', 'run.md', 'secure.md', 'upgrade.md', 'vote-day.md']));

  it.each(commands.map(({ name, rest }) => [`${name}${rest}`, name, rest]))('name a command that is there: %s', (_line, name, rest) => {
    const script = join(root, (scripts[name] ?? '').replace('node ', ''));
    expect(existsSync(script) && statSync(script).isFile(), name).toBe(true);
    for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(readFileSync(script, 'utf8').split('`;')[0], flag).toContain(flag);
  });

  it('name settings and figures that are there', async () => {
    const known = readFileSync(join(root, 'server/src/platform/config.ts'), 'utf8') + readFileSync(join(root, 'docker-compose.yml'), 'utf8') + readFileSync(join(root, 'server/src/platform/tracing.ts'), 'utf8');
    const settings = pages.flatMap(({ text }) => [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)[`=]/g)].map((match) => match[1] as string));
    expect(settings.length).toBeGreaterThan(10);
    expect(settings.filter((name) => !known.includes(name))).toEqual([]);
    const app = await buildApp(readConfig({ DATABASE_URL: database.ownerUrl, SECRET: 's'.repeat(40), KEYS_FOLDER: join(place, 'keys'), LOG_LEVEL: 'silent' }), { pages: false });
    await app.ready();
    const figures = await app.metrics.registry.metrics();
    await app.close();
    const named = [...page('vote-day.md').matchAll(/`((?:commonpot|nodejs)_[a-z0-9_]+)/g)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !figures.includes(`# HELP ${name} `))).toEqual([]);
  });

  it('make secrets that docker-compose.yml takes', () => {
    const [block = ''] = [...page('run.md').matchAll(/```sh\n([^]*?)```/g)].map((match) => match[1] as string);
    const lines = block.split('\n').filter((line) => process.getuid?.() === 0 || !line.includes('chown'));
    copyFileSync(join(root, 'docker-compose.yml'), join(place, 'docker-compose.yml'));
    cpSync(join(root, 'docker'), join(place, 'docker'), { recursive: true });
    expect(spawnSync('sh', ['-euc', lines.join('\n')], { cwd: place, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(join(place, 'secrets/commonpot_secret')).mode & 0o77).toBe(0);
    expect(readFileSync(join(place, 'secrets/commonpot_secret'), 'utf8').trim().length).toBeGreaterThanOrEqual(32);
    if (spawnSync('docker-compose', ['--version']).status === 0) {
      expect(spawnSync('docker-compose', ['config', '--quiet'], { cwd: place, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('make the owner in a new database', async () => {
    const heredoc = /<<'SQL'\n([^]*?)SQL\n/.exec(readFileSync(join(root, 'docker/owner.sh'), 'utf8'))?.[1] ?? '';
    const statements = (text: string) => text.split('\n').filter(Boolean).map((line) => line.replace(/password .*;/, 'password …;'));
    const written = statements(/```sql\n([^]*?)```/.exec(page('run.md'))?.[1] ?? '');
    expect(statements(heredoc)).toEqual(written);
    const [role = '', base = ''] = written;
    const name = `docs_${process.pid}`;
    await queryAs(database.superuserUrl, role.replace('commonpot', name).replace('…', `'x'`));
    await queryAs(database.superuserUrl, base.replaceAll('commonpot', name));
    await queryAs(database.superuserUrl, `drop database ${name}`);
    await queryAs(database.superuserUrl, `drop role ${name}`);
  });

  it('make a first fund whose administrator can be found again', async () => {
    const settings = { DATABASE_URL: database.ownerUrl, SECRET: 's'.repeat(40), KEYS_FOLDER: join(place, 'keys') };
    const line = commands.find(({ name }) => name === 'new-fund')?.rest ?? '';
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const made = startCommand('new-fund', settings, words);
    expect([await made.ended, made.stderr(), made.stdout()]).toEqual([0, '', expect.stringContaining('amina@example.org signs in at')]);
    const person = startCommand('person', settings, ['amina@example.org']);
    expect([await person.ended, person.stdout()]).toEqual([0, expect.stringContaining('tanner-hill: known as First administrator')]);
  });

  it('lead to files that are there', () => {
    for (const { text } of pages) for (const [, target = ''] of text.matchAll(/\]\((?!http)([^)#]+)/g)) expect(existsSync(join(dirname(join(folder, 'x')), target)), target).toBe(true);
  });
});
