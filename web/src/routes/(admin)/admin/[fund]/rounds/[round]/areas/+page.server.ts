import { fail, redirect } from '@sveltejs/kit';
import type { listPots } from '@commonpot/server/money/contract';
import type { readAreas, setAreas } from '@commonpot/server/votes/areas/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const [{ fund, round }, areas, pots] = await Promise.all([
    openRound(event),
    call<typeof readAreas>(event, 'GET', '/funds/:fund/rounds/:round/areas', { params: paramsOf(event) }),
    call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params: { fund: event.params.fund } }),
  ]);
  return { fund, round, known: must(areas), pots: must(pots).pots };
};

export const actions = {
  default: async (event) => {
    const [{ fund }, form] = await Promise.all([openRound(event), event.request.formData()]);
    const all = (name: string) => form.getAll(name).map((each) => String(each).trim());
    const [names, amounts, pots] = [all('area'), all('amount'), all('pot')];
    const rows = names.map((area, index) => ({ area, amount: amounts[index] ?? '', potId: pots[index] || null }));
    const typed = { rows, whole: String(form.get('whole') ?? '').trim(), unspent: form.get('unspent') === 'stays' ? 'stays' as const : 'goes-to-whole' as const };
    const areas = rows.filter((row) => row.area !== '' || row.amount !== '').map((row) => ({ area: row.area, budgetMinor: readMoney(row.amount, fund.currency) ?? 0, potId: row.potId }));
    const wholeMinor = /^[0.,\s]*$/.test(typed.whole) ? 0 : readMoney(typed.whole, fund.currency);
    if (wholeMinor === null || areas.some((each) => each.area === '' || each.budgetMinor === 0)) return fail(400, { problem: null, isWrong: true, ...typed });
    const reply = await call<typeof setAreas>(event, 'PUT', '/funds/:fund/rounds/:round/areas', { params: paramsOf(event), body: { areas, wholeMinor, unspent: typed.unspent } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem.code === 'wrong-shape' ? null : reply.problem, isWrong: reply.problem.code === 'wrong-shape', ...typed });
    redirect(303, links.adminRound(event.params.fund, event.params.round));
  },
};
