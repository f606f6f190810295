/** The Pabulib format: refused with line and reason, repaired on request, and read back as it was written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count } from '../../server/src/votes/counting/count.ts';
import type { Election } from '../../server/src/votes/counting/election.ts';
import { readPabulib } from '../../server/src/votes/counting/pabulib.ts';
import { metaOfRule, ruleOfFile } from '../../server/src/votes/counting/pabulib-rule.ts';
import type { Rule } from '../../server/src/votes/counting/rule.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import { writePabulib } from '../../server/src/votes/counting/pabulib-write.ts';
import { built, describedElection } from './elections.ts';
import { votersOf } from './reference.ts';

const good = [
  'META', 'key;value', 'num_projects;2', 'num_votes;3', 'budget;1000', 'vote_type;approval', 'rule;greedy', 'max_length;2',
  'PROJECTS', 'project_id;cost;votes;name;selected', '7;400;2;"A ""quoted""; name";1', '12;700.50;2;Plain;0',
  'VOTES', 'voter_id;vote;age', 'a;7,12;30', 'b;12;', 'c;7;41', '',
];

/** The good file with one line (counted from 1) put differently. */
function withLine(line: number, ...replacement: string[]): string {
  return good.toSpliced(line - 1, 1, ...replacement).join('\n');
}

const points = good
  .map((line) => line.replace('approval', 'cumulative').replace('voter_id;vote;age', 'voter_id;vote;points'))
  .map((line) => line.replace('a;7,12;30', 'a;7,12;1,2').replace('b;12;', 'b;12;3').replace('c;7;41', 'c;7;0'));

test('a good file', () => {
  const reading = readPabulib(good.join('\r\n'));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const { election, selected, limits } = reading.file;
  expect(election.minorPerUnit).toBe(100);
  expect(election.budgetMinor).toBe(100_000);
  expect(election.projects.map(({ id, costMinor, name }) => [id, costMinor, name])).toEqual([['7', 40_000, 'A "quoted"; name'], ['12', 70_050, 'Plain']]);
  expect(votersOf(election)).toEqual([new Map([[0, 1], [1, 1]]), new Map([[1, 1]]), new Map([[0, 1]])]);
  expect([selected, limits]).toEqual([['7'], { max_length: 2 }]);
});

test.each([['700', 1, 1000], ['700.5', 100, 100_000], ['700.50', 100, 100_000], ['700.125', 1000, 1_000_000]])(
  'amounts share one scale: with %s it is %i', (cost, minorPerUnit, budgetMinor) => {
    const reading = readPabulib(withLine(12, `12;${cost};2;Plain;0`));
    expect(reading.ok && [reading.file.election.minorPerUnit, reading.file.election.budgetMinor]).toEqual([minorPerUnit, budgetMinor]);
  },
);

describe('the rule of the file', () => {
  const ruleIn = (...meta: string[]) => {
    const reading = readPabulib(withLine(7, ...meta));
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    return ruleOfFile(reading.file);
  };

  test('has its threshold, and its caps in the smallest unit', () => {
    const rule = ruleIn('rule;greedy-threshold', 'min_project_score_threshold;2', 'neighborhoods;Nord,Süd', 'budget_per_neighborhood;500, 400.5', 'categories;green');
    expect(rule).toEqual({
      ...presets.greedy, threshold: { kind: 'votes', atLeast: 2 }, caps: { categories: {}, areas: { Nord: 50_000, Süd: 40_050 } },
    });
  });

  test('of Equal Shares starts with whole units where it raises', () => {
    expect(ruleIn('rule;equalshares')).toEqual(presets['equal-shares']);
    expect(ruleIn('rule;equalshares/add1')).toEqual(presets.swiecie);
    expect(ruleIn('rule;equalshares/add1-comparison')).toEqual(presets.wieliczka);
  });

  test.each(['unknown', 'greedy-custom', 'constructor'])('is not guessed from "%s"', (name) => {
    expect(ruleIn(`rule;${name}`)).toBeUndefined();
  });

  test('may be one of our own, and every rule that META can hold is read as it was written', () => {
    expect(ruleIn('rule;Phragmen')).toEqual(presets.phragmen);
    const caps = { categories: { green: 500_00 }, areas: { 'Old Town': 400_50, Süd: 700_00 } };
    const rules: Rule[] = Object.values(presets).flatMap((rule) => [rule, { ...rule, caps, threshold: { kind: 'votes', atLeast: 12 } }]);
    for (const voteType of ['approval', 'cumulative'] as const) {
      const election = { voteType, minorPerUnit: 100 };
      const again = rules.map((rule) => ruleOfFile({ meta: new Map(metaOfRule(rule, election)), election }));
      expect(again).toEqual(rules);
    }
    const election = { voteType: 'approval', minorPerUnit: 100 } as const;
    expect(metaOfRule({ ...presets.greedy, threshold: { kind: 'votes', atLeast: 2 } }, election)).toEqual([['rule', 'greedy-threshold'], ['min_project_score_threshold', '2']]);
    const beyond: Partial<Rule>[] = [{ conflicts: [['a', 'b']] }, { ties: [] }, { caps: { ...caps, categories: { 'a,b': 1 } } }, { threshold: { kind: 'share', percent: 5 } }];
    for (const part of beyond) expect(metaOfRule({ ...presets.greedy, ...part }, election)).toEqual([['rule', 'unknown']]);
  });

  test.each([['more amounts than names', 'categories;green', 'budget_per_category;7,8'], ['an amount that is none', 'categories;green', 'budget_per_category;much'], ['a list in brackets', "categories;['green']", 'budget_per_category;[500]'], ['points for ranks', 'scoring_fn;Dowdall']])(
    'is not guessed where META has %s', (_, ...meta) => {
      expect(ruleIn('rule;greedy', ...meta)).toBeUndefined();
    },
  );
});

