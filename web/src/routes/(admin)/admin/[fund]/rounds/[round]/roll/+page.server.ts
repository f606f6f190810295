import { fail } from '@sveltejs/kit';
import type { addToRoll, listCodeBatches, listRoll, removeFromRoll, replaceCode } from '@commonpot/server/rounds/roll/contract';
import type { countConsents, seeConsent } from '@commonpot/server/rounds/consent/contract';
import { call, must } from '#lib/api.ts';
import { keepSearch, openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { readPeople } from '#lib/rounds/paste.ts';

const PER_CALL = 1000;

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { search = '', cursor = '' } = event.locals;
  const query = { search, cursor, limit: 50 };
  const consents = round.consentBelowAge === null ? null : must(await call<typeof countConsents>(event, 'GET', '/funds/:fund/rounds/:round/consents', { params: paramsOf(event) }));
  const usesCodes = round.credentials.includes('code');
  const batches = usesCodes ? must(await call<typeof listCodeBatches>(event, 'GET', '/funds/:fund/rounds/:round/codes', { params: paramsOf(event) })).batches : [];
  return { fund, round, search, consents, newestBatch: batches[0]?.number ?? 0, roll: must(await call<typeof listRoll>(event, 'GET', '/funds/:fund/rounds/:round/roll', { params: paramsOf(event), query })) };
};

export const actions = {
  find: keepSearch,
  add: async (event) => {
    const form = await event.request.formData();
    const pasted = String(form.get('people') ?? '');
    const isSeen = form.has('seen');
    const people = readPeople(pasted).map((each) => ({ ...each, ...(isSeen ? { consentSeen: true } : {}) }));
    const sums = { added: 0, alreadyThere: 0, unreadableContacts: 0 };
    if (people.length === 0) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, pasted });
    for (let from = 0; from < people.length; from += PER_CALL) {
      const reply = await call<typeof addToRoll>(event, 'POST', '/funds/:fund/rounds/:round/roll', { params: paramsOf(event), body: { entries: people.slice(from, from + PER_CALL) } });
      if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, pasted });
      for (const name of ['added', 'alreadyThere', 'unreadableContacts'] as const) sums[name] += reply.value[name];
    }
    return { sums };
  },
  remove: async (event) => {
    const elector = String((await event.request.formData()).get('elector') ?? '');
    const reply = await call<typeof removeFromRoll>(event, 'DELETE', '/funds/:fund/rounds/:round/roll/:elector', { params: { ...paramsOf(event), elector } });
    return reply.ok ? { removed: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  /** A parent's signed form was seen, by its reference or beside a name. */
  consent: async (event) => {
    const form = await event.request.formData();
    const [elector, reference] = [String(form.get('elector') ?? ''), String(form.get('reference') ?? '').trim().slice(0, 40)];
    const body = elector ? { elector, seen: form.get('seen') !== 'no' } : { reference };
    const reply = await call<typeof seeConsent>(event, 'POST', '/funds/:fund/rounds/:round/consents', { params: paramsOf(event), body });
    return reply.ok ? { consented: true } : fail(reply.problem.status, { problem: reply.problem, reference });
  },
  code: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof replaceCode>(event, 'POST', '/funds/:fund/rounds/:round/roll/:elector/code', { params: { ...paramsOf(event), elector: String(form.get('elector') ?? '') } });
    return reply.ok ? { code: reply.value.code, name: String(form.get('name') ?? '') } : fail(reply.problem.status, { problem: reply.problem });
  },
};
