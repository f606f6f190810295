/**
 * The ballot box of one process: what arrives while a commit runs goes in with the next, in one transaction.
 * An answer is given only after the durable commit that holds the ballot.
 */
import type pg from 'pg';
import { castBatch, type Cast, type CastResult, type CastTarget } from './writes.ts';

const BATCH_MAX = 500;

interface Waiting {
  cast: Cast;
  resolve(result: CastResult): void;
  reject(error: unknown): void;
}

interface Line {
  target: CastTarget;
  waiting: Waiting[];
  running: boolean;
}

export interface BallotBox {
  /** Resolves once the ballot is durably in, or is refused. Rejects when the database cannot be reached: then the phone tries again. */
  cast(target: CastTarget, cast: Cast): Promise<CastResult>;
}

/** A box over a pool; one batch of a round is on its way at a time. */
export function openBallotBox(pool: pg.Pool, clock: () => Date): BallotBox {
  const lines = new Map<string, Line>();

  async function run(line: Line): Promise<void> {
    line.running = true;
    while (line.waiting.length > 0) {
      const batch = line.waiting.splice(0, BATCH_MAX);
      try {
        const results = await castTogether(pool, line.target, batch.map((each) => each.cast), clock);
        batch.forEach((each, index) => each.resolve(results[index] as CastResult));
      } catch (error) {
        batch.forEach((each) => each.reject(error));
      }
    }
    line.running = false;
    lines.delete(line.target.roundId);
  }

  return {
    cast: (target, cast) =>
      new Promise((resolve, reject) => {
        let line = lines.get(target.roundId);
        if (!line) lines.set(target.roundId, (line = { target, waiting: [], running: false }));
        line.waiting.push({ cast, resolve, reject });
        if (!line.running) void run(line);
      }),
  };
}

/** One transaction for all; when one of them breaks it, one transaction each, so that nobody else's ballot suffers. */
async function castTogether(pool: pg.Pool, target: CastTarget, casts: readonly Cast[], clock: () => Date): Promise<CastResult[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await castBatch(client, target, casts, clock);
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') {
      broken = error as Error;
      throw error;
    }
    if (casts.length === 1) return ['illegal-ballot'];
    const results: CastResult[] = [];
    for (const cast of casts) results.push(...(await castBatch(client, target, [cast], clock).catch(onlyTaken)));
    return results;
  } finally {
    client.release(broken);
  }
}

/** A handle that another slot holds already. */
function onlyTaken(error: unknown): CastResult[] {
  if ((error as { code?: string }).code === '23505') return ['illegal-ballot'];
  throw error;
}
