import { fail, type RequestEvent } from '@sveltejs/kit';
import type { castBallot, readTurnout } from '@commonpot/server/votes/ballots/contract';
import { call, type Problem } from '#lib/api.ts';
import { kioskOf } from '#lib/kiosk/kiosk.server.ts';
import { links } from '#lib/links.ts';
import { readPosted, type Posted } from '#lib/votes/ballot-post.server.ts';
import { loadVoter } from '#lib/votes/ballot.server.ts';
import { chosenOf } from '#lib/votes/chosen.ts';
import { makeCommitment } from '#lib/votes/commitment.server.ts';
import { inHallOrder, loadHallOrder } from '#lib/votes/hall-order.ts';
import { orderSeed, shuffle } from '#lib/votes/order.server.ts';
import { loadProjects } from '#lib/votes/round.ts';
import { addUpParts } from '#lib/votes/terms.ts';

export const load = async (event) => {
  const [voter, projects, turnout] = await Promise.all([
    loadVoter(event), loadProjects(event),
    call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params: event.params }),
  ]);
  // What a person chose stays out of every store; a form's own memory of it ends with the visit.
  event.setHeaders({ 'cache-control': event.request.method === 'POST' ? 'private, no-store' : 'private, no-cache' });
  // A tablet in a hall shows the order that was drawn there; every phone has one of its own.
  const hall = kioskOf(event) ? await loadHallOrder(event) : null;
  return {
    ...voter, projects: hall?.drawn ? inHallOrder(projects, hall) : shuffle(projects, orderSeed(event.cookies, links.vote(voter.fund.slug, voter.round.slug))), order: projects.map((project) => project.number),
    turnout: turnout.value?.ballots ?? 0, commitment: makeCommitment(),
  };
};

type Step = 'choose' | 'check' | 'receipt' | 'refused';
interface Made { step: Step; posted: Posted; problem: Problem | null; code: string; leaf: string; receipt: string }

async function read(event: RequestEvent): Promise<Posted> {
  const [form, projects, { parts }] = await Promise.all([event.request.formData(), loadProjects(event), loadVoter(event)]);
  return readPosted(form, projects, parts);
}

const made = (step: Step, posted: Posted, given: Partial<Made> = {}): Made => ({ step, posted, problem: null, code: '', leaf: '', receipt: '', ...given });

export const actions = {
  /** Search without a script: the same page, the choices kept in it. */
  show: async (event) => made('choose', await read(event)),
  change: async (event) => {
    const posted = await read(event);
    return made('choose', { ...posted, filters: { find: '', only: 'all', category: '', area: '' } });
  },
  check: async (event) => {
    const [form, projects, { parts }] = await Promise.all([event.request.formData(), loadProjects(event), loadVoter(event)]);
    const posted = readPosted(form, projects, parts);
    const isFaulty = posted.isTied || addUpParts(parts, chosenOf(posted.lines, projects, parts)).some((sum) => sum.fault);
    return made(isFaulty ? 'choose' : 'check', posted);
  },
  cast: async (event) => {
    const posted = await read(event);
    const reply = await call<typeof castBallot>(event, 'POST', '/funds/:fund/rounds/:round/ballot', {
      params: event.params as Record<string, string>,
      body: { lines: posted.lines, salt: posted.salt, void: posted.void, replaces: posted.replaces, oldVoidKey: null },
    });
    if (!reply.ok) return fail(reply.problem.status, made('refused', posted, { problem: reply.problem }));
    return made('receipt', posted, { code: reply.value.code, leaf: reply.value.leaf, receipt: reply.value.receipt });
  },
};
