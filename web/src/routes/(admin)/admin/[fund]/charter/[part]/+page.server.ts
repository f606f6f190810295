import { error, fail, redirect } from '@sveltejs/kit';
import { keep, openCharter } from '#lib/grants/charter.server.ts';
import { withPart, wrongSentences } from '#lib/grants/charter-form.ts';
import { PARTS, type Part } from '#lib/grants/charter-words.ts';
import { links } from '#lib/links.ts';

function partOf(name: string): Part {
  const part = PARTS.find((each) => each === name);
  if (!part) error(404, { message: '', code: 'not-found' });
  return part;
}

export const load = async (event) => {
  const part = partOf(event.params.part);
  const { draft, ...opened } = await openCharter(event);
  if (!draft) redirect(303, links.adminCharter(event.params.fund));
  return { ...opened, draft, part };
};

export const actions = {
  default: async (event) => {
    const part = partOf(event.params.part);
    const [form, { fund, draft }] = await Promise.all([event.request.formData(), openCharter(event)]);
    if (!draft) redirect(303, links.adminCharter(event.params.fund));
    const content = withPart(part, draft.content, form, fund.currency);
    const reply = await keep(event, content, draft.after);
    if (reply.ok) redirect(303, `${links.adminCharter(event.params.fund)}#of-${part}`);
    return fail(reply.problem.status, reply.problem.code === 'wrong-shape' ? { wrong: wrongSentences(reply.problem.fields), content } : { problem: reply.problem, content });
  },
};
