/** Appends what happened, inside the transaction in which it happens: ids only, nothing personal, never a ballot. */
import { event } from '@commonpot/db/platform';
import type { Transaction } from '@commonpot/db/client';
import { newId } from './ids.ts';

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