test.each([[withLine(8, 'max_sum_cost;1100.49'), 'sum_cost'], [points.with(7, 'max_sum_points;2').join('\n'), 'sum_points']])(
  'a ballot over the limit of a sum counts, and is told: cities counted such ballots', (text, detail) => {
    expect(readPabulib(text)).toMatchObject({ ok: true, repairs: expect.arrayContaining([{ line: 15, code: 'ballot-limit', detail }]) });
  },
);

describe('scoring', () => {
  const scoring = points.map((line) => line.replace('cumulative', 'scoring').replace(/^max_length;.*/, 'default_score;-1'));

  test('what a ballot does not name gets the default score, and points may be taken away', () => {
    const reading = readPabulib(scoring.with(14, 'a;7,12;1,-2').join('\n'));
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    expect(votersOf(reading.file.election)).toEqual([new Map([[0, 1], [1, -2]]), new Map([[0, -1], [1, 3]]), new Map([[0, 0], [1, -1]])]);
    expect(count(reading.file.election, presets.greedy)).toMatchObject({ kind: 'decided', winners: [] });
    expect(count(reading.file.election, presets['equal-shares-points'])).toMatchObject({ winners: [], decisions: [{ votes: 0, supporters: 1 }, { votes: 0 }] });
  });

  test.each([['given alone', '1', '5'], ['with the default score of silent ballots', '0', '4']])('its score may be published %s', (_, first, second) => {
    const text = scoring.with(9, 'project_id;cost;score;name;selected').with(10, `7;400;${first};Name;1`).with(11, `12;700.50;${second};Plain;0`).join('\n');
    expect(readPabulib(text)).toMatchObject({ ok: true });
    expect(readPabulib(text.replace(`400;${first}`, '400;9'))).toMatchObject({ ok: false, problems: [{ line: 11, code: 'wrong-count' }] });
  });

  test('points with decimals count exactly, and are written as they were', () => {
    const text = scoring.with(7, 'default_score;0').with(14, 'a;7,12;0.1,0.25').with(15, 'b;12;3.0').join('\n');
    const reading = readPabulib(text);
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    expect([reading.file.election.pointsPerUnit, votersOf(reading.file.election)[0]]).toEqual([100, new Map([[0, 10], [1, 25]])]);
    expect(count(reading.file.election, { ...presets.greedy, threshold: { kind: 'votes', atLeast: 3 } })).toMatchObject({ winners: ['12'] });
    const again = readPabulib([...writePabulib(reading.file.election)].join(''));
    expect(again.ok && [again.file.election.pointsPerUnit, new Set(votersOf(again.file.election))]).toEqual([100, new Set(votersOf(reading.file.election))]);
  });

  test('no other ballots know a default score', () => {
    const reading = readPabulib(points.with(7, 'default_score;5').join('\n'));
    expect(reading.ok && votersOf(reading.file.election)[1]).toEqual(new Map([[1, 3]]));
  });
});

