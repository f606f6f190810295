/** `pnpm count` as a person or a script meets it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presets } from '../../server/src/votes/counting/presets.ts';

const file = `META\nkey;value\nnum_projects;3\nnum_votes;3\nbudget;10.50\nvote_type;approval\nrule;greedy-threshold\nmin_project_score_threshold;2
PROJECTS\nproject_id;cost;votes;selected\na;6;2;0\nb;6;2;1\nc;4.25;1;0\nVOTES\nvoter_id;vote\n1;a,b\n2;a,b\n3;c\n`;
let folder = '';
let good = '';
let bad = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-'));
  good = join(folder, 'good.pb');
  bad = join(folder, 'bad.pb');
  writeFileSync(good, file);
  writeFileSync(bad, file.replace('1;a,b', '1;a,b,a'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['scripts/count.ts', ...args], { encoding: 'utf8' });
}

function lines(stdout: string): unknown[] {
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown);
}

test('one JSON line a file, with every field', () => {
  const { status, stdout } = run('--', good, good, '--json', '--lot', 'id');
  const [first, second] = lines(stdout);
  expect(status).toBe(0);
  expect(second).toMatchObject({ file: 'good.pb' });
  expect(first).toEqual({
    file: 'good.pb', rule: 'greedy-threshold', winners: ['a'], cost: 6, selected: ['b'], identical: false,
    parse_ms: expect.any(Number), count_ms: expect.any(Number), peak_mb: expect.any(Number), ties: [{ tied: ['a', 'b'] }],
  });
});

test('a tie without a lot is said, and fails', () => {
  const { status, stdout } = run(good, '--json');
  expect([status, lines(stdout)[0]]).toMatchObject([1, { error: 'needs-lot', tied: ['a', 'b'], winners: null, identical: null }]);
});

test('a seed breaks it, and the city was right', () => {
  const winners = ['00', '01', '02', '03', '04'].map((byte) => {
    const { stdout } = run(good, '--json', '--lot', byte.repeat(32));
    return lines(stdout)[0] as { winners: string[]; identical: boolean };
  });
  expect(winners.some(({ identical }) => identical)).toBe(true);
  expect(winners.every(({ winners: [winner], identical }) => identical === (winner === 'b'))).toBe(true);
});

test('a malformed file is refused with line and reason, the others are counted', () => {
  const { status, stdout } = run(bad, good, '--json', '--lot', 'id');
  expect(status).toBe(1);
  expect(lines(stdout)).toMatchObject([
    { file: 'bad.pb', error: 'malformed', problems: [{ line: 16, code: 'project-twice-on-ballot' }, { line: 11, code: 'wrong-count' }] },
    { file: 'good.pb', winners: ['a'] },
  ]);
  expect(run(bad).stdout).toContain('line 16: a ballot names a project twice: a');
});

test('--lenient counts it and says what was repaired', () => {
  const { status, stdout } = run(bad, '--json', '--lenient', '--lot', 'id');
  expect([status, lines(stdout)[0]]).toMatchObject([0, { winners: ['a'], repairs: [{ line: 16 }, { line: 11 }] }]);
});

test('a rule by name and a rule out of a file', () => {
  const rule = join(folder, 'rule.json');
  writeFileSync(rule, JSON.stringify({
    version: 1, method: { kind: 'greedy', order: 'votes-per-cost', tooExpensive: 'skip' }, threshold: null, conflicts: [['a', 'b']],
    caps: { categories: {}, areas: {} }, pots: null, ties: ['lower-cost'],
  }));
  expect(lines(run(good, '--json', '--lot', 'id', '--rule', rule).stdout)[0]).toMatchObject({ winners: ['a', 'c'], cost: 10.25 });
  // A published round's: the areas' money is part of the budget that the file names.
  const pots = { areas: [{ area: 'North', budgetMinor: 425 }], unspent: 'stays' };
  writeFileSync(rule, JSON.stringify({ version: 1, counting: { rule: { ...presets.greedy, pots }, digest: '' } }));
  expect(lines(run(good, '--json', '--lot', 'id', '--rule', rule).stdout)[0]).toMatchObject({ winners: ['a'], cost: 6 });
  writeFileSync(rule, JSON.stringify({ ...presets.greedy, pots: { ...pots, areas: [{ area: 'North', budgetMinor: 400 }] } }));
  expect(run(good, '--lot', 'id', '--rule', rule).stdout).toContain('2 funded for 10.25 of 14.50');
  expect(run(good, '--rule', good)).toMatchObject({ status: 2, stderr: expect.stringContaining('good.pb is no rule') });
  expect(lines(run(good, '--json', '--lot', 'id', '--rule', 'greedy').stdout)[0]).toMatchObject({ rule: 'greedy', winners: ['a', 'c'] });
  expect(lines(run(good, '--json', '--lot', 'id', '--rule', 'greedy-threshold').stdout)[0]).toMatchObject({ winners: ['a'] });
});

test('what it cannot do it says in words', () => {
  expect(run(good, '--rule', 'guess')).toMatchObject({ status: 2, stderr: expect.stringContaining('guess') });
  const { status, stdout, stderr } = run(join(folder, 'none.pb'), folder, good, '--lot', 'id');
  expect([status, stdout]).toEqual([2, expect.stringContaining('good.pb: greedy-threshold')]);
  expect(stderr).toMatch(/none\.pb.*\n.*EISDIR/);
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('equal-shares-add1-utilitarian') });
  expect(run().status).toBe(2);
  writeFileSync(bad, file.replace('greedy-threshold', 'unknown'));
  expect(run(bad)).toMatchObject({ status: 1, stdout: expect.stringContaining('does not say how to count') });
});

test('the words tell why', () => {
  const { stdout } = run(good, '--lot', 'id');
  expect(stdout).toContain('1.50 short after the 1 above it');
  expect(stdout).toContain('fewer than 2 votes');
  expect(stdout).toContain('1 funded for 6.00 of 10.50, not what the file has');
});
