/** Dishonest folders: by strangers, who cannot sign, and by an operator who can. Each fault is found, and by its name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ballotBytes, leafOf, uuidBytes, voidOf } from '../../server/src/votes/ballots/protocol.ts';
import { bodyOf, lotSeed } from '../../server/src/votes/published/bytes.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import type { FaultName } from '../../server/src/votes/published/findings.ts';
import { beaconDraw, KNOWN_NETWORKS } from '../../server/src/rounds/draws/beacon.ts';
import { hallOrderOf } from '../../server/src/votes/published/hall.ts';
import { checkpoint } from '../../server/src/votes/published/note.ts';
import type { Counted, SealedRound } from '../../server/src/votes/published/record.ts';
import { rootOf } from '../../server/src/votes/published/tree.ts';
import { verifyFolder } from '../../server/src/votes/published/verify.ts';
import { changed, check, faults, folderOf, resealed, textOf } from './folders.ts';
import { drawn, KEY, keyFrom, makeRound } from './rounds.ts';

const WISH = { seed: 11, counted: 215, voided: { replaced: 4, 'no-key': 1, struck: 1 }, batches: [100] } as const;
const round = makeRound({ ...WISH, batches: [100] });
const folder = folderOf(round);
const id = uuidBytes(round.statement.round.id);

/** Ways to cheat for somebody who holds the log's key and the round's, and signs whatever they like. */
const cheats: [what: string, cheat: (honest: SealedRound) => SealedRound, fault: FaultName][] = [
  ['drops a counted ballot', (it) => ({ ...it, counted: it.counted.slice(1), turnout: people(it.counted.length - 1) }), 'leaf-unaccounted'],
  ['drops a ballot from the list as well', (it) => ({ ...it, leaves: without(it.leaves, it.counted[0]!.leaf), counted: it.counted.slice(1), turnout: people(it.counted.length - 1) }), 'head-root'],
  ['drops a withdrawn ballot', (it) => ({ ...it, voided: it.voided.slice(1) }), 'leaf-unaccounted'],
  ['alters a ballot', (it) => ({ ...it, counted: altered(it.counted) }), 'opening-wrong'],
  ['adds a ballot that was never in the list', (it) => ({ ...it, counted: [...it.counted, madeUp(1)], turnout: people(it.counted.length + 1) }), 'leaf-unlogged'],
  ['adds a ballot to the list behind the last head', (it) => ({ ...it, leaves: [...it.leaves, madeUp(1).leaf], counted: [...it.counted, madeUp(1)], turnout: people(it.counted.length + 1) }), 'head-last'],
  ['adds a ballot, signed for, that nobody cast', (it) => withHeads({ ...it, leaves: [...it.leaves, madeUp(1).leaf], counted: [...it.counted, madeUp(1)] }), 'turnout-wrong'],
  ['reorders the list', (it) => ({ ...it, leaves: swapped(it.leaves, 3, 4) }), 'head-root'],
  ['reorders the list and signs it so', (it) => withHeads({ ...it, leaves: swapped(it.leaves, 3, 4) }), 'batch-unsorted'],
  ['signs a state that grows backwards', (it) => ({ ...it, heads: [...it.heads].reverse() }), 'head-order'],
  ['leaves the last state unsigned', (it) => ({ ...it, heads: it.heads.slice(0, 1) }), 'head-last'],
  ['signs with another key', (it) => ({ ...it, heads: [it.heads[0]!, checkpoint({ origin: it.statement.log.origin, size: it.leaves.length, root: rootOf(it.leaves) }, keyFrom(1).publicKey, keyFrom(1).sign)] }), 'head-signature'],
  ['signs for another round', (it) => ({ ...it, heads: [it.heads[0]!, checkpoint({ origin: 'pot.example.org/rounds/other', size: it.leaves.length, root: rootOf(it.leaves) }, KEY.publicKey, KEY.sign)] }), 'head-signature'],
  ['lets few into the list at a time', (it) => withHeads(it, [99]), 'batch-small'],
  ['puts a replaced ballot back', (it) => ({ ...it, counted: [...it.counted, opened(it, WISH.counted)], voided: it.voided.slice(1) }), 'turnout-wrong'],
  ['counts a ballot and shows it as withdrawn as well', (it) => ({ ...it, voided: [...it.voided, hidden(it.counted[0]!)] }), 'leaf-both'],
  ['counts a ballot twice', (it) => ({ ...it, counted: [...it.counted, it.counted[0]!], turnout: people(it.counted.length + 1) }), 'leaf-both'],
  ['lists a ballot twice', (it) => withHeads({ ...it, leaves: [...it.leaves, it.leaves[0]!] }), 'leaf-twice'],
  ['withdraws a ballot with a key of their own', (it) => ({ ...it, voided: [...it.voided.slice(1), { ...it.voided[0]!, voidKey: drawn(99) }] }), 'void-key-wrong'],
  ['shows another withdrawn ballot', (it) => ({ ...it, voided: [...it.voided.slice(1), { ...it.voided[0]!, body: drawn(99) }] }), 'void-wrong'],
  ['strikes a ballot without a reason', (it) => ({ ...it, strikes: [] }), 'strikes-unexplained'],
  ['lets an illegal ballot in', (it) => counting(it, madeUp(2, '1\n\n1\n2\n3\n4\n5\n')), 'ballot-illegal'],
  ['lets a ballot in that is not in order', (it) => counting(it, madeUp(2, '1\n\n2\n1\n')), 'ballot-illegal'],
  ['lets a ballot for an unknown area in', (it) => counting(it, madeUp(2, '1\nElsewhere\n1\n')), 'ballot-illegal'],
  ['names more spoiled paper', (it) => ({ ...it, spoiledPaper: 1 }), 'turnout-wrong'],
  ['lets the channels add up to more', (it) => ({ ...it, turnout: { ...it.turnout, channels: [{ channel: 'paper', people: 9999 }] } }), 'turnout-wrong'],
  ['lets the areas add up to less', (it) => ({ ...it, turnout: { ...it.turnout, areas: [{ area: 'North', people: 30 }, { area: '', people: 20 }] } }), 'turnout-wrong'],
  ['shows a small area', (it) => ({ ...it, turnout: { ...it.turnout, areas: [{ area: 'North', people: it.turnout.people - 4 }, { area: '', people: 4 }] } }), 'turnout-reveals'],
  ['hides one area alone', (it) => ({ ...it, turnout: { ...it.turnout, areas: [{ area: 'North', people: it.turnout.people - 40 }, { area: '', people: null }] } }), 'turnout-reveals'],
  ['changes the rule and not its digest', (it) => ({ ...it, statement: { ...it.statement, counting: { ...it.statement.counting, rule: presets['greedy-per-cost'] } } }), 'rule-digest'],
  ['changes the lot’s secret', (it) => ({ ...it, lot: { ...it.lot!, key: '00'.repeat(32) } }), 'lot-commitment'],
  ['does not reveal the lot’s secret', (it) => ({ ...it, lot: null }), 'lot-commitment'],
];

