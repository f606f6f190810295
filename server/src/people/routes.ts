/** Serves the people's contracts: sign-in, sessions, one's own account, and the funds there are. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from '@commonpot/db/client';
import { newCode, readCode, showCode } from '../platform/codes.ts';
import { networkOf } from '../platform/limits.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { serve } from '../platform/serve.ts';
import type { Services, WebApp } from '../platform/services.ts';
import type { Secrets } from '../platform/secrets.ts';
import { readLanguage, spell, words, type Language } from '../platform/words.ts';
import * as contract from './contract.ts';
import { enqueueMessage } from './jobs.ts';
import { memberRoutes } from './member-routes.ts';
import * as reads from './reads.ts';
import * as numbers from './number-writes.ts';
import { CARD_CHARACTERS, DESK_CHARACTERS, newSignInCode, normaliseAddress, readSignInCode } from './rules.ts';
import { BROWSER_COOKIE, giveBrowser, giveSession, takeSession } from './sessions.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function peopleRoutes(app: WebApp): void {
  signInRoutes(app);
  claimRoutes(app);
  accountRoutes(app);
  fundRoutes(app);
  memberRoutes(app);
}

function signInRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  serve(app, contract.askForCode, async ({ tx, services, body, now, request, reply }) => {
    const { channel, address } = body;
    return sendCode(services, tx, { channel, address, language: languageOf(request, body.language), accountId: null }, request, reply, now);
  });

  serve(app, contract.enterCode, async ({ tx, body, now, request, reply }) => {
    const redeemed = await takeCode(app.services, tx, body.code, null, request, now);
    if (redeemed instanceof Refusal) return redeemed;
    const { channel, contactHash, language } = redeemed;
    const browserHash = browserOf(secrets, request);
    const accountId = channel === 'sms'
      ? await numbers.openByNumber(tx, { contactHash, browserHash, isNewHere: body.isNewHere, now })
      : await writes.findOrCreateAccount(tx, channel, contactHash, undefined, now);
    if (!accountId) {
      const deskCode = newCode(DESK_CHARACTERS);
      await numbers.createClaim(tx, { ...redeemed, browserHash, deskCodeHash: secrets.hash('recovery', `desk:${deskCode}`), sealedDeskCode: secrets.seal('recovery', deskCode) }, now);
      return { done: false };
    }
    await numbers.settleWith(tx, accountId, browserHash, now);
    await signIn(tx, { accountId, browserHash, language }, reply, now);
    return { done: true };
  });

  serve(app, contract.useCard, async ({ tx, body, now, request, reply }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readCode(body.code, CARD_CHARACTERS);
    const browserHash = browserOf(secrets, request);
    let accountId = code ? await writes.redeemCard(tx, secrets.hash('card', code), now) : refuse('wrong-code');
    if (code && accountId instanceof Refusal) accountId = await numbers.redeemRecovery(tx, secrets.hash('recovery', code), browserHash, now);
    if (accountId instanceof Refusal) {
      await limits.codes.wrong(request.ip);
      return accountId;
    }
    await numbers.settleWith(tx, accountId, browserHash, now);
    await signIn(tx, { accountId, browserHash: null, language: null }, reply, now);
    return done;
  });

  serve(app, contract.signOut, async ({ tx, actor, now, request, reply }) => {
    if (actor) await writes.endSession(tx, actor.sessionId, now);
    if (actor?.accountId) await numbers.forgetBrowser(tx, browserOf(secrets, request), actor.accountId);
    takeSession(reply);
    return done;
  });
}

function claimRoutes(app: WebApp): void {
  const { secrets, limits } = app.services;

  serve(app, contract.readClaim, async ({ tx, now, request }) => {
    const claim = await numbers.findClaim(tx, browserOf(secrets, request), now);
    if (!claim) return refuse('not-found');
    return { deskCode: showCode(secrets.open('recovery', claim.sealedDeskCode), 3), vouched: claim.accountId !== null, expiresAt: claim.expiresAt.toISOString() };
  });

  serve(app, contract.settleClaim, async ({ tx, body, now, request, reply }) => {
    const browserHash = browserOf(secrets, request);
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const claim = await numbers.findClaim(tx, browserHash, now);
    if (!claim) return refuse('not-found');
    const accountId = body.as === 'recovery' ? await recover(body.code, browserHash)
      : body.as === 'new' ? await numbers.settleAsNew(tx, claim, now) : await numbers.settleVouched(tx, claim, now);
    if (accountId instanceof Refusal) {
      if (accountId.code === 'wrong-code') await limits.codes.wrong(request.ip);
      return accountId;
    }
    await signIn(tx, { accountId, browserHash, language: claim.language }, reply, now);
    return done;

    async function recover(typed: string, browser: Buffer): Promise<string | Refusal> {
      const code = readCode(typed, CARD_CHARACTERS);
      return code ? numbers.redeemRecovery(tx, secrets.hash('recovery', code), browser, now) : refuse('wrong-code');
    }
  });
}

/** The keyed hash of this browser's secret; of nothing where it has none yet, which no row has. */
function browserOf(secrets: Secrets, request: FastifyRequest): Buffer {
  return secrets.hash('browser', request.cookies[BROWSER_COOKIE] ?? '');
}

