import { fail, redirect } from '@sveltejs/kit';
import type { compareCharter, listGrantRounds } from '@commonpot/server/grants/rounds/contract';
import type { publishCharter } from '@commonpot/server/rounds/charter/contract';
import { call, must } from '#lib/api.ts';
import { keep, openCharter } from '#lib/grants/charter.server.ts';
import { links } from '#lib/links.ts';

/** Rounds looked through for one with requests to compare. */
const ROUNDS = 5;

export const load = async (event) => {
  const { draft, ...opened } = await openCharter(event);
  if (!draft) redirect(303, links.adminCharter(event.params.fund));
  const rounds = must(await call<typeof listGrantRounds>(event, 'GET', '/funds/:fund/grants', { params: event.params })).rounds.filter((each) => each.phase !== 'draft').slice(0, ROUNDS);
  const compared = await Promise.all(rounds.map(async ({ slug, title }) => {
    const reply = await call<typeof compareCharter>(event, 'POST', '/funds/:fund/grants/:grant/compare', { params: { ...event.params, grant: slug }, body: { content: draft.content } });
    return { title, ...must(reply) };
  }));
  return { ...opened, draft, compared: compared.find((each) => each.requests > 0) ?? null };
};

export const actions = {
  publish: async (event) => {
    const [form, { draft }] = await Promise.all([event.request.formData(), openCharter(event)]);
    if (!draft) redirect(303, links.adminCharter(event.params.fund));
    const note = String(form.get('note') ?? '').trim();
    const reply = await call<typeof publishCharter>(event, 'POST', '/funds/:fund/charter', { params: event.params, body: { content: draft.content, note, after: draft.after } });
    if (reply.ok) redirect(303, `${links.adminCharter(event.params.fund)}?done=${reply.value.version}`);
    if (Array.isArray(reply.problem.fields) && reply.problem.fields.includes('content.eraseAfterDays')) return fail(reply.problem.status, { forgetful: true, note });
    // Another version came in between: the page says so, and offers both ways.
    return fail(reply.problem.status, reply.problem.code === 'already-decided' ? { note } : { problem: reply.problem, note });
  },
  /** Puts the draft after the version that was published meanwhile. */
  rebase: async (event) => {
    const { draft, charter } = await openCharter(event);
    if (!draft || !charter.charter) redirect(303, links.adminCharter(event.params.fund));
    const reply = await keep(event, draft.content, charter.charter.version);
    return reply.ok ? redirect(303, links.adminCharter(event.params.fund, 'preview')) : fail(reply.problem.status, { problem: reply.problem });
  },
};
