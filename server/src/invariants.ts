/** Every invariant of the house that `pnpm check-ledger` proves; rooms with money of their own add their lists. */
import { adoptionInvariants } from './grants/adoption/checks.ts';
import { decisionInvariants } from './grants/decisions/checks.ts';
import { drawInvariants } from './grants/draw/checks.ts';
import { grantInvariants } from './grants/payments/checks.ts';
import { moneyInvariants } from './money/checks.ts';
import type { Invariant } from './money/invariant.ts';
import { payoutInvariants } from './payouts/checks.ts';
import { awardInvariants } from './rounds/awards/checks.ts';

export const invariants: readonly Invariant[] = [...moneyInvariants, ...payoutInvariants, ...awardInvariants, ...grantInvariants, ...decisionInvariants, ...drawInvariants, ...adoptionInvariants];