/** The language that was asked in, else the browser's. */
function languageOf(request: FastifyRequest, asked: Language | undefined): Language {
  return asked ?? readLanguage(request.headers['accept-language']) ?? 'en';
}

/** Opens an account's session in this browser, which speaks for the account from now on. */
async function signIn(tx: Transaction, of: { accountId: string; browserHash: Buffer | null; language: Language | null }, reply: FastifyReply, now: Date): Promise<void> {
  await numbers.remember(tx, { ...of, now });
  giveSession(reply, await writes.createSession(tx, { accountId: of.accountId }, writes.ACCOUNT_SESSION_MINUTES, now), now);
}

interface Asked {
  channel: 'email' | 'sms' | 'call';
  address: string;
  language: Language;
  /** Whose account the address is added to; null for signing in. */
  accountId: string | null;
}

/** Sends a code to an address, within everybody's budgets; a call reads the same code aloud, twice. */
async function sendCode(services: Services, tx: Transaction, given: Asked, request: FastifyRequest, reply: FastifyReply, now: Date): Promise<{ expiresAt: string } | Refusal> {
  const { secrets, limits, config } = services;
  const { language, accountId } = given;
  const channel = given.channel === 'email' ? 'email' : 'sms';
  const address = normaliseAddress(channel, given.address);
  if (!address) return refuse('wrong-shape', { fields: ['address'] });
  const network = networkOf(request.ip);
  if ((await limits.asks.wait(network)) > 0) return refuse('codes-exhausted');
  await limits.asks.wrong(network);
  const known = request.cookies[BROWSER_COOKIE];
  const browser = known && known.length === 43 ? known : randomBytes(32).toString('base64url');
  const code = newSignInCode();
  const contactHash = secrets.hash('contact', `${channel}:${address}`);
  const expiresAt = await writes.createChallenge(tx, {
    browserHash: secrets.hash('browser', browser), channel, contactHash, askerHash: secrets.hash('browser', `network:${network}`), language, accountId,
    codeHash: secrets.hash('code', `${contactHash.toString('hex')}:${code}`),
  }, config.codesPerHour, now);
  if (expiresAt instanceof Refusal) return expiresAt;
  const body = given.channel === 'call' ? words(language, 'code_call', { digits: spell(code) }) : words(language, 'code_body', { code });
  await enqueueMessage(services, tx, { channel: given.channel, recipient: address, subject: words(language, 'code_subject'), body, language });
  giveBrowser(reply, browser);
  return { expiresAt: expiresAt.toISOString() };
}

/** Uses up the code that this browser asked for; wrong ones are counted. */
async function takeCode({ secrets, limits }: Services, tx: Transaction, typed: string, accountId: string | null, request: FastifyRequest, now: Date) {
  const wait = await limits.codes.wait(request.ip);
  if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
  const code = readSignInCode(typed);
  const redeemed = await writes.redeemChallenge(tx, browserOf(secrets, request), (contactHash) => secrets.hash('code', `${contactHash.toString('hex')}:${code}`), accountId, now);
  if (redeemed instanceof Refusal) await limits.codes.wrong(request.ip);
  return redeemed;
}

function accountRoutes(app: WebApp): void {
  serve(app, contract.me, async ({ tx, actor }) => {
    if (!actor.accountId) return { kind: 'code' as const, contactWish: null, hasRecoveryCode: false, memberships: [] };
    return {
      kind: 'account' as const,
      contactWish: await reads.contactWishOf(tx, actor.accountId),
      hasRecoveryCode: await numbers.hasRecoveryCode(tx, actor.accountId),
      memberships: await reads.membershipsEverywhere(tx, actor.accountId),
    };
  });

  serve(app, contract.setContactWish, async ({ tx, actor, body }) => {
    await writes.setContactWish(tx, actor.accountId as string, body.contactWish);
    return done;
  });

  serve(app, contract.makeRecoveryCode, async ({ tx, services, actor, now }) => {
    const code = newCode(CARD_CHARACTERS);
    await numbers.createRecoveryCode(tx, services.secrets.hash('recovery', code), actor.accountId as string, now);
    return { code: showCode(code) };
  });

  serve(app, contract.addAddress, async ({ tx, services, actor, body, now, request, reply }) =>
    sendCode(services, tx, { channel: body.channel, address: body.address, language: languageOf(request, body.language), accountId: actor.accountId }, request, reply, now));

  serve(app, contract.confirmAddress, async ({ tx, services, actor, body, now, request }) => {
    const redeemed = await takeCode(services, tx, body.code, actor.accountId, request, now);
    if (redeemed instanceof Refusal) return redeemed;
    const added = await numbers.addContact(tx, redeemed, actor.accountId as string, now);
    return added instanceof Refusal ? added : done;
  });
}

function fundRoutes(app: WebApp): void {
  serve(app, contract.listFunds, async ({ tx }) => ({ funds: await reads.listFunds(tx), contact: app.services.config.contact }));

  serve(app, contract.readFund, async ({ tx, fund, actor }) => ({
    ...(await reads.readFund(tx, fund.id)),
    roles: [...new Set(actor?.memberships.map((membership) => membership.role) ?? [])],
  }));
}
