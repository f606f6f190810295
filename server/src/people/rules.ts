/** Addresses and codes, as pure functions. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { latinDigits } from '../platform/codes.ts';
import type { Channel } from '../platform/messages.ts';
import type { Role } from '../platform/policy.ts';

export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
/** From one network to one address; a stranger's tries leave the owner's own. */
export const CODES_PER_ASKER_PER_HOUR = 5;
/** From all networks together to one address, but for a browser that has signed in with it. */
export const CODES_PER_ADDRESS_PER_HOUR = 20;
export const SESSION_DAYS = 14;
/** Random characters of a printed code, and one to check them: 55 bits. */
export const CARD_CHARACTERS = 11;
export const CARD_DAYS = 30;
/** A number from which no code came back for this long may have another owner (docs/decisions/changed-numbers.md). */
const SILENT_DAYS = 183;
/** A browser speaks for an account for this long after it last signed in there: from one yearly round to the next. */
export const BROWSER_DAYS = 400;
/** How long somebody who proved a number has to say who they are. */
export const CLAIM_MINUTES = 120;
/** Random characters of the code that is told to an administrator, and one to check them. */
export const DESK_CHARACTERS = 5;

/** Roles that touch money: a telephone number alone opens none of them. */
export function touchesMoney(role: Role): boolean {
  return role === 'administrator' || role === 'officer' || role === 'shop';
}

/** Roles that are a second pair of eyes: nobody opens one alone, or they would be their own second person. */
export function takesTwoToOpen(role: Role): role is 'administrator' | 'officer' {
  return role === 'administrator' || role === 'officer';
}

/** Whether a number has been silent for so long that it may be somebody else's by now. */
export function isSilent(contact: { provedAt: Date | null; createdAt: Date }, now: Date): boolean {
  return now.getTime() - (contact.provedAt ?? contact.createdAt).getTime() > SILENT_DAYS * 86_400_000;
}

/** Roles that a printed code may open: never one that is a second pair of eyes over money. */
export function mayHaveCard(role: Role): boolean {
  return !takesTwoToOpen(role);
}

/** Six digits, each as likely. */
export function newSignInCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Digits only, as people type "123 456". */
export function readSignInCode(typed: string): string {
  return latinDigits(typed).replace(/\D/g, '');
}

/**
 * The 0 that people dial at home and write behind the country's code, as in "+44 (0)7700". It is dropped everywhere
 * but where a number itself may begin with 0: Italy, Côte d'Ivoire, Benin, Gabon, the Congo, San Marino.
 */
const HOME_PREFIX = /^(\+(?!39|225|229|241|242|378)(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))0/;
/** British numbers have one length; digits beyond it would be a second way to write the same telephone. */
const BRITISH = /^\+44(?:7\d{9}|[1-35689]\d{8,9})$/;

/** One mailbox and nothing around it: what mail programs read as several, or as one with a name beside it, would be one more way to write the same person. */
const mailbox = z.email().max(254);

/** An address in the one form that is hashed and written to; null when it cannot be one. Telephone numbers become E.164. */
export function normaliseAddress(channel: Channel, address: string): string | null {
  if (channel === 'email') return mailbox.safeParse(address.trim().toLowerCase()).data ?? null;
  const digits = latinDigits(address).replace(/[\s().-]/g, '').replace(/^00/, '+').replace(/^0/, '+44').replace(HOME_PREFIX, '$1');
  if (digits.startsWith('+44')) return BRITISH.test(digits) ? digits : null;
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