describe('a malformed file names line and reason', () => {
  test.each([
    [withLine(5, 'budget;1000,50'), 5, 'decimal-comma'],
    [withLine(5, 'budget;1 000'), 5, 'not-a-number'],
    [withLine(5, 'budget;-5'), 5, 'not-positive'],
    [withLine(5, 'budget;NaN'), 5, 'not-a-number'],
    [withLine(5, `budget;${'9'.repeat(400)}`), 5, 'too-large'],
    [withLine(5, 'budget;1000.1234567'), 5, 'too-fine'],
    [withLine(5, 'budget;0'), 5, 'not-positive'],
    [withLine(5, 'budget;999999999999999'), 5, 'too-large'],
    [withLine(3, 'num_projects;3'), 3, 'wrong-count'],
    [withLine(3, 'num_projects;two'), 3, 'not-a-number'],
    [withLine(4, 'num_votes;4'), 4, 'wrong-count'],
    [withLine(6, 'vote_type;guess'), 6, 'vote-type'],
    [withLine(6, 'vote_type; approval'), 6, 'stray-space'],
    [withLine(6, 'language;en'), 9, 'meta-missing'],
    [withLine(7, 'min_project_score_threshold;2.5'), 7, 'not-a-number'],
    [withLine(7, 'budget;1000'), 7, 'meta-twice'],
    [withLine(8, 'max_length;1'), 15, 'ballot-limit'],
    [withLine(8, ''), 8, 'blank-line'],
    [withLine(8, 'max_length;2;3'), 8, 'field-count'],
    [withLine(9, 'VOTES'), 9, 'section-out-of-order'],
    [withLine(9, 'META'), 9, 'section-twice'],
    [withLine(9, 'PROJECTS;;'), 9, 'field-count'],
    [withLine(10, 'id;cost;votes;name;selected'), 10, 'column-missing'],
    [withLine(10, 'project_id;cost;votes;cost;selected'), 10, 'column-twice'],
    [withLine(11, '7;400;3;Name;1'), 11, 'wrong-count'],
    [withLine(11, '7;400;2;"Name;1'), 11, 'unclosed-quote'],
    [withLine(11, '7;4e2;2;Name;1'), 11, 'not-a-number'],
    [withLine(11, '7;0;2;Name;1'), 11, 'no-cost'],
    [withLine(11, '7;-400;2;Name;1'), 11, 'not-positive'],
    [withLine(11, '7;400;2;Na\0me;1'), 11, 'nul'],
    [withLine(11, '7;400;2;Name;5'), 11, 'selected-value'],
    [withLine(11, ';400;2;Name;1'), 11, 'project-id-missing'],
    [withLine(12, '7;700;2;Plain;0'), 12, 'project-twice'],
    [withLine(15, 'a;7,7;30'), 15, 'project-twice-on-ballot'],
    [withLine(15, 'a;7,13;30'), 15, 'unknown-project'],
    [withLine(15, 'a;7, 12;30'), 15, 'stray-space'],
    [withLine(16, 'a;12;'), 16, 'voter-twice'],
    [withLine(16, ' ;12;'), 16, 'voter-missing'],
    [withLine(16, 'b;12'), 16, 'field-count'],
    [good.slice(0, 12).join('\n'), 12, 'section-missing'],
    [good.slice(0, 13).join('\n'), 13, 'section-missing'],
    ['', 0, 'section-missing'],
    [['hello', ...good].join('\n'), 1, 'text-before-sections'],
    [good.map((line) => line.replace('approval', 'scoring')).join('\n'), 14, 'points-missing'],
    [points.with(14, 'a;7,12;1').join('\n'), 15, 'points-count'],
    [points.with(14, 'a;7,12;1,-2').join('\n'), 15, 'points-value'],
    [points.with(7, 'max_points;2').join('\n'), 16, 'ballot-limit'],
    [points.with(9, 'project_id;cost;score;name;selected').with(10, '7;400;2;Name;1').join('\n'), 11, 'wrong-count'],
  ])('%#: line %i is %s', (text, line, code) => {
    const reading = readPabulib(text);
    expect(reading.ok ? [] : reading.problems.map((problem) => [problem.line, problem.code])).toContainEqual([line, code]);
  });

  test('bytes that are not UTF-8', () => {
    const bytes = new TextEncoder().encode(good.join('\n'));
    bytes[bytes.length - 4] = 0xff;
    expect(readPabulib(bytes)).toMatchObject({ ok: false, problems: [{ code: 'not-utf8' }] });
  });
});

