/** Proves invariants on a live database, while it works. */
import type pg from 'pg';
import type { Invariant } from './invariant.ts';

export interface Proof {
  name: string;
  sentence: string;
  holds: boolean;
  /** How many rows break it. */
  broken: number;
  /** The first few of them. */
  examples: Record<string, unknown>[];
}

const EXAMPLES_MAX = 5;

/**
 * Asks every invariant of one moment of the database. `client` is the owner's: forced row-level security shows even the
 * owner one fund at a time, so the scope goes from fund to fund. Calls `onProof` as each is known.
 */
export async function prove(client: pg.Client, invariants: readonly Invariant[], onProof: (proof: Proof) => void = () => {}): Promise<{ funds: number; proofs: Proof[] }> {
  await client.query('begin isolation level repeatable read read only');
  try {
    const { rows: funds } = await client.query<{ id: string }>('select id from fund order by id');
    const proofs: Proof[] = [];
    for (const { name, sentence, scope, sql } of invariants) {
      const broken = new Map<string, Record<string, unknown>>();
      for (const fund of scope === 'fund' ? funds.map((each) => each.id) : ['']) {
        await client.query(`select set_config('commonpot.fund', $1, true)`, [fund]);
        const { rows } = await client.query<Record<string, unknown>>(sql);
        for (const row of rows) {
          const example = fund === '' ? row : { fund, ...row };
          broken.set(JSON.stringify(example), example);
        }
      }
      const proof = { name, sentence, holds: broken.size === 0, broken: broken.size, examples: [...broken.values()].slice(0, EXAMPLES_MAX) };
      proofs.push(proof);
      onProof(proof);
    }
    return { funds: funds.length, proofs };
  } finally {
    await client.query('rollback');
  }
}
