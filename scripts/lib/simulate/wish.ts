/** What somebody typed after `pnpm simulate`, as a size, or the sentence that says what is wrong with it. Pure. */
import { parseArgs } from 'node:util';
import type { Size } from './plan.ts';

export interface Wish {
  size: Size;
  json: boolean;
  help: boolean;
}

const LIMITS = { requests: [20, 1_000_000], weeks: [1, 104], seed: [0, Number.MAX_SAFE_INTEGER] } as const;
type Named = keyof typeof LIMITS;

/** Reads the words of a command line. */
export function readWish(words: readonly string[]): Wish | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words], allowPositionals: true,
      options: {
        requests: { type: 'string', default: '10000' }, weeks: { type: 'string', default: '52' }, seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
      },
    });
    const { json, help } = values;
    if (!help && (positionals.length !== 1 || positionals[0] !== 'grants')) return 'Name one simulation; there is: grants.';
    const wrong = (Object.keys(LIMITS) as Named[]).find((name) => !isWithin(values[name], LIMITS[name]));
    if (wrong) return `--${wrong} ${values[wrong]} is not a whole number from ${LIMITS[wrong][0]} to ${LIMITS[wrong][1]}.`;
    return { size: { requests: Number(values.requests), weeks: Number(values.weeks), seed: Number(values.seed) }, json, help };
  } catch (error) {
    return (error as Error).message;
  }
}

const isWithin = (text: string, [least, most]: readonly [number, number]): boolean => /^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most;
