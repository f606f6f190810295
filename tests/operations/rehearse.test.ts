/** `pnpm rehearse` on small elections of our own: rankings and points, a tie that the draw decides, and files that cannot be. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPabulib } from '@commonpot/server/votes/counting/pabulib';
import { chooseRule } from '../../scripts/lib/count/rule.ts';
import { makePlan } from '../../scripts/lib/rehearse/plan.ts';
import { makeDatabase, type TestDatabase } from '../lib/database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
const databases: TestDatabase[] = [];
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'commonpot-rehearse-'))));
afterAll(async () => {
  for (const database of databases) await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function rehearse(text: string, ...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.pb`);
  writeFileSync(file, text);
  const database = await makeDatabase();
  databases.push(database);
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'scripts/rehearse.ts'), file, '--json', ...more], { cwd: root, env: { ...process.env, DATABASE_URL: database.ownerUrl } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });
}

interface Sketch {
  meta?: string;
  rule?: string;
  selected?: string[];
  /** Behind the voter's number: `vote` or `vote;points`. */
  ballots: string[];
}

/** Three projects of which the budget pays for two, and a fourth that nobody can afford. */
function election({ meta = 'vote_type;approval\nmax_length;2', rule = 'greedy', selected = ['1', '3'], ballots }: Sketch): string {
  const projects = [['1', 600], ['2', 400], ['3', 400], ['4', 9000]].map(([id, cost]) => `${id};${cost};Project ${id};${selected.includes(String(id)) ? 1 : 0}`);
  return [
    'META', 'key;value', 'description;A street', 'country;Nowhere', 'unit;Our street', 'instance;2026', 'num_projects;4', `num_votes;${ballots.length}`, 'budget;1000',
    `rule;${rule}`, 'date_begin;2026', 'date_end;2026', meta, 'PROJECTS', 'project_id;cost;name;selected', ...projects,
    'VOTES', ballots.some((ballot) => ballot.includes(';')) ? 'voter_id;vote;points' : 'voter_id;vote', ...ballots.map((ballot, index) => `${index + 1};${ballot}`), '',
  ].join('\n');
}

const times = (number: number, ballot: string) => Array.from({ length: number }, () => ballot);

describe('a rehearsal', { timeout: 180_000 }, () => {
  it('of rankings runs from a pledge to an empty voucher, finds the winners of the file, proves the ledger, and publishes a folder that verifies', async () => {
    // By first places 2 is ahead of 3; by rank it is not.
    const text = election({ meta: 'vote_type;ordinal\nmin_length;2\nmax_length;3', ballots: [...times(10, '2,3,1'), ...times(9, '1,3'), ...times(5, '3,1,4')] });
    const { code, out, err } = await rehearse(text, '--publish', join(folder, 'published'));
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ ballots: 24, winners: ['3', '1'], lot: [], selected: ['1', '3'], identical: true, ledger: 'proven', published: { verified: true } });
    expect(readdirSync(join(folder, 'published'))).toContain('hidden.jsonl');
    expect(code).toBe(0);
  });

  it('of points draws the named lot where a tie needs it, and leaves with 1 where the city funded other projects', async () => {
    const text = election({ meta: 'vote_type;cumulative\nmax_points;3\nmax_sum_points;5', selected: ['4'], ballots: [...times(3, '1;3'), ...times(2, '2,3;2,2')] });
    const { code, out } = await rehearse(text, '--publish', join(folder, 'drawn'));
    const result = JSON.parse(out) as { winners: string[]; lot: string[][] };
    expect(result).toMatchObject({ ballots: 5, identical: false, selected: ['4'], published: { verified: true } });
    expect([...(result.lot[0] ?? [])].sort()).toEqual(['2', '3']);
    expect(result.winners).toEqual(['1', result.lot[0]?.[0]]);
    expect(code).toBe(1);
  });

  it('is refused with the line and the reason where the file is malformed', async () => {
    const { code, out, err } = await rehearse(election({ ballots: ['1', '1,9', '3'] }));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^line 24: /);
  });
});

describe('what a file asks for', () => {
  const planOf = (sketch: Sketch, rule?: string) => {
    const reading = readPabulib(election(sketch));
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    return makePlan(reading.file, { voters: Infinity, projects: Infinity, rule: chooseRule(rule) });
  };

  it.each<[string, Sketch, object]>([
    ['so many projects', { ballots: ['1,3'] }, { form: { kind: 'up-to', k: 2 }, ballots: [[{ project: '1' }, { project: '3' }]] }],
    ['the budget', { meta: 'vote_type;approval\nmax_sum_cost;1000', ballots: ['1,3'] }, { form: { kind: 'knapsack' } }],
    ['one project', { meta: 'vote_type;choose-1', ballots: ['1'] }, { form: { kind: 'one' } }],
    ['several projects', { meta: 'vote_type;approval\nmin_length;2', ballots: ['1,2,3'] }, { form: { kind: 'at-least', k: 2 } }],
    ['points', { meta: 'vote_type;cumulative\nmax_sum_points;7', ballots: ['3,1,2;4,3,0'] }, { form: { kind: 'points', total: 7, most: 7 }, ballots: [[{ project: '1', points: 3 }, { project: '3', points: 4 }]] }],
    ['points without limits', { meta: 'vote_type;cumulative', ballots: ['1,2;4,3', '1;6'] }, { form: { kind: 'points', total: 7, most: 7 } }],
    ['scores', { meta: 'vote_type;scoring', ballots: ['1,2;4,9'] }, { form: { kind: 'scores', most: 9 } }],
    ['a ranking', { meta: 'vote_type;ordinal', ballots: ['3,1', '2,1,3'] }, { form: { kind: 'ranking', k: 3 }, ballots: [[{ project: '3' }, { project: '1' }], [{ project: '2' }, { project: '1' }, { project: '3' }]] }],
  ])('%s', (_, sketch, plan) => {
    expect(planOf(sketch)).toMatchObject(plan);
  });

  it.each<[string, Sketch, string | undefined, string]>([
    ['a rule that does not say how to count', { rule: 'greedy-custom', ballots: ['1'] }, undefined, 'The rule greedy-custom does not say how to count; name one with --rule.'],
    ['a rule for other ballots', { ballots: ['1'] }, 'equal-shares-points', 'The rule equal-shares-points does not count ballots of the type approval.'],
    ['more points than a round has', { meta: 'vote_type;scoring', ballots: ['1;500'] }, undefined, 'A project gets at most 100 points here, and 500 in the file.'],
  ])('is refused: %s', (_, sketch, rule, sentence) => {
    expect(planOf(sketch, rule)).toBe(sentence);
  });
});
