/**
 * The bytes of a ballot as the voter's own phone works them out, so that it can tell when the server says otherwise.
 * The same bytes as the server's; `docs/ballot-protocol.md` says why each of them is as it is.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ascii = (text: string) => new TextEncoder().encode(text);

/** 32 random bytes, in hexadecimal. */
export function randomHex(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

/** What withdraws the ballot later: H(commonpot.void.v1 || void key), all in hexadecimal. */
export async function voidOf(voidKey: string): Promise<string> {
  return toHex(await sha256(ascii('commonpot.void.v1\0'), fromHex(voidKey)));
}

export interface LeafInput {
  /** The round's 16 bytes; salt and void 32 each; all in hexadecimal. */
  round: string;
  area: string;
  /** The ballot's lines as `lines.ts` writes them, in the ballot's order. */
  projects: readonly string[];
  salt: string;
  void: string;
}

/** The ballot's leaf, in hexadecimal. */
export async function leafOf(given: LeafInput): Promise<string> {
  const ballot = ascii(`1\n${given.area}\n${given.projects.map((project) => `${project}\n`).join('')}`);
  const body = await sha256(ascii('commonpot.body.v1\0'), fromHex(given.salt), ballot);
  return toHex(await sha256(new Uint8Array(1), ascii('commonpot.leaf.v1\0'), fromHex(given.round), fromHex(given.void), body));
}

/** The receipt's code: the leaf's first 55 bits, five to a character, and a check character; 4-4-4. */
export function receiptCode(leaf: string): string {
  const bytes = fromHex(leaf);
  let code = '';
  for (let at = 0; at < 55; at += 5) {
    const pair = ((bytes[at >> 3] ?? 0) << 8) | (bytes[(at >> 3) + 1] ?? 0);
    code += ALPHABET[(pair >> (11 - (at & 7))) & 31];
  }
  code += checkCharacter(code);
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

/** Luhn modulo 32. */
function checkCharacter(body: string): string {
  let sum = 0;
  [...body].reverse().forEach((letter, index) => {
    const value = ALPHABET.indexOf(letter) * (index % 2 === 0 ? 2 : 1);
    sum += (value >> 5) + (value & 31);
  });
  return ALPHABET[(32 - (sum % 32)) % 32] ?? '';
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
