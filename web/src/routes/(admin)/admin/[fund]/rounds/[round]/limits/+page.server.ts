import { fail } from '@sveltejs/kit';
import type { listProjects } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { conflictsOf, limitsOf } from '#lib/rounds/limits.ts';
import { ruleOf } from '#lib/rounds/presets.ts';
import { save } from '#lib/rounds/save.server.ts';

type Event = Parameters<typeof openRound>[0];

async function loadLimits(event: Event) {
  const [{ fund, round }, projects] = await Promise.all([openRound(event), call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params: paramsOf(event) })]);
  return { fund, round, limits: limitsOf(round, must(projects).projects) };
}

export const load = loadLimits;

export const actions = {
  default: async (event) => {
    const [{ fund, round, limits }, form] = await Promise.all([loadLimits(event), event.request.formData()]);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const typed = Object.fromEntries([...form.entries()].map(([name, value]) => [name, String(value)]));
    const read = (prefix: string, names: readonly { name: string }[]) => names.flatMap(({ name }) => {
      const amount = text(`${prefix}:${name}`);
      return amount === '' ? [] : [[name, readMoney(amount, fund.currency)] as const];
    });
    const [categories, areas] = [read('category', limits.categories), read('area', limits.areas)];
    if ([...categories, ...areas].some(([, minor]) => !minor)) return fail(400, { problem: null, isWrong: true, typed });
    const conflicts = conflictsOf(limits.projects.map(({ number }) => ({ number, group: text(`group:${number}`) })));
    const rule = { ...(round.rule ?? ruleOf('skip', null)), caps: { categories: Object.fromEntries(categories), areas: Object.fromEntries(areas) }, conflicts };
    return save(event, { rule }, { isWrong: false, typed });
  },
};
