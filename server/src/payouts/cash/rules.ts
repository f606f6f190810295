/** What a payment in cash may become, who may make it so, and the ticket of the desk. Pure. */
import { refuse, type Refusal } from '../../platform/problems.ts';
import type { Secrets } from '../../platform/secrets.ts';

/** Eight random characters; a ninth checks them. */
export const CASH_CODE_LENGTH = 8;
const TICKET_MINUTES = 15;

export type CashState = 'ready' | 'handed-over' | 'collected' | 'cancelled' | 'expired' | 'disputed';

const NEXT: Record<CashState, readonly CashState[]> = {
  'ready': ['handed-over', 'cancelled', 'expired'], 'handed-over': ['collected', 'disputed'], 'disputed': ['collected', 'cancelled'], 'collected': [], 'cancelled': [], 'expired': [],
};

export interface CashFacts {
  state: CashState;
  amountMinor: number;
  lastDay: string;
  expiresAt: Date;
  recipientAccountId: string | null;
  handedBy: string | null;
  disputedBy: string | null;
}

/** Where a payment stands at `now`: what nobody collected in time has expired, whether the job has come by or not. */
export function cashStateOf(payment: Pick<CashFacts, 'state' | 'expiresAt'>, now: Date): CashState {
  return payment.state === 'ready' && now >= payment.expiresAt ? 'expired' : payment.state;
}

/**
 * Why somebody may not take this step, or null. The receiver takes none; a witness is never who handed over; and what one person called short, another one settles.
 */
export function refuseCashStep(payment: CashFacts, step: { to: CashState; actorId: string; amountMinor?: number | undefined }, now: Date): Refusal | null {
  const { to, actorId } = step;
  const state = cashStateOf(payment, now);
  if (payment.state === 'ready' && state === 'expired') return refuse('cash-expired', { lastDay: payment.lastDay });
  if (!NEXT[state].includes(to)) return refuse('already-decided', { state });
  if (actorId === payment.recipientAccountId) return refuse('own-cash');
  if (to === 'collected' && actorId === payment.handedBy) return refuse('same-person');
  if (state === 'disputed' && to === 'cancelled' && actorId === payment.disputedBy) return refuse('same-person');
  if (to === 'collected' && step.amountMinor !== payment.amountMinor) return refuse('amount-differs');
  return null;
}

/** Makes a ticket: proof that this administrator read this payment's code a short while ago, so that no code is stored in an answer or a digest. */
export function giveCashTicket(secrets: Secrets, of: { paymentId: string; membershipId: string }, now: Date): string {
  return secrets.seal('cash', JSON.stringify({ desk: 1, ...of, until: now.getTime() + TICKET_MINUTES * 60_000 })).toString('base64url');
}

/** The payment a ticket stands for; null when it is not ours, is another's, or its minutes have passed. */
export function readCashTicket(secrets: Secrets, text: string, membershipId: string, now: Date): string | null {
  try {
    const ticket = JSON.parse(secrets.open('cash', Buffer.from(text, 'base64url'))) as { desk?: number; paymentId: string; membershipId: string; until: number };
    return ticket.desk === 1 && ticket.membershipId === membershipId && now.getTime() < ticket.until ? ticket.paymentId : null;
  } catch {
    return null;
  }
}
