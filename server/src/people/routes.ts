/** Serves the people's contracts. */
import { randomBytes } from 'node:crypto';
import type { Transaction } from '@commonpot/db/client';
import { newCode, readCode, showCode } from '../platform/codes.ts';
import { networkOf } from '../platform/limits.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import { serve } from '../platform/serve.ts';
import type { Services, WebApp } from '../platform/services.ts';
import { words } from '../platform/words.ts';
import * as contract from './contract.ts';
import { enqueueMessage } from './jobs.ts';
import * as reads from './reads.ts';
import { CARD_CHARACTERS, mayHaveCard, newSignInCode, normaliseAddress, readSignInCode } from './rules.ts';
import { BROWSER_COOKIE, giveBrowser, giveSession, takeSession } from './sessions.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function peopleRoutes(app: WebApp): void {
  signInRoutes(app);
  accountRoutes(app);
  fundRoutes(app);
}

function signInRoutes(app: WebApp): void {
  const { secrets, limits, config } = app.services;

  serve(app, contract.askForCode, async ({ tx, services, body, now, request, reply }) => {
    const address = normaliseAddress(body.channel, body.address);
    if (!address) return refuse('wrong-shape', { fields: ['address'] });
    const network = networkOf(request.ip);
    if ((await limits.asks.wait(network)) > 0) return refuse('codes-exhausted');
    await limits.asks.wrong(network);
    const known = request.cookies[BROWSER_COOKIE];
    const browser = known && known.length === 43 ? known : randomBytes(32).toString('base64url');
    const code = newSignInCode();
    const contactHash = secrets.hash('contact', `${body.channel}:${address}`);
    const expiresAt = await writes.createChallenge(tx, {
      browserHash: secrets.hash('browser', browser), channel: body.channel, contactHash,
      codeHash: secrets.hash('code', `${contactHash.toString('hex')}:${code}`),
    }, config.codesPerHour, now);
    if (expiresAt instanceof Refusal) return expiresAt;
    await enqueueMessage(services, tx, { channel: body.channel, recipient: address, language: 'en', subject: words('en', 'code_subject'), body: words('en', 'code_body', { code }) });
    giveBrowser(reply, browser);
    return { expiresAt: expiresAt.toISOString() };
  });

  serve(app, contract.enterCode, async ({ tx, body, now, request, reply }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readSignInCode(body.code);
    const redeemed = await writes.redeemChallenge(tx, secrets.hash('browser', request.cookies[BROWSER_COOKIE] ?? ''),
      (contactHash) => secrets.hash('code', `${contactHash.toString('hex')}:${code}`), now);
    if (redeemed instanceof Refusal) {
      await limits.codes.wrong(request.ip);
      return redeemed;
    }
    const accountId = await writes.findOrCreateAccount(tx, redeemed.channel, redeemed.contactHash, undefined, now);
    giveSession(reply, await writes.createSession(tx, { accountId }, writes.ACCOUNT_SESSION_MINUTES, now), now);
    return done;
  });

  serve(app, contract.useCard, async ({ tx, body, now, request, reply }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readCode(body.code, CARD_CHARACTERS);
    const accountId = code ? await writes.redeemCard(tx, secrets.hash('card', code), now) : refuse('wrong-code');
    if (accountId instanceof Refusal) {
      await limits.codes.wrong(request.ip);
      return accountId;
    }
    giveSession(reply, await writes.createSession(tx, { accountId }, writes.ACCOUNT_SESSION_MINUTES, now), now);
    return done;
  });

  serve(app, contract.signOut, async ({ tx, actor, now, reply }) => {
    if (actor) await writes.endSession(tx, actor.sessionId, now);
    takeSession(reply);
    return done;
  });
}

function accountRoutes(app: WebApp): void {
  serve(app, contract.me, async ({ tx, actor }) => {
    if (!actor.accountId) return { kind: 'code' as const, contactWish: null, memberships: [] };
    return {
      kind: 'account' as const,
      contactWish: await reads.contactWishOf(tx, actor.accountId),
      memberships: await reads.membershipsEverywhere(tx, actor.accountId),
    };
  });

  serve(app, contract.setContactWish, async ({ tx, actor, body }) => {
    await writes.setContactWish(tx, actor.accountId as string, body.contactWish);
    return done;
  });
}

function fundRoutes(app: WebApp): void {
  serve(app, contract.listFunds, async ({ tx }) => ({ funds: await reads.listFunds(tx) }));

  serve(app, contract.readFund, async ({ tx, fund, actor }) => ({
    ...(await reads.readFund(tx, fund.id)),
    roles: [...new Set(actor?.memberships.map((membership) => membership.role) ?? [])],
  }));

  serve(app, contract.listMembers, async ({ tx, fund, query, actor }) => {
    const rows = await reads.listMembers(tx, fund.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    return {
      members: page.map((row) => ({ id: row.id, role: row.role, name: row.name, organisation: row.agency ?? row.shop, since: row.since.toISOString(), isYou: row.accountId === actor.accountId })),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    };
  });

  serve(app, contract.invite, async ({ tx, services, fund, actor, body, now }) => {
    if (body.channel === 'card' && !mayHaveCard(body.role)) return refuse('card-not-for-role');
    const accountId = body.channel === 'card' ? await writes.createAccount(tx, now) : await accountOf(services, tx, body, fund.id, now);
    if (accountId instanceof Refusal) return accountId;
    const id = await writes.createMembership(tx, fund.id, { accountId, role: body.role, name: body.name, organisation: body.organisation }, now);
    if (id instanceof Refusal) return id;
    await record(tx, { fundId: fund.id, name: 'member.invited', subject: { member: id, role: body.role }, actorId: actor.accountId, at: now });
    return { id, card: body.channel === 'card' ? await giveCard(services, tx, accountId, now) : null };
  });

  serve(app, contract.printCard, async ({ tx, services, fund, actor, params, now }) => {
    const accountId = await writes.accountForCard(tx, fund.id, params.member);
    if (accountId instanceof Refusal) return accountId;
    await record(tx, { fundId: fund.id, name: 'member.card-printed', subject: { member: params.member }, actorId: actor.accountId, at: now });
    return { card: await giveCard(services, tx, accountId, now) };
  });

  serve(app, contract.endMembership, async ({ tx, fund, actor, params, now }) => {
    if (actor.memberships.some((membership) => membership.id === params.member)) return refuse('same-person');
    if (!(await writes.endMembership(tx, fund.id, params.member, now))) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'member.ended', subject: { member: params.member }, actorId: actor.accountId, at: now });
    return done;
  });
}

async function accountOf(services: Services, tx: Transaction, given: { channel: 'email' | 'sms'; address: string }, fundId: string, now: Date): Promise<string | Refusal> {
  const address = normaliseAddress(given.channel, given.address);
  if (!address) return refuse('wrong-shape', { fields: ['address'] });
  return writes.findOrCreateAccount(tx, given.channel, services.secrets.hash('contact', `${given.channel}:${address}`), fundId, now);
}

async function giveCard(services: Services, tx: Transaction, accountId: string, now: Date): Promise<string> {
  const code = newCode(CARD_CHARACTERS);
  await writes.createCard(tx, services.secrets.hash('card', code), accountId, now);
  return showCode(code);
}
