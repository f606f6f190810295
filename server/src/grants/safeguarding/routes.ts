/** Serves the safeguarding contracts. What is told, and who reads it, leaves no log line. */
import type { Transaction } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { languageFor } from '../../people/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import type { FundScope } from '../../platform/actor.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { words } from '../../platform/words.ts';
import { hashToken } from '../requests/links.ts';
import { lockByTokenHash } from '../requests/reads.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

interface Told {
  words: string | null;
  name: string;
  contact: string | null;
  said: string | null;
}

export function safeguardingRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.listLeads, async ({ tx, fund, actor }) => {
    const waiting = actor?.memberships.some((each) => each.role === 'administrator') ? await reads.waitingLeads(tx, fund.id) : [];
    return {
      leads: (await reads.listLeads(tx, fund.id)).map(({ id, name }) => ({ id, name })),
      waiting: waiting.map(({ id, name, namedBy, accountId }) => ({ id, name, mayAgree: ![namedBy, accountId].includes(actor?.accountId as string) })),
    };
  });

  serve(app, contract.nameLead, async ({ tx, fund, actor, body, now }) => {
    const member = await reads.findMember(tx, fund.id, body.member);
    if (!member) return refuse('not-found');
    const address = normaliseAddress(body.channel, body.address);
    if (!address) return refuse('wrong-shape', { fields: ['address'] });
    return writes.nameLead(tx, {
      fundId: fund.id, accountId: member.accountId, name: member.name, sealedContact: secrets.seal('safeguarding', `${body.channel}:${address}`), namedBy: actor.accountId as string, namedAt: now,
    });
  });

  serve(app, contract.agreeToLead, async ({ tx, fund, actor, params, now }) => (await writes.agreeToLead(tx, fund.id, params.lead, { actorId: actor.accountId as string, at: now })) ?? done);

  serve(app, contract.endLead, async ({ tx, fund, actor, params, now }) => {
    await writes.endLead(tx, fund.id, params.lead, { actorId: actor.accountId as string, at: now });
    return done;
  });

  tellRoutes(app);
  leadRoutes(app);
}

function tellRoutes(app: WebApp): void {
  const { secrets, limits, config } = app.services;

  /** Keeps what was told, sealed for the leads, and tells them in words that say nothing. */
  async function tell(tx: Transaction, fund: FundScope, requestId: string, given: { words: string | null; raisedBy: string | null; at: Date }) {
    const asked = await reads.findAsked(tx, fund.id, requestId);
    if (!asked) return refuse('not-found');
    const leads = await reads.leadsFor(tx, asked.request, given.at);
    if (leads.length === 0) return refuse('no-lead');
    const open = (sealed: Buffer | null) => (sealed ? secrets.open('applicant', sealed) : null);
    const { request, person } = asked;
    const told: Told = { words: given.words, name: open(person.sealedName) ?? request.reference, contact: open(person.sealedContact)?.replace(/^[a-z]+:/, '') ?? null, said: open(request.sealedWords) };
    await writes.keepDisclosure(tx, { fundId: fund.id, requestId, sealed: secrets.seal('safeguarding', JSON.stringify(told)), raisedBy: given.raisedBy }, await reads.daysKept(tx, request), given.at);
    // Whatever is told is kept; a lead is told three times an hour of one request that something waits, and no link makes their telephone ring all night.
    if ((await limits.links.wait(`lead:${requestId}`)) > 0) return done;
    await limits.links.wrong(`lead:${requestId}`);
    for (const lead of leads) {
      const language = await languageFor(tx, lead.accountId, fund.id);
      const contact = secrets.open('safeguarding', lead.sealedContact);
      const channel = contact.startsWith('email:') ? 'email' : 'sms';
      const link = `${config.publicUrl}/f/${fund.slug}/safeguarding`;
      await enqueueMessage(app.services, tx, { channel, recipient: contact.slice(channel.length + 1), language, subject: words(language, 'lead_subject'), body: words(language, 'lead_body', { link }) });
    }
    return done;
  }

  serve(app, contract.tellLead, async ({ tx, fund, body, now, request }) => {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const asked = await lockByTokenHash(tx, fund.id, hashToken(secrets, body.token));
    if (asked) return tell(tx, fund, asked.request.id, { words: body.words, raisedBy: null, at: now });
    await limits.codes.wrong(request.ip);
    return refuse('wrong-code');
  });

  serve(app, contract.passOn, async ({ tx, fund, actor, params, body, now }) => tell(tx, fund, params.request, { words: body.words, raisedBy: actor.accountId, at: now }));
}

function leadRoutes(app: WebApp): void {
  const { secrets } = app.services;

  /** For anybody but a lead of now there is nothing here. */
  async function findWrong(tx: Transaction, fund: FundScope, accountId: string | null): Promise<Refusal | null> {
    return (await reads.listLeads(tx, fund.id)).some((lead) => lead.accountId === accountId) ? null : refuse('not-found');
  }

  serve(app, contract.listDisclosures, async ({ tx, fund, actor, now }) => {
    const wrong = await findWrong(tx, fund, actor.accountId);
    if (wrong) return wrong;
    const rows = await reads.listDisclosures(tx, fund.id, actor.accountId as string, now);
    return {
      disclosures: rows.map(({ disclosure, reference }) => {
        const told = JSON.parse(secrets.open('safeguarding', disclosure.sealed)) as Told;
        return { ...told, id: disclosure.id, reference, isOwn: disclosure.raisedBy === null, raisedAt: disclosure.raisedAt.toISOString(), endsAt: disclosure.endsAt.toISOString() };
      }),
    };
  });

  serve(app, contract.endDisclosure, async ({ tx, fund, actor, params, now }) => {
    const wrong = await findWrong(tx, fund, actor.accountId);
    if (wrong) return wrong;
    const theirs = await reads.listDisclosures(tx, fund.id, actor.accountId as string, now);
    if (!theirs.some((row) => row.disclosure.id === params.disclosure)) return done;
    await writes.endDisclosure(tx, fund.id, params.disclosure, actor.accountId as string);
    return done;
  });
}
