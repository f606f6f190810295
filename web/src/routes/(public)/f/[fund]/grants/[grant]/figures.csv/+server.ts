import type { readFigures } from '@commonpot/server/grants/figures/contract';
import { call, must } from '#lib/api.ts';
import { csvResponse, tablesOf } from '#lib/grants/figures.ts';

/** The figures of a round: a group that is not shown has no count. */
export const GET = async (event) => {
  const figures = must(await call<typeof readFigures>(event, 'GET', '/funds/:fund/grants/:grant/figures', { params: event.params }));
  const days = (name: string, value: { median: number; nineOfTen: number } | null) => (value ? [[name, 'median', value.median], [name, 'nine-of-ten', value.nineOfTen]] : []);
  const kept = (name: string, value: { of: number; late: number | null } | null) => (value ? [[`${name}-promised`, 'due', value.of], [`${name}-promised`, 'late', value.late ?? '']] : []);
  return csvResponse([
    ['table', 'group', 'count'], ['asked', 'all', figures.asked ?? ''], ['given-minor', figures.currency, figures.givenMinor ?? ''], ['lost-minor', figures.currency, figures.lostMinor],
    ...tablesOf(figures).flatMap((table) => table.rows.map((row) => [table.name, row.group, row.count ?? ''])),
    ...kept('answers', figures.promises.answers), ...kept('money', figures.promises.money),
    ...days('days-to-answer', figures.daysToAnswer), ...days('days-to-money', figures.daysToMoney),
  ], `${event.params.grant}-figures`);
};
