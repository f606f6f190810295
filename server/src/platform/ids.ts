/** Identifiers. */
import { v7 } from 'uuid';

/** A new UUIDv7: ordered by time, so that tables and indexes grow at one end. Never for ballots. */
export function newId(): string {
  return v7();
}
