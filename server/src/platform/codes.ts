/** Codes that people read from paper and type: Crockford's base 32 without its ambiguous letters, and a check character. */
import { randomInt } from 'node:crypto';

export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The check character: Luhn modulo 32 (ISO/IEC 7812-1, annex B, in base 32); catches any one wrong character and most swaps. */
export function checkCharacter(body: string): string {
  let sum = 0;
  for (const [index, letter] of [...body].reverse().entries()) {
    const value = ALPHABET.indexOf(letter) * (index % 2 === 0 ? 2 : 1);
    sum += Math.floor(value / 32) + (value % 32);
  }
  return ALPHABET[(32 - (sum % 32)) % 32] as string;
}

/** A random code of `length` characters (5 bits each) and one check character, without hyphens. */
export function newCode(length: number): string {
  let body = '';
  for (let index = 0; index < length; index += 1) body += ALPHABET[randomInt(32)];
  return body + checkCharacter(body);
}

/** Arabic and Persian keyboards write their own digits: they mean the same. */
export function latinDigits(typed: string): string {
  return typed.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/** What a person typed, in the form that is hashed; null when it cannot be a code of `length` and a check. */
export function readCode(typed: string, length: number): string | null {
  const code = latinDigits(typed).toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (code.length !== length + 1 || [...code].some((letter) => !ALPHABET.includes(letter))) return null;
  return checkCharacter(code.slice(0, -1)) === code.at(-1) ? code : null;
}

/** The code as it is printed: groups of `size` with hyphens. */
export function showCode(code: string, size = 4): string {
  return code.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? '';
}