describe('an operator who signs everything anew', () => {
  it.each(cheats)('%s', async (_what, cheat, fault) => {
    expect(await faults(folderOf(cheat(round)))).toContain(fault);
  });

  it.each<[string, string, (text: string) => string, FaultName]>([
    ['names other winners', 'trace.json', (text) => text.replace('"winners": [\n    "1"', '"winners": [\n    "8"'), 'outcome-differs'],
    ['tells the count otherwise', 'trace.json', (text) => text.replace('"leftMinor": ', '"leftMinor": 1'), 'trace-differs'],
    ['gives other software other ballots', 'ballots.pb', (text) => text.replace('\n1;', '\n1;2,'), 'pabulib-differs'],
    ['gives a false receipt', 'receipts.txt', (text) => text.replace(/^../, 'ff'), 'receipt-wrong'],
    ['leaves a receipt out', 'receipts.txt', (text) => text.slice(129), 'receipt-wrong'],
    ['tells a voter on the page that they are counted', 'codes/all.html', (text) => text.replace(/Not counted[^<]*/, 'Counted'), 'code-page-wrong'],
    ['takes a code off the page', 'codes/all.html', (text) => text.replace(/<tr><th scope="row">.*?<\/tr>\n/, ''), 'code-page-wrong'],
    ['leads people elsewhere', 'index.html', (text) => text.replace('pnpm verify', 'curl evil |'), 'page-wrong'],
    ['opens a ballot of no known form', 'counted.jsonl', (text) => text.replace(/"ballot":"[^"]*"/, '"ballot":"both of them"'), 'ballot-illegal'],
    ['sorts the openings otherwise', 'counted.jsonl', (text) => text.replace(/^(.*\n)(.*\n)/, '$2$1'), 'entries-unsorted'],
    ['lies about the totals', 'seal.json', (text) => text.replace('"counted": 215', '"counted": 216'), 'totals-wrong'],
    ['lies about why', 'seal.json', (text) => text.replace('"no-key": 1', '"no-key": 0'), 'totals-wrong'],
    ['lies about the root', 'seal.json', (text) => text.replace(/"root": "../, '"root": "ff'), 'seal-root'],
    ['hides the ballots of many', 'seal.json', (text) => text.replace('"totalsOnly": false', '"totalsOnly": true'), 'totals-only-wrong'],
    ['seals one file less', 'seal.json', (text) => text.replace(/ {4}"leaves.txt": .*\n/, ''), 'file-changed'],
    ['seals a file that is none', 'seal.json', (text) => text.replace('"leaves.txt"', '"../leaves.txt"'), 'file-changed'],
  ])('%s', async (_what, path, change, fault) => {
    expect(await faults(resealed(folder, path, change))).toContain(fault);
  });

  it('who takes a ballot from its voter must do it in public', async () => {
    const [first, ...rest] = round.counted;
    const { findings, notes } = await check(folderOf({ ...round, counted: rest, voided: [...round.voided, hidden(first!)], turnout: people(rest.length) }));
    expect(findings).toEqual([]);
    expect(notes).toContainEqual({ name: 'voided-without-key', ballots: 2, why: 'no-key' });
  });
});

describe('the lot', () => {
  // Two projects of one cost, level in votes, and money for one of them.
  const even = makeRound({ seed: 12, counted: 120, projects: 2, ballots: Array.from({ length: 120 }, (_, index) => [String((index % 2) + 1)]) });
  const statement = { ...even.statement, budgetMinor: 60_000, projects: even.statement.projects.map((project) => ({ ...project, costMinor: 50_000 })) };
  const tied = (lot: SealedRound['lot']): SealedRound => ({ ...even, statement, lot });
  const drawnLot = { key: '05'.repeat(32), draw: { date: '2026-05-10', text: '4 8 15', missed: [] as string[] } };
  const seedOf = (draw: string) => lotSeed({ round: uuidBytes(statement.round.id), lotKey: Buffer.alloc(32, 5), root: rootOf(even.leaves), draw }).toString('hex');

  it('decides by secret, list and draw, and nothing else', async () => {
    const lot = { ...drawnLot, seed: seedOf('4 8 15') };
    expect(await faults(folderOf(tied(lot)))).toEqual([]);
    expect(await faults(folderOf(tied({ ...lot, draw: { ...lot.draw, date: '2026-05-17', missed: ['2026-05-10'] } })))).toEqual([]);
    expect(await faults(folderOf(tied({ ...lot, draw: { ...lot.draw, text: '4 8 16' } })))).toEqual(['lot-seed']);
    expect(await faults(folderOf(tied({ ...lot, seed: seedOf('4 8 16') })))).toEqual(['lot-seed']);
    expect(await faults(folderOf(tied({ ...lot, draw: null })))).toEqual(['lot-seed']);
    for (const draw of [{ ...lot.draw, date: '2026-05-17' }, { ...lot.draw, date: '2026-05-08' }, { ...lot.draw, missed: ['2026-05-03'] }]) expect(await faults(folderOf(tied({ ...lot, draw })))).toEqual(['lot-too-early']);
    expect(await faults(resealed(folderOf(tied(lot)), 'seal.json', (text) => text.replace(/"draw": \{[^}]*\}/, '"draw": null').replace(/"seed": .*/, '"seed": null')))).toEqual(['lot-missing']);
    expect(() => folderOf(tied({ ...drawnLot, draw: null, seed: null }))).toThrow('still needs the lot');
  });
});

/** What a changed byte in each file must be called, whatever else it is called as well. */
const NAMES: Record<string, FaultName[]> = {
  'rule.json': ['rule-changed'], 'leaves.txt': ['head-root', 'file-malformed'], 'receipts.txt': ['receipt-wrong', 'file-malformed'], 'heads.txt': ['head-signature', 'head-order', 'file-malformed'],
  'counted.jsonl': ['opening-wrong', 'leaf-unlogged', 'file-malformed'], 'void.jsonl': ['void-wrong', 'void-key-wrong', 'leaf-unlogged', 'totals-wrong', 'file-malformed'],
  'ballots.pb': ['pabulib-differs'], 'trace.json': ['trace-differs', 'outcome-differs'], 'seal.json': ['seal-signature'], 'seal.txt': ['seal-signature'],
};

describe('the order in the hall', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 3, 30, hour));
  const numbers = round.statement.projects.map((project) => project.number);
  const hall = hallOrderOf({ how: 'Five dice on stage', announcedAt: at(9), secret: drawn(3), drawn: '3 5 1', drawnAt: at(18) }, id, numbers);
  const withHall = (change: Partial<NonNullable<typeof hall.drawn>>, announced = hall.announced) => folderOf({ ...round, hall: { ...hall, announced, drawn: { ...hall.drawn!, ...change } } });

  it('is worked out again from its draw, and told', async () => {
    const { findings, notes } = await check(withHall({}));
    expect(findings).toEqual([]);
    expect(notes).toContainEqual({ name: 'hall-order', how: 'Five dice on stage', order: hall.drawn!.order });
    expect(await faults(folderOf({ ...round, hall: { ...hall, drawn: null } }))).toEqual([]);
  });

  it('is not another one, nor drawn otherwise than promised', async () => {
    expect(await faults(withHall({ order: [...hall.drawn!.order].reverse() }))).toEqual(['hall-order']);
    expect(await faults(withHall({ seed: '00'.repeat(32) }))).toEqual(['hall-seed']);
    expect(await faults(withHall({ text: '6 6 6' }))).toEqual(expect.arrayContaining(['hall-seed']));
    expect(await faults(withHall({ secret: '00'.repeat(32) }))).toEqual(expect.arrayContaining(['hall-commitment', 'hall-seed']));
    expect(await faults(withHall({ at: at(8).toISOString() }))).toEqual(['hall-times']);
    const beacon = beaconDraw(KNOWN_NETWORKS[0]!, at(12)).name;
    expect(await faults(withHall({}, { ...hall.announced, how: beacon }))).toEqual(['beacon-signature']);
    expect(await faults(withHall({}, { ...hall.announced, how: beaconDraw(KNOWN_NETWORKS[0]!, at(9)).name }))).toEqual(expect.arrayContaining(['hall-times']));
  });

  it('is not changed, taken away or put in by a stranger', async () => {
    const honest = withHall({});
    expect(await faults(changed(honest, 'hall.json', (text) => text.replace('3 5 1', '3 5 2')))).toEqual(expect.arrayContaining(['file-changed', 'hall-seed']));
    const missing = new Map(honest);
    missing.delete('hall.json');
    expect(await faults(missing)).toEqual(expect.arrayContaining(['file-missing']));
    expect(await faults(new Map(folder).set('hall.json', honest.get('hall.json')!))).toEqual(['file-extra']);
  });
});

