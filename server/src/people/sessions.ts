/** The session cookie: a ten-minute token with a session id and nothing else, renewed from a row that can be revoked. */
import fastifyCookie from '@fastify/cookie';
import fastifyJwt from '@fastify/jwt';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setScope, type Transaction } from '@commonpot/db/client';
import type { Secrets } from '../platform/secrets.ts';
import type { Actor, Identify } from '../platform/actor.ts';
import type { WebApp } from '../platform/services.ts';
import { findSession, membershipsOf } from './reads.ts';
import { BROWSER_DAYS } from './rules.ts';

const SESSION_COOKIE = '__Host-session';
export const BROWSER_COOKIE = '__Host-browser';
const TOKEN_SECONDS = 600;
const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** Registers cookies and tokens: HS256 and no other algorithm. */
export async function registerSessions(app: WebApp, secrets: Secrets): Promise<void> {
  await app.register(fastifyCookie);
  await app.register(fastifyJwt, {
    secret: secrets.key('session'),
    sign: { algorithm: 'HS256', expiresIn: TOKEN_SECONDS },
    verify: { algorithms: ['HS256'] },
  });
}

/** Gives the browser a session: its id in a fresh token. */
export function giveSession(reply: FastifyReply, session: { id: string; expiresAt: Date }, now: Date): void {
  const token = reply.server.jwt.sign({ sid: session.id, iat: Math.floor(now.getTime() / 1000) });
  void reply.setCookie(SESSION_COOKIE, token, { ...cookie, expires: session.expiresAt });
}

export function takeSession(reply: FastifyReply): void {
  void reply.clearCookie(SESSION_COOKIE, cookie);
}

/** A secret of this browser: a code works only where it was asked for, and a browser that signed in before speaks for its account. */
export function giveBrowser(reply: FastifyReply, token: string): void {
  void reply.setCookie(BROWSER_COOKIE, token, { ...cookie, maxAge: BROWSER_DAYS * 24 * 3600 });
}

/** The session id of a request and whether its token is due for renewal; null for none, or one we did not sign. */
function readToken(request: FastifyRequest, now: Date): { sessionId: string; isOld: boolean } | null {
  const token = request.cookies[SESSION_COOKIE];
  if (!token) return null;
  try {
    const { sid, iat } = request.server.jwt.verify<{ sid: string; iat: number }>(token, { ignoreExpiration: true });
    return { sessionId: sid, isOld: now.getTime() / 1000 - iat > TOKEN_SECONDS };
  } catch {
    return null;
  }
}

/** Reads session and roles at every call, so that what was revoked is revoked now. Scopes the transaction. */
export const identify: Identify = async (tx, request, reply, fundId, now) => {
  const token = readToken(request, now);
  if (!token) {
    await setScope(tx, { fund: fundId ?? undefined });
    return null;
  }
  const row = await findSession(tx, token.sessionId, fundId, now);
  if (!row) return null;
  if (token.isOld) giveSession(reply, row, now);
  return describe(tx, row, fundId);
};

type SessionRow = NonNullable<Awaited<ReturnType<typeof findSession>>>;

async function describe(tx: Transaction, row: SessionRow, fundId: string | null): Promise<Actor> {
  const codeHolder = row.electorId && row.fundId && row.roundId ? { fundId: row.fundId, roundId: row.roundId, electorId: row.electorId } : null;
  const memberships = row.accountId && fundId ? await membershipsOf(tx, row.accountId, fundId) : [];
  return { sessionId: row.id, accountId: row.accountId, codeHolder, memberships };
}
