import { fail } from '@sveltejs/kit';
import type { listPots } from '@commonpot/server/money/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = async (event) => {
  const [{ fund, round }, pots] = await Promise.all([openRound(event), call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params: { fund: event.params.fund } })]);
  return { fund, round, pots: must(pots).pots };
};

export const actions = {
  default: async (event) => {
    const { fund, round } = await openRound(event);
    const form = await event.request.formData();
    const typed = { potId: String(form.get('pot') ?? ''), budget: String(form.get('budget') ?? '') };
    const budgetMinor = readMoney(typed.budget, fund.currency);
    if (budgetMinor && round.isPractice) return save(event, { budgetMinor }, { wrong: '', ...typed });
    if (!budgetMinor || !typed.potId) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, wrong: budgetMinor ? 'pot' : 'budget', ...typed, ...paramsOf(event) });
    return save(event, { potId: typed.potId, budgetMinor }, { wrong: '', ...typed });
  },
};