describe('a stranger', () => {
  const small = folderOf(makeRound({ seed: 13, counted: 103, voided: { replaced: 2, 'other-key': 1 }, projects: 4 }));
  const paths = [...small.keys()];

  it('cannot change one byte anywhere', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...paths), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 1, max: 255 }), async (path, place, flip) => {
      const bytes = Buffer.from(small.get(path)!);
      const at = Math.floor(place * bytes.length);
      bytes[at] = bytes[at]! ^ flip;
      const found = await faults(new Map(small).set(path, bytes));
      const names = NAMES[path] ?? (path === 'codes/all.html' ? ['code-page-wrong'] : ['page-wrong']);
      expect(found.some((name) => names.includes(name)), `${path} at ${at}: ${found.join(' ')}`).toBe(true);
      // What is sealed is known by its digest as well.
      if (!/^(codes|index|seal|rule)/.test(path)) expect(found).toContain('file-changed');
    }), { numRuns: 250 });
  });

  it.each(paths)('cannot leave out, cut or lengthen %s', async (path) => {
    expect(await faults(new Map([...small].filter(([each]) => each !== path)))).toContain('file-missing');
    const bytes = Buffer.from(small.get(path)!);
    expect(await faults(new Map(small).set(path, bytes.subarray(0, -1)))).not.toEqual([]);
    expect(await faults(new Map(small).set(path, Buffer.concat([bytes, Buffer.from('\n')])))).not.toEqual([]);
  });

  it.each<[string, string, (text: string) => string, FaultName]>([
    ['budget', 'rule.json', (text) => text.replace(/"budgetMinor": \d/, '"budgetMinor": 9'), 'rule-changed'],
    ['title', 'rule.json', (text) => text.replace('Spring', 'Autumn'), 'rule-changed'],
    ['date', 'rule.json', (text) => text.replace('2026-05-08', '2026-05-09'), 'rule-changed'],
    ['rule', 'rule.json', (text) => text.replace('"skip"', '"stop"'), 'rule-digest'],
    ['key', 'rule.json', (text) => text.replace(KEY.publicKey.toString('hex'), keyFrom(1).publicKey.toString('hex')), 'head-signature'],
    ['figure of a strike', 'seal.json', (text) => text.replace('"spoiledPaper": 0', '"spoiledPaper": 1'), 'seal-signature'],
  ])('cannot change a %s', async (_what, path, change, fault) => {
    expect(await faults(changed(small, path, change))).toContain(fault);
  });

  it('cannot put a file beside the others', async () => {
    for (const path of ['readme.txt', 'codes/../rule.json', 'codes/T2.html', '__proto__', 'hidden.jsonl']) expect(await faults(new Map(small).set(path, Buffer.from('')))).toEqual(['file-extra']);
  });
});

