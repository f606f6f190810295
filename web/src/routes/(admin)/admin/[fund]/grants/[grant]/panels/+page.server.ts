import { fail, redirect } from '@sveltejs/kit';
import type { commitPanel, drawPanel, readPanels, thankPanel } from '@commonpot/server/grants/panels/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { isByBeacon } from '#lib/rounds/beacon-words.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  return { fund, grant: event.params.grant, key: crypto.randomUUID(), ...must(await call<typeof readPanels>(event, 'GET', '/funds/:fund/grants/:grant/panels', { params: event.params })) };
};

export const actions = {
  thank: async (event) => {
    const { currency } = await openFund(event);
    const form = await event.request.formData();
    const panel = String(form.get('panel'));
    const reply = await call<typeof thankPanel>(event, 'POST', '/funds/:fund/panels/:panel/thanks', {
      params: { ...event.params, panel }, body: { amountMinor: readMoney(String(form.get('amount') ?? ''), currency) ?? 0 }, idempotencyKey: `${String(form.get('key'))}-${panel}`,
    });
    return reply.ok ? { thanked: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  commit: async (event) => {
    const fund = await openFund(event);
    const form = await event.request.formData();
    const drawAt = fromField(String(form.get('drawAt')), fund.timeZone);
    const reply = await call<typeof commitPanel>(event, 'POST', '/funds/:fund/grants/:grant/panels', { params: event.params, body: isByBeacon(form) ? { beacon: true } : { drawName: String(form.get('drawName')), drawAt: drawAt ?? '' } });
    return reply.ok ? redirect(303, links.adminPanels(event.params.fund, event.params.grant)) : fail(reply.problem.status, { problem: reply.problem });
  },
  draw: async (event) => {
    const form = await event.request.formData();
    const panel = String(form.get('panel'));
    const reply = await call<typeof drawPanel>(event, 'POST', '/funds/:fund/panels/:panel/draw', { params: { ...event.params, panel }, body: form.has('value') ? { value: String(form.get('value')) } : { seed: String(form.get('seed')) } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    return reply.value.differs ? { differs: panel } : redirect(303, links.adminPanels(event.params.fund, event.params.grant));
  },
};
