import type { Card } from './card.ts';
import type { Part, Sum } from './terms.ts';

/** What a person has chosen on the ballot's page, for the scripts that read it or change it. */
export interface Choosing {
  /** Never empty. */
  parts: readonly Part[];
  /** In the order of the ballot's lines. */
  chosen(): Card[];
  /** The ballot's lines, as the protocol writes them. */
  lines(): string[];
  /** One for each part. */
  sums(): Sum[];
  /** Chooses exactly these lines. */
  choose(lines: readonly string[]): void;
}