describe('a hostile folder', () => {
  const small = folderOf(makeRound({ seed: 14, counted: 100, projects: 3 }));

  it.each<[string, string, (text: string) => string | Buffer]>([
    ['CR LF', 'leaves.txt', (text) => text.replaceAll('\n', '\r\n')],
    ['CR LF in JSON', 'rule.json', (text) => text.replaceAll('\n', '\r\n')],
    ['bytes that are not UTF-8', 'counted.jsonl', (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff, 10])])],
    ['bytes that are not UTF-8 in JSON', 'seal.json', () => Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a byte order mark', 'rule.json', (text) => `\uFEFF${text}`],
    ['a key twice', 'rule.json', (text) => text.replace('{\n', '{\n  "version": 1,\n')],
    ['a key twice in a line', 'counted.jsonl', (text) => text.replace('{"leaf"', '{"leaf":"","leaf"')],
    ['a prototype', 'rule.json', (text) => text.replace('{\n', '{\n  "__proto__": {"version": 1},\n')],
    ['a prototype in caps', 'rule.json', (text) => text.replace('"categories": {}', '"categories": {"__proto__": 5}')],
    ['a prototype in a line', 'counted.jsonl', (text) => text.replace('{"leaf"', '{"__proto__":null,"leaf"')],
    ['two projects of one number', 'rule.json', (text) => text.replace('"number": "2"', '"number": "1"')],
    ['a number of another form', 'rule.json', (text) => text.replace('"version": 1', '"version": 1.0')],
    ['a number beyond all', 'rule.json', (text) => text.replace(/"budgetMinor": \d+/, '"budgetMinor": 1e400')],
    ['minus zero', 'seal.json', (text) => text.replace('"spoiledPaper": 0', '"spoiledPaper": -0')],
    ['arrays in arrays', 'rule.json', () => '['.repeat(100_000)],
    ['objects in objects', 'seal.json', () => `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['half a character', 'counted.jsonl', (text) => text.replace('"ballot":"1', '"ballot":"\\ud800')],
    ['nothing', 'seal.json', () => ''],
    ['null', 'seal.json', () => 'null\n'],
    ['lines of nulls', 'void.jsonl', () => 'null\nnull\n'],
    ['blank lines', 'leaves.txt', (text) => `\n${text}`],
  ])('with %s in %s is malformed, and no more', async (_what, path, change) => {
    const other = new Map(small).set(path, Buffer.from(change(textOf(small, path))));
    const found = await faults(other);
    expect(found).toContain('file-malformed');
    expect(found).not.toContain('unexpected');
  });

  it('with files too large to be honest is not read to the end', async () => {
    const asked: [string, number][] = [];
    const { findings } = await verifyFolder(async (path, limit) => {
      asked.push([path, limit]);
      return 'too-large';
    });
    expect(findings.map(({ name }) => name)).toEqual(['file-too-large']);
    expect(asked.every(([, limit]) => limit > 0 && limit <= 1 << 29)).toBe(true);
  });

  it('is never more than findings, whatever lies in it', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...small.keys()), fc.oneof(fc.json().map((text) => Buffer.from(text)), fc.uint8Array({ maxLength: 200 })), async (path, bytes) => {
      fc.pre(Buffer.compare(small.get(path) as Uint8Array, bytes) !== 0);
      const found = await faults(new Map(small).set(path, bytes));
      expect(found).not.toEqual([]);
      expect(found).not.toContain('unexpected');
    }), { numRuns: 60 });
  });
});

function people(number: number): SealedRound['turnout'] {
  return { people: number, channels: [] };
}

function without(leaves: readonly Buffer[], leaf: Buffer): Buffer[] {
  return leaves.filter((each) => !each.equals(leaf));
}

function swapped(leaves: readonly Buffer[], a: number, b: number): Buffer[] {
  return leaves.map((leaf, index) => (index === a ? leaves[b]! : index === b ? leaves[a]! : leaf));
}

/** New heads over changed leaves, at these sizes and at the end. */
function withHeads(it: SealedRound, sizes: readonly number[] = [100]): SealedRound {
  const heads = [...sizes, it.leaves.length].map((size) => checkpoint({ origin: it.statement.log.origin, size, root: rootOf(it.leaves.slice(0, size)) }, KEY.publicKey, KEY.sign));
  return { ...it, heads };
}

function altered(counted: readonly Counted[]): Counted[] {
  const [first, ...rest] = counted;
  const ballot = ballotBytes('', [{ project: first!.ballot.includes('\n1\n') ? '2' : '1' }]);
  return [{ ...first!, ballot }, ...rest];
}

function madeUp(seed: number, text = '1\n\n1\n'): Counted {
  const [salt, voidHash, ballot] = [drawn(seed, 'made up'), voidOf(drawn(seed)), Buffer.from(text)];
  return { leaf: leafOf(id, voidHash, salt, ballot), void: voidHash, salt, ballot };
}

/** As if this ballot had come in honestly in the last batch. */
function counting(it: SealedRound, ballot: Counted): SealedRound {
  const leaves = [...it.leaves.slice(0, 100), ...[...it.leaves.slice(100), ballot.leaf].sort(Buffer.compare)];
  return withHeads({ ...it, leaves, counted: [...it.counted, ballot], turnout: people(it.counted.length + 1) });
}

function hidden({ leaf, void: voidHash, salt, ballot }: Counted): SealedRound['voided'][number] {
  return { leaf, void: voidHash, body: bodyOf(salt, ballot), voidKey: null, why: 'no-key' };
}

/** The opening of the ballot that the round's maker made in this place. */
function opened(it: SealedRound, place: number): Counted {
  const [salt, voidHash] = [drawn(WISH.seed, 'salt', place), voidOf(drawn(WISH.seed, 'voidkey', place))];
  const found = it.voided.find((each) => each.void.equals(voidHash))!;
  for (let mask = 0; mask < 256; mask += 1) {
    const ballot = ballotBytes('', it.statement.projects.filter((_, index) => (mask >> index) & 1).map(({ number }) => ({ project: number })));
    if (bodyOf(salt, ballot).equals(found.body)) return { leaf: found.leaf, void: voidHash, salt, ballot };
  }
  throw new Error('the withdrawn ballot cannot be opened');
}
