/** Honest folders: every one of many random rounds verifies, is written the same way twice, and says what is true and no fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPabulib } from '../../server/src/votes/counting/pabulib.ts';
import { ruleOfFile } from '../../server/src/votes/counting/pabulib-rule.ts';
import type { Rule } from '../../server/src/votes/counting/rule.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import { receiptCode, uuidBytes } from '../../server/src/votes/ballots/protocol.ts';
import { receiptBytes } from '../../server/src/votes/published/bytes.ts';
import { checkpoint, signNote } from '../../server/src/votes/published/note.ts';
import { observerKeyName, sealText, writeSeal } from '../../server/src/votes/published/folder.ts';
import { rootOf } from '../../server/src/votes/published/tree.ts';
import type { Statement } from '../../server/src/votes/published/record.ts';
import { sha256Hex } from '../../server/src/votes/published/files.ts';
import { check, faults, folderOf, resealed, textOf } from './folders.ts';
import { drawn, KEY, keyFrom, makeRound, type Wanted } from './rounds.ts';

const forms: Statement['ballotForm'][] = [{ kind: 'knapsack' }, { kind: 'one' }, { kind: 'up-to', k: 3 }, { kind: 'at-least', k: 2 }, { kind: 'points', total: 10, most: 4 }, { kind: 'scores', most: 4 }, { kind: 'ranking', k: 3 }];
const pots: Rule['pots'] = { areas: [{ area: 'North', budgetMinor: 900 }], unspent: 'goes-to-whole' };
const wishes: fc.Arbitrary<Wanted> = fc.record({
  seed: fc.nat(1_000_000), counted: fc.oneof(fc.integer({ min: 100, max: 260 }), fc.nat(99)), projects: fc.integer({ min: 1, max: 12 }),
  rule: fc.constantFrom<Rule[]>(presets.greedy, presets['greedy-per-cost'], presets['equal-shares'], presets['equal-shares-add1'], presets['equal-shares-add1-utilitarian'], presets.phragmen, { ...presets.greedy, pots }, { ...presets['equal-shares-ranks'], pots }),
  form: fc.constantFrom<Statement['ballotForm'][]>(...forms), spoiledPaper: fc.nat(3), areas: fc.constantFrom<string[][]>([], ['North', 'Łąki; "wet"']), lot: fc.constantFrom('draw' as const, 'ballot-order' as const),
  voided: fc.record({ replaced: fc.nat(9), 'no-key': fc.nat(3), 'other-key': fc.nat(1), 'voted-on-paper': fc.nat(2), struck: fc.nat(2) }),
}).map((wish) => ({ ...wish, batches: wish.counted >= 200 ? [100] : [] }));

describe('an honest folder', () => {
  it('verifies, whatever the round, and is written the same way twice', async () => {
    await fc.assert(fc.asyncProperty(wishes, async (wish) => {
      const round = makeRound(wish);
      const folder = folderOf(round);
      expect((await check(folder)).findings).toEqual([]);
      const again = folderOf({ ...round, counted: [...round.counted].reverse(), voided: [...round.voided].reverse() });
      expect([...again].every(([path, bytes]) => Buffer.from(bytes).equals(folder.get(path)!))).toBe(true);
      expect(folder.has('counted.jsonl')).toBe(wish.counted >= 100);
      const isWhole = wish.counted >= 100;
      expect((await check(folder)).notes.some(({ name }) => name === 'totals-only')).toBe(!isWhole);
      if (!isWhole) expect((await check(folderOf(round, 'whole'))).findings).toEqual([]);
    }), { numRuns: 30 });
  });

  it('holds ballots in a file that anybody’s software can read, with the rule where the format knows it', async () => {
    const round = makeRound({ seed: 3, counted: 120, areas: ['North'], form: { kind: 'up-to', k: 3 } });
    const reading = readPabulib(folderOf(round).get('ballots.pb')!);
    expect(reading.ok && [reading.file.election.ballots.count, reading.file.limits.max_length, reading.file.election.budgetMinor, reading.repairs]).toEqual([120, 3, round.statement.budgetMinor, []]);
    expect(reading.ok && [ruleOfFile(reading.file), reading.file.meta.get('date_end')]).toEqual([round.statement.counting.rule, '08.05.2026']);
    const asBefore = resealed(folderOf(round), 'ballots.pb', (text) => text.replace('rule;greedy\n', '').replaceAll(/;(\d\d)\.(\d\d)\.(\d{4})\n/g, ';$3-$2-$1\n'));
    expect(await faults(asBefore)).toEqual([]);
    const knapsack = makeRound({ seed: 3, counted: 120, form: { kind: 'knapsack' }, rule: { ...presets.greedy, conflicts: [['1', '2']] } });
    const other = readPabulib(folderOf(knapsack).get('ballots.pb')!);
    expect(other.ok && [other.file.limits.max_sum_cost, other.file.meta.get('rule')]).toEqual([knapsack.statement.budgetMinor, 'unknown']);
  });

  it('stays as it is: folders that lie somewhere must verify for good, so whoever changes how one is written keeps the old way too', () => {
    const folders = [makeRound({ seed: 11, counted: 130, batches: [], areas: ['North'], voided: { replaced: 2, 'no-key': 1, struck: 1 } }), makeRound({ seed: 12, counted: 40 })].map((round) => folderOf(round));
    const digests = folders.map((folder) => sha256Hex(Buffer.concat([...folder].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, bytes]) => [Buffer.from(path), Buffer.from(bytes)]))));
    expect(digests).toEqual(['50b1b5099a84d68c7d1467eb0f3593b47a0e10ed89d0dba07338c33b40f78c21', '068a3d654678d875ab2c3da68d7211bf75ff64619a8a060ab92d1a0ed0f2294c']);
  });

  it('counts in public what was withdrawn without a key', async () => {
    const { notes } = await check(folderOf(makeRound({ seed: 4, counted: 120, voided: { replaced: 5, 'no-key': 2, struck: 1 } })));
    expect(notes).toEqual([{ name: 'voided-without-key', ballots: 2, why: 'no-key' }, { name: 'voided-without-key', ballots: 1, why: 'struck' }]);
  });

  it('of a round without a ballot verifies too', async () => {
    expect(await faults(folderOf(makeRound({ seed: 1, counted: 0 })))).toEqual([]);
  });

  it('says what became of a code, a leaf, and a receipt', async () => {
    const round = makeRound({ seed: 6, counted: 120, voided: { replaced: 1 } });
    const folder = folderOf(round);
    const ask = async (receipt: { code: string } | { leaf: Buffer; signature: Buffer | null }) => (await check(folder, { receipt })).receipts.map(({ fate, isSigned }) => [fate, isSigned]);
    const code = (leaf: Buffer) => receiptCode(leaf).replaceAll('-', '');
    const [counted, replaced] = [round.counted[0]!.leaf, round.voided[0]!.leaf];
    const signature = Buffer.from(textOf(folder, 'receipts.txt').split('\n')[round.leaves.indexOf(counted)]!, 'hex');
    expect(await ask({ code: code(counted) })).toEqual([['counted', null]]);
    expect(await ask({ code: code(replaced) })).toEqual([['replaced', null]]);
    expect(await ask({ leaf: counted, signature })).toEqual([['counted', true]]);
    expect(await ask({ leaf: counted, signature: Buffer.alloc(64) })).toEqual([['counted', false]]);
    expect(await ask({ code: 'T2EZDEZQN73R' })).toEqual([['absent', null]]);
    // A ballot that was taken in and never logged: the voter's receipt is the log's own word.
    const left = drawn(6, 'left out');
    expect(await ask({ leaf: left, signature: KEY.sign(receiptBytes(uuidBytes(round.statement.round.id), left)) })).toEqual([['absent', true]]);
    expect(textOf(folder, 'codes/all.html')).toContain(receiptCode(replaced));
  });

  it('fits every head that was shown while people voted', async () => {
    const round = makeRound({ seed: 7, counted: 250, batches: [100, 100] });
    for (const savedHead of round.heads) expect(await faults(folderOf(round), { savedHead })).toEqual([]);
    const at = (size: number, leaves = round.leaves) => checkpoint({ origin: round.statement.log.origin, size, root: rootOf(leaves.slice(0, size)) }, KEY.publicKey, KEY.sign);
    expect(await faults(folderOf(round), { savedHead: at(137) })).toEqual([]);
    expect(await faults(folderOf(round), { savedHead: at(137, [...round.leaves].reverse()) })).toEqual(['head-saved']);
    expect(await faults(folderOf(round), { savedHead: checkpoint({ origin: round.statement.log.origin, size: 999, root: rootOf(round.leaves) }, KEY.publicKey, KEY.sign) })).toEqual(['head-saved']);
    expect(await faults(folderOf(round), { savedHead: at(137).replace('137', '138') })).toEqual(['head-signature']);
  });
});

describe('a small round', () => {
  const observer = keyFrom(9);
  const observers = [{ name: 'Ada', publicKey: observer.publicKey.toString('hex') }, { name: 'Bela', publicKey: null }];
  const round = makeRound({ seed: 8, counted: 40, observers });
  const observed = signNote(sealText(round.statement, writeSeal(round, KEY.sign)), { name: observerKeyName(round.statement.log.origin, 0), publicKey: observer.publicKey }, observer.sign);

  it('shows totals only, and who checked them', async () => {
    const folder = folderOf({ ...round, observed: [observed] });
    const { findings, notes } = await check(folder);
    expect(findings).toEqual([]);
    expect(notes).toEqual([{ name: 'observer-signed', observer: 'Ada' }, { name: 'observer-named-only', observer: 'Bela' }, { name: 'totals-only', hasBallots: false }]);
    const public_ = [...folder].filter(([path]) => !path.startsWith('rule')).map(([, bytes]) => Buffer.from(bytes).toString()).join('');
    for (const { salt } of round.counted) expect(public_).not.toContain(salt.toString('hex'));
    expect([...folder.keys()].filter((path) => ['counted.jsonl', 'ballots.pb'].includes(path))).toEqual([]);
  });

  it('misses an observer who has not signed, and knows one who is none', async () => {
    expect(await faults(folderOf(round))).toEqual(['observer-missing']);
    const other = keyFrom(10);
    const forged = signNote(sealText(round.statement, writeSeal(round, KEY.sign)), { name: observerKeyName(round.statement.log.origin, 0), publicKey: other.publicKey }, other.sign);
    expect(await faults(folderOf({ ...round, observed: [forged] }))).toEqual(['observer-signature']);
    const stranger = signNote(sealText(round.statement, writeSeal(round, KEY.sign)), { name: 'example.org/me', publicKey: other.publicKey }, other.sign);
    expect(await faults(folderOf({ ...round, observed: [observed, stranger] }))).toEqual(['observer-signature']);
  });
});
