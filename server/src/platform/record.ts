/** Appends what happened, inside the transaction in which it happens: ids only, nothing personal, never a ballot. */
import { event } from '@commonpot/db/platform';
import type { Transaction } from '@commonpot/db/client';
import { newId } from './ids.ts';

const ROWS = 1000;

export interface Happening {
  fundId: string;
  /** `room.thing`, in the past: `contribution.confirmed`. */
  name: string;
  /** Names and ids (or codes from a fixed list) of what it happened to. */
  subject: Record<string, string>;
  /** The account that did it, or null when a date or a job did. */
  actorId: string | null;
  at: Date;
}

/** Appends one event. Call it in the writing transaction, so that there is never an effect without its event. */
export async function record(tx: Transaction, happening: Happening): Promise<void> {
  await tx.insert(event).values({ id: newId(), ...happening });
}

/** Appends many events at once, in their order. */
export async function recordAll(tx: Transaction, happenings: readonly Happening[]): Promise<void> {
  for (let from = 0; from < happenings.length; from += ROWS) await tx.insert(event).values(happenings.slice(from, from + ROWS).map((each) => ({ id: newId(), ...each })));
}
