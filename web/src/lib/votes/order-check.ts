/** A program for anybody's own machine that works the drawn order out again. Pure. */

interface Drawn {
  /** 16 bytes, and 32, in hexadecimal. */
  round: string;
  secret: string;
  text: string;
  /** The projects' numbers, in any order. */
  numbers: readonly string[];
}

/** Prints the promise, the seed and the order, one a line. What people typed stands in it as JSON and so is never code. */
export function orderCheck({ round, secret, text, numbers }: Drawn): string {
  return `import { createHash, createHmac } from 'node:crypto';
const round = '${round}';
const secret = '${secret}';
const drawn = ${JSON.stringify(text)};
const numbers = ${JSON.stringify([...numbers].sort())};
const seed = createHash('sha256').update('commonpot.order.v1\\0').update(Buffer.from(round + secret, 'hex')).update(drawn).digest();
const key = (number) => createHmac('sha256', seed).update(number).digest('hex');
console.log(createHash('sha256').update(Buffer.from(secret, 'hex')).digest('hex'));
console.log(seed.toString('hex'));
console.log(numbers.sort((a, b) => (key(a) < key(b) ? -1 : 1)).join(' '));
`;
}
