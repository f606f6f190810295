import { fail } from '@sveltejs/kit';
import { openRound } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const { fund } = await openRound(event);
    const form = await event.request.formData();
    const typed = { opens: String(form.get('opens') ?? ''), closes: String(form.get('closes') ?? ''), results: String(form.get('results') ?? '') };
    const [votingOpensAt, votingClosesAt, resultsAt] = [typed.opens, typed.closes, typed.results].map((text) => fromField(text, fund.timeZone));
    const wrong = !votingOpensAt ? 'opens' : !votingClosesAt || votingClosesAt <= votingOpensAt ? 'closes' : resultsAt && resultsAt < votingClosesAt ? 'results' : null;
    if (wrong || !votingOpensAt || !votingClosesAt) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, wrong, ...typed });
    return save(event, { votingOpensAt, votingClosesAt, resultsAt: resultsAt ?? null }, { wrong: null, ...typed });
  },
};