describe('a lenient reading counts what a person would, and says so', () => {
  test.each([
    ['a project twice counts once', withLine(15, 'a;7,7,12;30'), 'project-twice-on-ballot'],
    ['a decimal comma is a point', withLine(12, '12;700,50;2;Plain;0'), 'decimal-comma'],
    ['the ballots count, not the figures', withLine(4, 'num_votes;40'), 'wrong-count'],
    ['spaces are nothing', withLine(15, 'a;7, 12;30'), 'stray-space'],
    ['an unknown project is left out', withLine(15, 'a;7,99,12;30'), 'unknown-project'],
    ['missing fields are empty', withLine(16, 'b;12'), 'field-count'],
    ['a blank line is nothing', withLine(16, '', 'b;12;'), 'blank-line'],
    ['the first ballot of a voter counts', withLine(17, 'c;7;41', 'c;12;41'), 'voter-twice'],
    ['ballots without a voter count', [...good.slice(0, 14), ';7,12;30', ';12;', 'c;7;41'].join('\n'), 'voter-missing'],
    ['rows as wide as a spreadsheet makes them', good.map((line, index) => (index < 14 && line !== '' ? `${line};;` : line)).join('\n'), 'field-count'],
    ['values with a space before them', good.map((line, index) => (index > 1 && index < 8 ? line.replace(';', '; ') : line)).join('\n'), 'stray-space'],
    ['a ballot beyond the limits counts as the file has it', withLine(8, 'max_length;1'), 'ballot-limit'],
  ])('%s', (_, text, code) => {
    const reading = readPabulib(text, { lenient: true });
    const whole = readPabulib(good.join('\n'));
    if (!reading.ok || !whole.ok) throw new Error('not repaired');
    expect(votersOf(reading.file.election)).toEqual(votersOf(whole.file.election));
    expect(reading.file.election.projects).toEqual(whole.file.election.projects);
    expect(reading.repairs.map((repair) => repair.code)).toContain(code);
  });

  test.each([
    ['thousands apart', '12;700,50;2;Plain;0', '1 000', 100_000], ['a currency', '12;EUR 700.50;2;Plain;0', '1000 EUR', 100_000],
    ['thousands apart by points', '12;700.50;2;Plain;0', '1.000,00', 100_000], ['an exponent', '12;7.005E+02;2;Plain;0', '1e+3', 100_000],
    ['millions', '12;700.50;2;Plain;0', '1,000,000', 100_000_000], ['apostrophes', '12;700.50;2;Plain;0', "1'000", 100_000],
  ])('amounts as people and spreadsheets write them: %s', (_, project, budget, budgetMinor) => {
    const text = withLine(12, project).replace('budget;1000', `budget;${budget}`);
    expect(readPabulib(text).ok).toBe(false);
    const reading = readPabulib(text, { lenient: true });
    expect(reading.ok && [reading.file.election.budgetMinor, reading.file.election.projects[1]!.costMinor]).toEqual([budgetMinor, 70_050]);
  });

  test('an amount that could be two is refused by both', () => {
    const text = withLine(5, 'budget;500,000');
    expect(readPabulib(text)).toMatchObject({ ok: false, problems: [{ line: 5, code: 'decimal-comma' }] });
    expect(readPabulib(text, { lenient: true })).toMatchObject({ ok: false, problems: [{ line: 5, code: 'two-readings' }] });
  });

  test.each([
    ['sections and columns in other letters', good.join('\n').replace('PROJECTS', 'Projects').replace('project_id', 'Project_ID').replace('approval', 'Approval'), 'letter-case'],
    ['rows of separators alone', withLine(16, ';;', 'b;12;'), 'blank-line'],
    ['a name with separators and no quotes', withLine(11, '7;400;2;A "quoted"; name;1'), 'field-count'],
    ['a key twice on which nothing depends', withLine(8, 'max_length;2', 'comment;#1: a', 'comment;#2: b'), 'meta-twice'],
    ['no count of ballots', withLine(4, 'num_votes;'), 'meta-missing'],
    ['a project twice, word for word', withLine(12, '12;700.50;2;Plain;0', '12;700.50;2;Plain;0'), 'project-twice'],
    ['a list that ends in a comma', withLine(15, 'a;7,12,;30'), 'empty-item'],
    ['Windows-1252', Buffer.from(withLine(3, 'num_projects;2', 'unit;Gda\u00f1sk'), 'latin1'), 'not-utf8'],
    ['UTF-16 as a spreadsheet saves it', Buffer.from(`\uFEFF${good.join('\r\n')}`, 'utf16le'), 'not-utf8'],
    ['a quote that is never closed', withLine(17, 'c;7;"41'), 'unclosed-quote'],
  ])('%s', (_, text, code) => {
    expect(readPabulib(text)).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.objectContaining({ code })]) });
    const reading = readPabulib(text, { lenient: true });
    const whole = readPabulib(good.join('\n'));
    if (!reading.ok || !whole.ok) throw new Error(JSON.stringify(reading));
    expect([votersOf(reading.file.election), reading.file.election.projects]).toEqual([votersOf(whole.file.election), whole.file.election.projects]);
    expect(reading.repairs.map((repair) => repair.code)).toContain(code);
  });

  test.each([
    ['tabs between the fields', good.join('\n').replaceAll(/;(?! )/g, '\t'), 'other-separator'],
    ['commas between them, lists in quotes', good.join('\n').replace('7,12', '"7,12"').replaceAll(/;(?! )/g, ','), 'other-separator'],
    ['commas between them, and in lists too', `${good.join(',,\n').replaceAll(/;(?! )/g, ',')}`, 'other-separator'],
    ['ballots before projects', [...good.slice(0, 8), ...good.slice(12, 17), ...good.slice(8, 12)].join('\n'), 'section-out-of-order'],
    ['META at the end', [...good.slice(8, 17), ...good.slice(0, 8)].join('\n'), 'section-out-of-order'],
    ['META without its header', good.toSpliced(1, 1).join('\n'), 'column-missing'],
    ['ids as hands and spreadsheets write them', [...good.slice(0, 14), 'a;"[07,\'12\']";30', 'b;12.0;', 'c;7;41'].join('\n'), 'id-form'],
    ['a list without commas', withLine(15, 'a;7 | 12;30'), 'list-form'],
  ])('a file in another shape: %s', (_, text, code) => {
    expect(readPabulib(text).ok).toBe(false);
    const reading = readPabulib(text, { lenient: true });
    const whole = readPabulib(good.join('\n'));
    if (!reading.ok || !whole.ok) throw new Error(JSON.stringify(reading));
    expect([votersOf(reading.file.election), reading.file.election.projects]).toEqual([votersOf(whole.file.election), whole.file.election.projects]);
    expect(reading.repairs.map((repair) => repair.code)).toContain(code);
  });

  test('an id that could be two is neither', () => {
    const reading = readPabulib(withLine(11, '12.0;400;2;Name;1').replaceAll('7,12', '12.00,12').replace('c;7', 'c;12.00'), { lenient: true });
    expect(reading.ok && votersOf(reading.file.election)).toEqual([new Map([[1, 1]]), new Map([[1, 1]]), new Map()]);
    expect(reading.ok && reading.repairs.map(({ code }) => code)).toContain('unknown-project');
  });

  test('what cannot be told of success is not told', () => {
    const reading = readPabulib(withLine(12, '12;700.50;2;Plain;None'), { lenient: true });
    expect(reading).toMatchObject({ ok: true, file: { selected: undefined } });
    expect(readPabulib(withLine(12, '12;700.50;2;Plain;1.0'), { lenient: true })).toMatchObject({ ok: true, file: { selected: ['7', '12'] } });
  });

  test('a ballot whose points nobody can match is left out', () => {
    const reading = readPabulib(points.with(14, 'a;7,12;1').join('\n'), { lenient: true });
    expect(reading.ok && votersOf(reading.file.election)).toEqual([new Map([[1, 3]]), new Map([[0, 0]])]);
  });

  test.each(['7;0;2;Name;1', '7;;2;Name;1'])('a project without a cost is not eligible: %s', (row) => {
    const reading = readPabulib(withLine(11, row), { lenient: true });
    expect(reading.ok && reading.file.election.projects.map((project) => project.withdrawn)).toEqual([true, false]);
  });
});

