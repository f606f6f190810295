/** What stands in a ballot's hidden fields where no script runs, and who is at the phone where one does. */
import { createHash, randomBytes } from 'node:crypto';
import type { Cookies } from '@sveltejs/kit';

/** A salt, and a void whose key nobody keeps: without a script there is nowhere to keep it. In hexadecimal. */
export function makeCommitment(): { salt: string; void: string } {
  const void_ = createHash('sha256').update('commonpot.void.v1\0').update(randomBytes(32)).digest('hex');
  return { salt: randomBytes(32).toString('hex'), void: void_ };
}

/**
 * Names one sign-in to the phone, so that what one person left on it is not taken for the next one's.
 * A hash of the session's id; the token is not verified here, because nothing is allowed by it.
 */
export function sittingOf(cookies: Cookies, roundId: string): string {
  const [, payload = ''] = (cookies.get('__Host-session') ?? '').split('.');
  return createHash('sha256').update(`commonpot.sitting.v1\0${roundId}\0${sessionIdIn(payload)}`).digest('hex').slice(0, 32);
}

function sessionIdIn(payload: string): string {
  try {
    return String((JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid?: unknown }).sid);
  } catch {
    return '';
  }
}
