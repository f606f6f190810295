/** Addresses and codes, as pure functions. */
import { randomInt } from 'node:crypto';
import { latinDigits } from '../platform/codes.ts';
import type { Channel } from '../platform/messages.ts';
import type { Role } from '../platform/policy.ts';

export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
export const CODES_PER_ADDRESS_PER_HOUR = 5;
export const SESSION_DAYS = 14;
/** Random characters of a printed code, and one to check them: 55 bits. */
export const CARD_CHARACTERS = 11;
export const CARD_DAYS = 30;

/** Roles that a printed code may open: never one that is a second pair of eyes over money. */
export function mayHaveCard(role: Role): boolean {
  return role === 'resident' || role === 'reviewer' || role === 'shop';
}

/** Six digits, each as likely. */
export function newSignInCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Digits only, as people type "123 456". */
export function readSignInCode(typed: string): string {
  return latinDigits(typed).replace(/\D/g, '');
}

/** An address in the one form that is hashed and written to; null when it cannot be one. Telephone numbers become E.164. */
export function normaliseAddress(channel: Channel, address: string): string | null {
  if (channel === 'email') return address.trim().toLowerCase();
  const digits = latinDigits(address).replace(/[\s().-]/g, '').replace(/^00/, '+').replace(/^0/, '+44');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
