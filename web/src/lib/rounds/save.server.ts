/** Keeps the answer of a step, and goes on. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { GivenBodyOf } from '@commonpot/server/platform/contract';
import type { changeRound, readRound } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { paramsOf } from './admin.server.ts';
import { nextStep } from './steps.ts';

type Event = Pick<RequestEvent, 'fetch'> & { params: Partial<Record<string, string>> };

/** Keeps the change; then the next question that has no answer yet, or the round. A refusal comes back with what was typed. */
export async function save<T extends object>(event: Event, body: GivenBodyOf<typeof changeRound>, typed: T) {
  const params = paramsOf(event);
  const reply = await call<typeof changeRound>(event, 'PUT', '/funds/:fund/rounds/:round', { params, body });
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, ...typed });
  const round = must(await call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params }));
  redirect(303, links.adminRound(params.fund, params.round, (round.phase === 'draft' ? nextStep(round) : null) ?? undefined));
}
