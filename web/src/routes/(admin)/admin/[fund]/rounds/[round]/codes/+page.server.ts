import { fail } from '@sveltejs/kit';
import type { listCodeBatches, listRoll, makeCodes } from '@commonpot/server/rounds/roll/contract';
import { call, must, type Problem } from '#lib/api.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

/** As many as a browser prints without trouble. */
const SHEET_MAX = 1000;

/** Why no letters came of a form; only these are shown, whatever an address says. */
const REFUSALS: readonly Problem['code'][] = ['wrong-shape', 'wrong-phase', 'credential-not-in-use', 'codes-need-names', 'unavailable', 'not-found', 'already-decided'];

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { counts, may } = must(await call<typeof listRoll>(event, 'GET', '/funds/:fund/rounds/:round/roll', { params: paramsOf(event), query: { limit: 1 } }));
  const { batches } = must(await call<typeof listCodeBatches>(event, 'GET', '/funds/:fund/rounds/:round/codes', { params: paramsOf(event) }));
  const refused = REFUSALS.find((code) => code === event.url.searchParams.get('refused'));
  return { fund, round, counts, may, batches, refused: refused ? ({ code: refused, status: 409 } satisfies Problem) : null, sheetMax: SHEET_MAX, needsNames: round.credentials.some((each) => each !== 'code'), origin: event.url.origin };
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
