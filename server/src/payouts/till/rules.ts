/** The ticket: proof that this till read this voucher's code a short while ago, so that the code itself is stored in no answer and no digest. */
import type { Secrets } from '../../platform/secrets.ts';

const TICKET_MINUTES = 15;

interface Ticket {
  voucherId: string;
  membershipId: string;
}

/** Makes a ticket for one voucher at one till. */
export function giveTicket(secrets: Secrets, { voucherId, membershipId }: Ticket, now: Date): string {
  return secrets.seal('voucher', JSON.stringify({ till: 1, voucherId, membershipId, until: now.getTime() + TICKET_MINUTES * 60_000 })).toString('base64url');
}

/** The voucher a ticket stands for; null when it is not ours, is another till's, or its minutes have passed. */
export function readTicket(secrets: Secrets, text: string, membershipId: string, now: Date): string | null {
  try {
    const ticket = JSON.parse(secrets.open('voucher', Buffer.from(text, 'base64url'))) as Ticket & { till?: number; until: number };
    return ticket.till === 1 && ticket.membershipId === membershipId && now.getTime() < ticket.until ? ticket.voucherId : null;
  } catch {
    return null;
  }
}
