/** What a judge hears beside the record, and what they find. */

/** Who is behind a reference, as whoever watched the asking knows. */
export interface Asker {
  /** What the fund knows them by; null where a helper keeps touch. */
  contact: string | null;
  door: string;
  apart: boolean;
}

/** What the record does not say. */
export interface Witness {
  askers: ReadonlyMap<string, Asker>;
  /** Of everybody who decides: their own address and door, by their name as a member. */
  deciders: ReadonlyMap<string, { contact: string; door: string | null }>;
}

/** A rule that was broken, and on what. */
export interface Finding {
  rule: string;
  what: string;
}