describe('a hostile file is refused at once, with a line and few words', () => {
  const many = 1_000_000;
  test.each<[string, string | Uint8Array, number, string]>([
    ['a million columns of one name', withLine(14, `voter_id;vote;${'x;'.repeat(many)}y`), 14, 'column-twice'],
    ['a million fields', withLine(15, `a;7,12;${';'.repeat(many)}`), 15, 'field-count'],
    ['a million projects on a ballot', withLine(15, `a;7,12${',7'.repeat(many)};30`), 15, 'project-twice-on-ballot'],
    ['a million spaces and no project', withLine(15, `a;7${' '.repeat(many)}x;30`), 15, 'unknown-project'],
    ['a million unknown projects', withLine(15, `a;7,12${',8'.repeat(many)};30`), 15, 'unknown-project'],
    ['a quote that is never closed', withLine(15, 'a;"7,12;30', 'x;7;30\n'.repeat(200_000)), 15, 'unclosed-quote'],
    ['quotes that close and open in every line', withLine(15, 'a;"7,12;30', '";"\n'.repeat(200_000)), 15, 'unclosed-quote'],
    ['lines that end as on an old Macintosh', good.join('\r').repeat(1000), 1, 'text-before-sections'],
    ['sixteen bits a character', Buffer.from(good.join('\n'), 'utf16le'), 1, 'nul'],
    ['a number of a million digits', withLine(5, `budget;${'9'.repeat(many)}`), 5, 'too-large'],
    ['nothing but zeros', new Uint8Array(many), 1, 'nul'],
    ['nothing but separators', ';'.repeat(many), 1, 'text-before-sections'],
  ])('%s', (_, text, line, code) => {
    const start = performance.now();
    readPabulib(text, { lenient: true });
    const reading = readPabulib(text);
    expect(reading.ok ? [] : reading.problems.map((problem) => [problem.line, problem.code])).toContainEqual([line, code]);
    expect(JSON.stringify(reading).length).toBeLessThan(20_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('separators and line ends in quotes, a mark of byte order and CR LF are none of these', () => {
    const text = `\uFEFF${withLine(11, '7;400;2;"a;', 'b"";', '";1').replaceAll('\n', '\r\n')}`;
    const reading = readPabulib(new TextEncoder().encode(text));
    expect(reading.ok && reading.file.election.projects[0]!.name).toBe('a;\nb";\n');
  });
});

describe('written and read again', () => {
  const same = (election: Election) => ({ ...election, unit: undefined, ballots: undefined, voters: votersOf(election).map((voter) => JSON.stringify([...voter])).sort() });

  test('an election stays what it was, and its bytes do not depend on the order of ballots', () => {
    fc.assert(
      fc.property(describedElection(), fc.infiniteStream(fc.nat()), (described, dice) => {
        const election = built(described);
        const text = [...writePabulib(election, { selected: ['p0'] })].join('');
        const reading = readPabulib(text);
        if (!reading.ok) throw new Error(`${JSON.stringify(reading.problems)}\n${text}`);
        expect(same(reading.file.election)).toEqual(same(election));
        expect(reading.file.selected).toEqual(['p0']);
        const shuffled = described.ballots.map((ballot) => ({ ballot, die: dice.next().value as number })).sort((a, b) => a.die - b.die);
        expect([...writePabulib(built({ ...described, ballots: shuffled.map(({ ballot }) => ballot) }), { selected: ['p0'] })].join('')).toBe(text);
      }),
      { numRuns: 1500 },
    );
  });

  test('areas, names and odd characters survive', () => {
    const election = built({
      input: {
        voteType: 'approval', budgetMinor: 1050, minorPerUnit: 100,
        projects: [
          { id: 'a', costMinor: 5, name: 'Well; "quoted"\nin two lines', categories: ['green', 'sport'], area: 'Nord', withdrawn: false },
          { id: 'b', costMinor: 500, categories: [], withdrawn: true },
        ],
      },
      ballots: [{ area: 'Süd; West', lines: [{ projectId: 'b' }] }, { lines: [] }],
    });
    const reading = readPabulib(new TextEncoder().encode([...writePabulib(election, { meta: [['unit', 'X'], ['budget', 'no']] })].join('')), { areas: true });
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    expect(reading.file.election.projects).toEqual(election.projects);
    expect(reading.file.election.ballots.areaNames).toEqual(['Süd; West']);
    expect(reading.file.election.unit.name).toBe('X');
  });
});
