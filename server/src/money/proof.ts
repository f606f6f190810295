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
    return await proveNow(client, invariants, onProof);
  } finally {
    await client.query('rollback');
  }
}

/** The same inside a transaction that is open already. */
export async function proveNow(client: pg.Client, invariants: readonly Invariant[], onProof: (proof: Proof) => void = () => {}): Promise<{ funds: number; proofs: Proof[] }> {
  const { rows: funds } = await client.query<{ id: string }>('select id from fund order by id');
  const proofs: Proof[] = [];
  for (const invariant of invariants) {
    const proof = await proveOne(client, invariant, funds.map((each) => each.id));
    proofs.push(proof);
    onProof(proof);
  }
  return { funds: funds.length, proofs };
}

async function proveOne(client: pg.Client, { name, sentence, scope, sql }: Invariant, funds: readonly string[]): Promise<Proof> {
  const broken: Record<string, unknown>[] = [];
  for (const fund of scope === 'fund' ? funds : [null]) {
    await client.query(`select set_config('commonpot.fund', $1, true)`, [fund ?? '']);
    const { rows } = await client.query<Record<string, unknown>>(sql);
    for (const row of rows) broken.push(fund === null ? row : { fund, ...row });
  }
  return { name, sentence, holds: broken.length === 0, broken: broken.length, examples: broken.slice(0, EXAMPLES_MAX) };
}
