import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { m } from '#lib/paraglide/messages.js';
import { isChosen, reasonWords } from '#lib/votes/round-words.ts';

/** A cell that no spreadsheet takes for a formula. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The result as a table: costs in whole minor units, as the ledger has them. */
export const GET = async (event) => {
  const tally = must(await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }));
  const rows = [
    ['number', 'project', 'cost_minor', 'currency', 'votes', 'chosen', 'why', 'provisional'],
    ...tally.decisions.map((each) => [
      each.project, each.title, each.costMinor, tally.currency, each.votes ?? '', isChosen(each) ? m.result_yes() : m.result_no(),
      reasonWords(each, tally), tally.provisional ? m.result_yes() : m.result_no(),
    ]),
  ];
  const file = rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
  return new Response(`\uFEFF${file}`, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${event.params.round}.csv"` } });
};
