/** Serves the contracts about a fund's members: who belongs to it, by whom they are let in, and what an administrator does for them. */
import type { Transaction } from '@commonpot/db/client';
import { newCode, readCode, showCode } from '../platform/codes.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import { serve } from '../platform/serve.ts';
import type { Services, WebApp } from '../platform/services.ts';
import * as contract from './contract.ts';
import * as numbers from './number-writes.ts';
import * as reads from './reads.ts';
import { CARD_CHARACTERS, DESK_CHARACTERS, mayHaveCard, normaliseAddress, takesTwoToOpen } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function memberRoutes(app: WebApp): void {
  invitingRoutes(app);
  tendingRoutes(app);
}

function invitingRoutes(app: WebApp): void {
  serve(app, contract.listMembers, async ({ tx, fund, query, actor }) => {
    const rows = await reads.listMembers(tx, fund.id, query.limit, query.cursor);
    const page = rows.slice(0, query.limit);
    return {
      members: page.map((row) => ({ id: row.id, role: row.role, name: row.name, organisation: row.agency ?? row.shop, since: row.since.toISOString(), isYou: row.accountId === actor.accountId })),
      nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      invitations: (await reads.openInvitations(tx, fund.id)).map(({ invitation: { id, role, name, organisation, invitedAt, invitedBy, accountId }, inviter }) => ({
        id, role, name, organisation, invitedBy: inviter, invitedAt: invitedAt.toISOString(), mayAgree: ![invitedBy, accountId].includes(actor.accountId as string),
      })),
    };
  });

  serve(app, contract.invite, async ({ tx, services, fund, actor, body, now }) => {
    if (body.channel === 'card' && !mayHaveCard(body.role)) return refuse('card-not-for-role');
    const accountId = body.channel === 'card' ? await writes.createAccount(tx, now) : await accountOf(services, tx, body, fund.id, now);
    if (accountId instanceof Refusal) return accountId;
    const { role, name, organisation } = body;
    const actorId = actor.accountId as string;
    if (takesTwoToOpen(role) && (await reads.hadAnotherAdministrator(tx, fund.id, actorId))) {
      const id = await writes.keepInvitation(tx, fund.id, { accountId, role, name, organisation, actorId }, now);
      if (id instanceof Refusal) return id;
      await record(tx, { fundId: fund.id, name: 'member.invitation-asked', subject: { invitation: id, role }, actorId, at: now });
      return { id, card: null, waits: true };
    }
    const id = await writes.createMembership(tx, fund.id, { accountId, role, name, organisation }, now);
    if (id instanceof Refusal) return id;
    await record(tx, { fundId: fund.id, name: 'member.invited', subject: { member: id, role }, actorId, at: now });
    return { id, card: body.channel === 'card' ? await giveCard(services, tx, accountId, now) : null, waits: false };
  });

  serve(app, contract.answerInvitation, async ({ tx, fund, actor, params, body, now }) => {
    const actorId = actor.accountId as string;
    const settled = await writes.settleInvitation(tx, { fundId: fund.id, invitationId: params.invitation, agree: body.agree, actorId }, now);
    if (settled instanceof Refusal) return settled;
    const { memberId, role } = settled;
    await record(tx, memberId
      ? { fundId: fund.id, name: 'member.invited', subject: { member: memberId, role, invitation: params.invitation }, actorId, at: now }
      : { fundId: fund.id, name: 'member.invitation-dropped', subject: { invitation: params.invitation, role }, actorId, at: now });
    return done;
  });
}

function tendingRoutes(app: WebApp): void {
  serve(app, contract.printCard, async ({ tx, services, fund, actor, params, now }) => {
    const accountId = await writes.accountForCard(tx, fund.id, params.member);
    if (accountId instanceof Refusal) return accountId;
    await record(tx, { fundId: fund.id, name: 'member.card-printed', subject: { member: params.member }, actorId: actor.accountId, at: now });
    return { card: await giveCard(services, tx, accountId, now) };
  });

  serve(app, contract.vouch, async ({ tx, services, fund, actor, params, body, now }) => {
    const wait = await services.limits.vouchers.wait(actor.sessionId);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const code = readCode(body.deskCode, DESK_CHARACTERS);
    const vouched = code
      ? await numbers.vouchFor(tx, { fundId: fund.id, memberId: params.member, deskCodeHash: services.secrets.hash('recovery', `desk:${code}`), actorId: actor.accountId as string, now })
      : refuse('wrong-code');
    if (vouched instanceof Refusal) {
      if (vouched.code === 'wrong-code') await services.limits.vouchers.wrong(actor.sessionId);
      return vouched;
    }
    await record(tx, { fundId: fund.id, name: 'member.vouched', subject: { member: params.member }, actorId: actor.accountId, at: now });
    return done;
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
  const contactHash = services.secrets.hash('contact', `${given.channel}:${address}`);
  const fresh = given.channel === 'sms' ? await numbers.accountForInvitation(tx, contactHash, fundId, now) : null;
  return fresh ?? writes.findOrCreateAccount(tx, given.channel, contactHash, fundId, now);
}

async function giveCard(services: Services, tx: Transaction, accountId: string, now: Date): Promise<string> {
  const code = newCode(CARD_CHARACTERS);
  await writes.createCard(tx, services.secrets.hash('card', code), accountId, now);
  return showCode(code);
}
