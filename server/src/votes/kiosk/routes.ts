/** Serves the contracts of voting tablets. The cookie narrows what a browser shows and opens nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, isNull } from 'drizzle-orm';
import { kiosk } from '@commonpot/db/paper';
import { newId } from '../../platform/ids.ts';
import { refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import * as contract from './contract.ts';

/** Holds `fund.round.token`; the slugs say which pages the browser shows. */
export const KIOSK_COOKIE = '__Host-kiosk';
const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
const DAYS = 60;

const hashToken = (token: string) => createHash('sha256').update(token).digest();

export function kioskRoutes(app: WebApp): void {
  serve(app, contract.startKiosk, async ({ tx, fund, actor, params, body, now, reply }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.phase !== 'voting') return refuse('wrong-phase', { phase: round.phase });
    // Who signs in with an address needs their own phone for the code.
    if (!round.credentials.includes('code')) return refuse('credential-not-in-use');
    const [id, token] = [newId(), randomBytes(32).toString('base64url')];
    await tx.insert(kiosk).values({ fundId: fund.id, id, roundId: round.id, name: body.name, tokenHash: hashToken(token), madeBy: actor.accountId as string, madeAt: now });
    await record(tx, { fundId: fund.id, name: 'kiosk.started', subject: { round: round.id, kiosk: id }, actorId: actor.accountId, at: now });
    void reply.setCookie(KIOSK_COOKIE, `${fund.slug}.${round.slug}.${token}`, { ...cookie, maxAge: DAYS * 24 * 3600 });
    return { id };
  });

  serve(app, contract.listKiosks, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const rows = await tx.select().from(kiosk).where(and(eq(kiosk.fundId, fund.id), eq(kiosk.roundId, round.id))).orderBy(desc(kiosk.id));
    return { kiosks: rows.map(({ id, name, madeAt, endedAt }) => ({ id, name, madeAt: madeAt.toISOString(), endedAt: endedAt?.toISOString() ?? null })) };
  });

  serve(app, contract.endKiosk, async ({ tx, fund, actor, params, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const ended = await tx.update(kiosk).set({ endedAt: now }).where(and(eq(kiosk.fundId, fund.id), eq(kiosk.roundId, round.id), eq(kiosk.id, params.kiosk), isNull(kiosk.endedAt))).returning({ id: kiosk.id });
    if (ended.length === 0) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'kiosk.ended', subject: { round: round.id, kiosk: params.kiosk }, actorId: actor.accountId, at: now });
    return { done: true as const };
  });

  serve(app, contract.readKiosk, async ({ tx, fund, params, request }) => {
    const [fundSlug, roundSlug, token = ''] = (request.cookies[KIOSK_COOKIE] ?? '').split('.');
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    if (fundSlug !== fund.slug || roundSlug !== round.slug || round.phase !== 'voting') return { isOpen: false };
    const [found] = await tx.select({ id: kiosk.id }).from(kiosk).where(and(eq(kiosk.fundId, fund.id), eq(kiosk.roundId, round.id), eq(kiosk.tokenHash, hashToken(token)), isNull(kiosk.endedAt)));
    return { isOpen: found !== undefined };
  });
}
