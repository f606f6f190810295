/** The one count of a closed round: by its frozen rule, and by the lot only where a tie needs it. */
import type { RoundKeys } from '../ballots/protocol.ts';
import { uuidBytes } from '../ballots/protocol.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import { lotSeed } from '../published/bytes.ts';
import { electionOf, lotOf } from '../published/election.ts';
import type { Counted, Seal, Statement } from '../published/record.ts';
import { countApart } from './apart.ts';

export interface Draw {
  drawnOn: string;
  text: string;
  missed: readonly string[];
  /** When the last head was signed, where that was too late for the value that was named. */
  lastHeadAt?: string;
}

/** The outcome and what seal.json says of the lot; `needs-lot` where a tie waits for a draw that is not known. */
export async function decide(
  statement: Statement, counted: readonly Counted[], given: { keys: Pick<RoundKeys, 'lot'>; root: Buffer; draw: Draw | null },
): Promise<{ outcome: Outcome; lot: Seal['lot'] } | NeedsLot> {
  const election = electionOf(statement, counted.map(({ ballot }) => ballot));
  const undrawn: Seal['lot'] = statement.lot.kind === 'draw' ? { key: given.keys.lot.toString('hex'), draw: null, seed: null } : null;
  const { rule } = statement.counting;
  const plain = await countApart(election, rule, lotOf(statement, undrawn));
  if (plain.kind === 'decided') return { outcome: plain, lot: undrawn };
  if (!undrawn || !given.draw) return plain;
  const { drawnOn, text, missed, lastHeadAt } = given.draw;
  const seed = lotSeed({ round: uuidBytes(statement.round.id), lotKey: given.keys.lot, root: given.root, draw: text });
  const lot: Seal['lot'] = { ...undrawn, draw: { date: drawnOn, text, missed: [...missed], ...(lastHeadAt !== undefined && { lastHeadAt }) }, seed: seed.toString('hex') };
  const outcome = await countApart(election, rule, lotOf(statement, lot));
  return outcome.kind === 'decided' ? { outcome, lot } : outcome;
}
