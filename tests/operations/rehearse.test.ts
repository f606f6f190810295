/** `pnpm rehearse` on small elections of our own: one that a city could have run, and files that cannot be. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'commonpot-rehearse-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rehearse(text: string, ...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.pb`);
  writeFileSync(file, text);
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'scripts/rehearse.ts'), file, '--json', ...more], { cwd: root, env: { ...process.env, DATABASE_URL: '' } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });
}

/** Three projects, a budget for two of them, and a fourth that nobody can afford; 24 ballots of at most two. */
function election(changes: { rule?: string; selected?: string; ballots?: string[] } = {}): string {
  const chosen = (changes.selected ?? '1,3').split(',');
  const ballots = changes.ballots ?? Array.from({ length: 24 }, (_, index) => (index < 10 ? '1' : index < 16 ? '1,3' : index < 22 ? '3' : '2,4'));
  const projects = [['1', 600], ['2', 500], ['3', 400], ['4', 9000]].map(([id, cost]) => `${id};${cost};Project ${id};${chosen.includes(String(id)) ? 1 : 0}`);
  return [
    'META', 'key;value', 'description;A street', 'country;Nowhere', 'unit;Our street', 'instance;2026', 'num_projects;4', `num_votes;${ballots.length}`, 'budget;1000',
    'vote_type;approval', `rule;${changes.rule ?? 'greedy'}`, 'date_begin;2026', 'date_end;2026', 'max_length;2', 'PROJECTS', 'project_id;cost;name;selected', ...projects,
    'VOTES', 'voter_id;vote', ...ballots.map((vote, index) => `${index + 1};${vote}`), '',
  ].join('\n');
}

describe('a rehearsal', { timeout: 180_000 }, () => {
  it('runs from a pledge to an empty voucher, finds the winners of the file, proves the ledger, and publishes a folder that verifies', async () => {
    const { code, out, err } = await rehearse(election(), '--publish', join(folder, 'published'));
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ ballots: 24, winners: ['1', '3'], selected: ['1', '3'], identical: true, ledger: 'proven', published: { verified: true } });
    expect(readdirSync(join(folder, 'published'))).toContain('hidden.jsonl');
    expect(code).toBe(0);
  });

  it('says so, and leaves with 1, where the city funded other projects', async () => {
    const { code, out } = await rehearse(election({ selected: '2' }));
    expect(JSON.parse(out)).toMatchObject({ identical: false, winners: ['1', '3'], selected: ['2'] });
    expect(code).toBe(1);
  });
});

describe('a file that cannot be rehearsed', () => {
  it('is refused with the line and the reason', async () => {
    const { code, out, err } = await rehearse(election({ ballots: ['1', '1,9', '3'] }));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^line 24: /);
  });

  it('is refused with the rule that is not built', async () => {
    expect(await rehearse(election({ rule: 'greedy-custom' }))).toMatchObject({ code: 1, err: expect.stringContaining('greedy-custom') });
  });
});
