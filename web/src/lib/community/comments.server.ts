/** Comments under an idea or a project: what its page loads, and its forms. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { addComment, appealDecision, listComments, reportComment, withdrawComment } from '@commonpot/server/community/discussion/contract';
import { call, type Problem } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { textOf } from '#lib/proposals/form.ts';
import type { Reason } from './words.ts';

type Kind = 'idea' | 'project';
type Event = Pick<RequestEvent, 'fetch' | 'params' | 'url'>;

/** The fund, the round and the subject in an address. */
function paramsOf(event: Pick<Event, 'params'>, kind: Kind) {
  const { fund = '', round = '', idea = '', number = '' } = event.params as Partial<Record<string, string>>;
  return { fund, round, kind, number: kind === 'idea' ? idea : number };
}

/** The page of comments that the address asks for; null where there is nothing to talk about yet. */
export async function loadComments(event: Event, kind: Kind) {
  const page = Number(/^[1-9]\d{0,2}$/.exec(event.url.searchParams.get('comments') ?? '')?.[0] ?? 1);
  const params = paramsOf(event, kind);
  const reply = await call<typeof listComments>(event, 'GET', '/funds/:fund/rounds/:round/discussions/:kind/:number', { params, query: { page } });
  return reply.ok ? { ...reply.value, page, at: addressOf(params), draft: crypto.randomUUID() } : null;
}

function addressOf({ fund, round, kind, number }: ReturnType<typeof paramsOf>): string {
  return kind === 'idea' ? links.idea(fund, round, Number(number)) : links.project(fund, round, number);
}

/** What was typed when something went wrong, so that nobody types it twice. */
const refused = (problem: Problem, typed: { replyTo: string | null; words: string; name: string; draft: string } | null = null) => fail(problem.status, { problem, comment: typed });

/** The actions of a page with comments. */
export function commentActions(kind: Kind) {
  const onOne = async (event: RequestEvent, act: (params: { fund: string; comment: string }, form: FormData) => Promise<{ ok: boolean; problem?: Problem | undefined }>) => {
    const form = await event.request.formData();
    const params = paramsOf(event, kind);
    const comment = String(form.get('comment') ?? '');
    const reply = await act({ fund: params.fund, comment }, form);
    if (reply.problem?.code === 'signed-out') redirect(303, links.signIn(links.comments(addressOf(params), Number(form.get('page')) || 1)));
    return reply.problem ? refused(reply.problem) : redirect(303, links.comments(addressOf(params), Number(form.get('page')) || 1, comment));
  };
  return {
    comment: async (event: RequestEvent) => {
      const form = await event.request.formData();
      const params = paramsOf(event, kind);
      const typed = { replyTo: String(form.get('replyTo') ?? '') || null, words: textOf(form, 'words'), name: textOf(form, 'name'), draft: String(form.get('draft') ?? '') };
      const reply = await call<typeof addComment>(event, 'POST', '/funds/:fund/rounds/:round/discussions/:kind/:number', { params, body: { ...typed, name: typed.name || null } });
      return reply.ok ? redirect(303, links.comments(addressOf(params), reply.value.page, reply.value.id)) : refused(reply.problem, typed);
    },
    withdrawComment: (event: RequestEvent) => onOne(event, (params) => call<typeof withdrawComment>(event, 'POST', '/funds/:fund/comments/:comment/withdraw', { params })),
    reportComment: (event: RequestEvent) => onOne(event, (params, form) => call<typeof reportComment>(event, 'POST', '/funds/:fund/comments/:comment/report', { params, body: { reason: String(form.get('reason')) as Reason } })),
    appealComment: (event: RequestEvent) => onOne(event, (params) => call<typeof appealDecision>(event, 'POST', '/funds/:fund/comments/:comment/appeal', { params })),
  };
}
