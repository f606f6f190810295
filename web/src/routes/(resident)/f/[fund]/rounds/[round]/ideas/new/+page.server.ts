import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { askForCode, enterCode } from '@commonpot/server/people/contract';
import type { propose } from '@commonpot/server/votes/proposals/contract';
import { call, type Problem } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { BLANK, bodyOf, faultsOf, readIdeaForm, type IdeaFault, type TypedIdea } from '#lib/proposals/form.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, round, draft: crypto.randomUUID() };
};

const STEPS = ['idea', 'rough', 'you', 'address', 'code'] as const;
export type Step = (typeof STEPS)[number];
type Event = RequestEvent<{ fund: string; round: string }>;

/** What the page needs to go on: where it is, all that was typed so far, and what went wrong. */
interface Shown {
  step: Step;
  typed: TypedIdea;
  draft: string;
  address: { channel: 'email' | 'sms'; address: string };
  faults: IdeaFault[];
  problem: Problem | null;
}

/** Which faults keep a step from the next one. */
const ASKS: Record<Step, readonly IdeaFault[]> = { idea: ['title', 'description'], rough: ['cost'], you: ['name'], address: [], code: [] };

export const actions = {
  /** One form for every step, which carries what was typed in the steps before. */
  default: async (event) => {
    const [form, { round }] = await Promise.all([event.request.formData(), loadRound(event)]);
    const step = STEPS.find((each) => each === form.get('step')) ?? 'idea';
    const back = STEPS.find((each) => each === form.get('to'));
    const shown: Shown = {
      step, typed: { ...BLANK, ...readIdeaForm(form) }, draft: String(form.get('draft') ?? ''), faults: [], problem: null,
      address: { channel: form.get('channel') === 'sms' ? 'sms' : 'email', address: String(form.get('address') ?? '').trim() },
    };
    if (back) return { ...shown, step: back };
    const faults = faultsOf(shown.typed, round.currency);
    const here = faults.filter((fault) => ASKS[step].includes(fault));
    if (here.length > 0) return fail(400, { ...shown, faults: here });
    switch (step) {
      case 'idea': return { ...shown, step: 'rough' as const };
      case 'rough': return { ...shown, step: 'you' as const };
      case 'you': return send(event, shown, round.currency);
      case 'address': return sendCode(event, shown);
      case 'code': return signInAndSend(event, shown, String(form.get('code') ?? ''), round.currency);
    }
  },
};

/** Sends the idea; whoever is not signed in is asked for an address first. */
async function send(event: Event, shown: Shown, currency: string) {
  const faulty = STEPS.find((step) => ASKS[step].some((fault) => faultsOf(shown.typed, currency).includes(fault)));
  if (faulty) return fail(400, { ...shown, step: faulty, faults: faultsOf(shown.typed, currency) });
  const reply = await call<typeof propose>(event, 'POST', '/funds/:fund/rounds/:round/ideas', { params: event.params, body: { ...bodyOf(shown.typed, currency), draft: shown.draft } });
  if (reply.ok) redirect(303, links.myIdeas(event.params.fund, event.params.round, reply.value.number));
  if (reply.problem.code === 'signed-out') return { ...shown, step: 'address' as const };
  return fail(reply.problem.status, { ...shown, step: 'you' as const, problem: reply.problem });
}

async function sendCode(event: Event, shown: Shown) {
  const reply = await call<typeof askForCode>(event, 'POST', '/sign-in/codes', { body: shown.address });
  return reply.ok ? { ...shown, step: 'code' as const } : fail(reply.problem.status, { ...shown, step: 'address' as const, problem: reply.problem });
}

async function signInAndSend(event: Event, shown: Shown, code: string, currency: string) {
  const reply = await call<typeof enterCode>(event, 'POST', '/sign-in', { body: { code } });
  return reply.ok ? send(event, shown, currency) : fail(reply.problem.status, { ...shown, step: 'code' as const, problem: reply.problem });
}
