/** The bytes of the ballot protocol: the trial vector, and what every record and box must be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as protocol from '@commonpot/server/votes/ballots/protocol';
import { receiptBytes } from '@commonpot/server/votes/published/bytes';
import { longestBallot, orderLines, type BallotSpec } from '@commonpot/server/votes/ballots/rules';
import { readCode } from '@commonpot/server/platform/codes';

const vector = {
  key: Buffer.alloc(32, 7), round: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'), elector: Buffer.alloc(16, 9), salt: Buffer.alloc(32, 1), voidKey: Buffer.alloc(32, 2),
};
const keys = protocol.roundKeys(vector.key, vector.round);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const number = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);

describe('the trial vector', () => {
  it('gives its slot, leaf and code', () => {
    const leaf = protocol.leafOf(vector.round, protocol.voidOf(vector.voidKey), vector.salt, protocol.ballotBytes('', [{ project: '7' }, { project: '12' }]));
    expect(protocol.slotOf(keys, vector.elector).toString('hex')).toMatch(/^ede05a87/);
    expect(leaf.toString('hex')).toBe('d09df6bbf7a9c79d2f6df587cf96d85dbf7565af19bbfaa5b4f75b371c309bd2');
    expect(protocol.receiptCode(leaf)).toBe('T2EZ-DEZQ-N73R');
  });
});

describe('receipt codes', () => {
  it('are found again however they are typed, and any one wrong character is noticed', () => {
    fc.assert(fc.property(bytes32, fc.nat(11), fc.nat(31), (leaf, place, letter) => {
      const code = protocol.receiptCode(leaf).replaceAll('-', '');
      expect(readCode(` ${code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `, 11)).toBe(code);
      const other = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[letter] as string;
      if (other !== code[place]) expect(readCode(code.slice(0, place) + other + code.slice(place + 1), 11)).toBeNull();
    }));
  });
});

describe('receipts', () => {
  it('show no choice: what they sign is the leaf alone, and the same choice has another leaf for every salt', () => {
    const [ballot, other] = [['7'], ['12']].map((ids) => protocol.ballotBytes('', ids.map((project) => ({ project })))) as [Buffer, Buffer];
    const hidden = protocol.voidOf(vector.voidKey);
    fc.assert(fc.property(bytes32, bytes32, (salt, another) => {
      const leaf = protocol.leafOf(vector.round, hidden, salt, ballot);
      expect(receiptBytes(vector.round, leaf)).toEqual(Buffer.concat([Buffer.from('commonpot.receipt.v1\0'), vector.round, leaf]));
      // Whoever guesses the choice cannot see that they are right without the salt, which never leaves the phone but inside the box.
      if (!salt.equals(another)) for (const guess of [ballot, other]) expect(protocol.leafOf(vector.round, hidden, another, guess).equals(leaf)).toBe(false);
    }));
  });
});

describe('records', () => {
  const projects = fc.uniqueArray(number, { maxLength: 60 });

  it('come back as they were written, all of one size, whatever was chosen', () => {
    fc.assert(fc.property(projects, fc.string({ maxLength: 20 }).filter((area) => !/[\n\t]/.test(area)), bytes32, bytes32, fc.nat(), (all, area, salt, voidHash, pick) => {
      const specs = all.map((each) => ({ number: each, costMinor: 1 }));
      const size = protocol.recordSize(longestBallot([area], specs));
      const chosen = all.filter((_, index) => ((pick >> (index % 30)) & 1) === 1).map((project) => ({ project }));
      const record = { kind: 'online' as const, why: 'none' as const, void: voidHash, voidKey: Buffer.alloc(32), salt, ballot: protocol.ballotBytes(area, chosen) };
      const written = protocol.writeRecord(record, size);
      expect(written.length).toBe(size);
      expect(protocol.readRecord(written)).toEqual(record);
      expect(protocol.readBallotBytes(record.ballot)).toEqual({ area, lines: chosen });
      const box = protocol.sealRecord(keys, vector.round, salt, written);
      expect(box.length).toBe(protocol.boxSize(size));
      expect(protocol.openBox(keys, vector.round, salt, box).equals(written)).toBe(true);
    }));
  });

  it('cannot be opened in another row, round, or after a change', () => {
    const box = protocol.sealRecord(keys, vector.round, vector.salt, Buffer.alloc(192, 5));
    expect(() => protocol.openBox(keys, vector.round, vector.voidKey, box)).toThrow();
    expect(() => protocol.openBox(keys, vector.elector, vector.salt, box)).toThrow();
    expect(() => protocol.openBox(protocol.roundKeys(vector.salt, vector.round), vector.round, vector.salt, box)).toThrow();
    for (const at of [0, 12, 100, box.length - 1]) {
      const changed = Buffer.from(box);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => protocol.openBox(keys, vector.round, vector.salt, changed)).toThrow();
    }
  });
});

describe('legal ballots', () => {
  const projects = [['a', 600], ['b', 500], ['c', 400]].map(([number, costMinor]) => ({ number: String(number), costMinor: Number(costMinor) }));
  const spec = (form: BallotSpec['form']): BallotSpec => ({ form, budgetMinor: 1000, projects });
  const lines = (...numbers: string[]) => numbers.map((project) => ({ project }));

  it('follow the form, and may be empty under every one', () => {
    const forms: BallotSpec['form'][] = [{ kind: 'knapsack' }, { kind: 'up-to', k: 2 }, { kind: 'at-least', k: 2 }, { kind: 'one' }];
    const verdicts = forms.map((form) => [[], ['a'], ['c', 'a'], ['a', 'b'], ['a', 'b', 'c']].map((numbers) => {
      const result = orderLines(spec(form), lines(...numbers));
      return typeof result === 'string' ? result : result.map((line) => line.project).join('');
    }));
    expect(verdicts).toEqual([
      ['', 'a', 'ac', 'over-budget', 'over-budget'],
      ['', 'a', 'ac', 'ab', 'too-many'],
      ['', 'too-few', 'ac', 'ab', 'abc'],
      ['', 'a', 'too-many', 'too-many', 'too-many'],
    ]);
  });

  it('name known projects, each once, and no points', () => {
    expect(orderLines(spec({ kind: 'knapsack' }), lines('a', 'a'))).toBe('project-twice');
    expect(orderLines(spec({ kind: 'knapsack' }), lines('x'))).toBe('unknown-project');
    expect(orderLines(spec({ kind: 'knapsack' }), [{ project: 'a', points: 3 }])).toBe('points-not-asked');
  });
});
