/** Serves the contracts of voting tablets. The cookie narrows what a browser shows and opens nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

/** Holds `fund.round.token`; the slugs say which pages the browser shows. */
const KIOSK_COOKIE = '__Host-kiosk';
const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
const DAYS = 60;

const refOf = (round: Round) => ({ fundId: round.fundId, roundId: round.id });
const hashToken = (token: string) => createHash('sha256').update(token).digest();

export function kioskRoutes(app: WebApp): void {
  serve(app, contract.startKiosk, async ({ tx, fund, actor, params, body, now, reply }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (round.phase !== 'voting') return refuse('wrong-phase', { phase: round.phase });
    // Who signs in with an address needs their own phone for the code.
    if (!round.credentials.includes('code')) return refuse('credential-not-in-use');
    const token = randomBytes(32).toString('base64url');
    const id = await writes.startKiosk(tx, refOf(round), { name: body.name, tokenHash: hashToken(token), accountId: actor.accountId as string, now });
    void reply.setCookie(KIOSK_COOKIE, `${fund.slug}.${round.slug}.${token}`, { ...cookie, maxAge: DAYS * 24 * 3600 });
    return { id };
  });

  serve(app, contract.listKiosks, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const rows = await reads.listKiosks(tx, refOf(round));
    return { kiosks: rows.map(({ id, name, madeAt, endedAt }) => ({ id, name, madeAt: madeAt.toISOString(), endedAt: endedAt?.toISOString() ?? null })) };
  });

  serve(app, contract.endKiosk, async ({ tx, fund, actor, params, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    if (!(await writes.endKiosk(tx, refOf(round), params.kiosk, actor.accountId as string, now))) return refuse('not-found');
    return { done: true as const };
  });

  serve(app, contract.readKiosk, async ({ tx, fund, params, request }) => {
    const [fundSlug, roundSlug, token = ''] = (request.cookies[KIOSK_COOKIE] ?? '').split('.');
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    if (fundSlug !== fund.slug || roundSlug !== round.slug || round.phase !== 'voting') return { isOpen: false };
    return { isOpen: await reads.isKiosk(tx, refOf(round), hashToken(token)) };
  });
}
