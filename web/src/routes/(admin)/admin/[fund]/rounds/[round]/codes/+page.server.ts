import { fail } from '@sveltejs/kit';
import type { listRoll, makeCodes } from '@commonpot/server/rounds/roll/contract';
import { call, must } from '#lib/api.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

/** As many as a browser prints without trouble. */
const SHEET_MAX = 1000;

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { counts, may } = must(await call<typeof listRoll>(event, 'GET', '/funds/:fund/rounds/:round/roll', { params: paramsOf(event), query: { limit: 1 } }));
  return { fund, round, counts, may, sheetMax: SHEET_MAX, needsNames: round.credentials.some((each) => each !== 'code'), origin: event.url.origin };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const count = Number(form.get('count') ?? 0);
    const body = form.get('for') === 'roll' ? { forRoll: true as const, limit: SHEET_MAX } : { count };
    const reply = await call<typeof makeCodes>(event, 'POST', '/funds/:fund/rounds/:round/codes', { params: paramsOf(event), body });
    return reply.ok ? { codes: reply.value.codes } : fail(reply.problem.status, { problem: reply.problem });
  },
};
