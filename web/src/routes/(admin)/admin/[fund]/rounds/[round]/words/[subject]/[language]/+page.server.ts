import { error, fail } from '@sveltejs/kit';
import type { me } from '@commonpot/server/people/contract';
import type { readWordsOf, removeReading, translate } from '@commonpot/server/rounds/words/contract';
import type { readProject } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { locales } from '#lib/paraglide/runtime.js';
import { openTexts } from '#lib/words/desk.server.ts';

export const load = async (event) => {
  const { fund, round, texts } = await openTexts(event);
  const { subject, language } = event.params;
  const text = texts.find((each) => each.subject === subject);
  if (!text || !(locales as readonly string[]).includes(language)) error(404, { message: '', code: 'not-found' });
  const [words, caller, project] = await Promise.all([
    call<typeof readWordsOf>(event, 'GET', '/funds/:fund/rounds/:round/words/of/:subject', { params: event.params }), call<typeof me>(event, 'GET', '/me', {}),
    text.number === null ? null : call<typeof readProject>(event, 'GET', '/funds/:fund/rounds/:round/project/:number', { params: { ...event.params, number: text.number } }),
  ]);
  const { translations, recordings, may } = must(words);
  const told = event.url.searchParams;
  return {
    fund, round, text: { ...text, description: project?.value?.description ?? '' }, language, may,
    translation: translations.find((each) => each.language === language) ?? null, recording: recordings.find((each) => each.language === language) ?? null,
    you: caller.value?.memberships.find((each) => each.fund.slug === fund.slug)?.name ?? '',
    // The form with the file was sent to the API, which leads back here.
    recorded: told.has('done'), refused: told.get('problem'), reader: told.get('reader') ?? '',
  };
};

export const actions = {
  translate: async (event) => {
    const form = await event.request.formData();
    const field = (name: string) => String(form.get(name) ?? '').replaceAll('\r\n', '\n');
    const typed = { title: field('title'), summary: field('summary'), description: field('description'), translator: field('translator') };
    const reply = await call<typeof translate>(event, 'PUT', '/funds/:fund/rounds/:round/words/:subject/:language', { params: event.params, body: typed });
    return reply.ok ? { kept: true } : fail(reply.problem.status, { problem: reply.problem, ...typed });
  },
  remove: async (event) => {
    const reply = await call<typeof removeReading>(event, 'DELETE', '/funds/:fund/rounds/:round/words/:subject/:language/recording', { params: event.params });
    return reply.ok ? { removed: true } : fail(reply.problem.status, { problem: reply.problem });
  },
};
