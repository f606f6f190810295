/** A round's key as people print and type it: four rows of thirteen characters, the last of each checking its row. Pure. */
import { ALPHABET, checkCharacter, latinDigits } from '../../platform/codes.ts';

const ROWS = 4;
/** 64 of the key's 256 bits, and one that is always zero. */
const PER_ROW = 13;

/** The rows of a recovery sheet, each in groups: `04HM6-1RQ2V-9K3A-5`. */
export function sheetRows(key: Buffer): string[] {
  return Array.from({ length: ROWS }, (_, row) => {
    let bits = key.readBigUInt64BE(row * 8);
    let body = '';
    for (let at = 0; at < PER_ROW; at += 1) {
      body = ALPHABET[Number(bits & 31n)] + body;
      bits >>= 5n;
    }
    return `${body.slice(0, 5)}-${body.slice(5, 10)}-${body.slice(10)}-${checkCharacter(body)}`;
  });
}

/** The key that rows say, however they were typed; or the number, from 1, of the first row that cannot be right. */
export function readSheet(typed: readonly string[]): Buffer | number {
  const key = Buffer.alloc(ROWS * 8);
  for (let row = 0; row < ROWS; row += 1) {
    const text = latinDigits(typed[row] ?? '').toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
    const body = text.slice(0, PER_ROW);
    if (text.length !== PER_ROW + 1 || [...text].some((letter) => !ALPHABET.includes(letter)) || checkCharacter(body) !== text.at(-1)) return row + 1;
    const bits = [...body].reduce((sum, letter) => (sum << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
    if (bits >= 1n << 64n) return row + 1;
    key.writeBigUInt64BE(bits, row * 8);
  }
  return key;
}
