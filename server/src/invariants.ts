/** Every invariant of the house that `pnpm check-ledger` proves; rooms with money of their own add their lists. */
import { moneyInvariants } from './money/checks.ts';
import type { Invariant } from './money/invariant.ts';

export const invariants: readonly Invariant[] = [...moneyInvariants];
