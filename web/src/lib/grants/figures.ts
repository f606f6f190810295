/** Words and files of a round's figures. */
import type { readFigures } from '@commonpot/server/grants/figures/contract';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { purposeWords } from './deciding.ts';
import { wayWords, type Way } from './words.ts';

export type Figures = AnswerOf<typeof readFigures>;
const NAMES = ['outcomes', 'agree', 'ways', 'amounts', 'purposes', 'appeals'] as const;
type Name = (typeof NAMES)[number];

/** The tables there are, each with its title and the number its shares are of. */
export function tablesOf(figures: Figures) {
  const given = figures.rows?.length ?? 0;
  const titles: Record<Name, string> = {
    outcomes: m.figures_outcomes(), agree: m.figures_agree(), ways: m.figures_ways(), amounts: m.figures_amounts(), purposes: m.figures_purposes(), appeals: m.figures_appeals(),
  };
  return NAMES.flatMap((name) => {
    const rows = figures[name];
    return rows ? [{ name, title: titles[name], rows, whole: (name === 'outcomes' || name === 'appeals' ? figures.asked : given) ?? 1 }] : [];
  });
}

/** What a group is called. */
export function groupWords(table: Name, group: string, currency: string): string {
  if (group === 'not-shown') return m.figures_not_shown();
  if (table === 'ways') return wayWords(group as Way);
  if (table === 'amounts') return m.figures_up_to({ amount: money(Number(group), currency) });
  if (table === 'purposes') return group === 'not-said' ? m.figures_not_said() : purposeWords(group);
  const words: Record<string, () => string> = table === 'agree'
    ? { 'at-once': m.figures_by_none, one: m.figures_by_one, two: m.figures_by_two, panel: m.figures_by_panel }
    : table === 'appeals'
      ? { none: m.figures_appeal_none, given: m.figures_appeal_given, upheld: m.figures_appeal_upheld, waiting: m.figures_appeal_waiting, 'taken-back': m.figures_appeal_taken }
      : { waiting: m.figures_waiting, listed: m.figures_listed, awarded: m.figures_awarded, declined: m.figures_declined, withdrawn: m.figures_withdrawn, returned: m.figures_returned };
  return words[group]?.() ?? group;
}

/** A file of rows, as spreadsheets read it. The cells are codes and numbers of ours. */
export function csvResponse(rows: readonly (readonly (string | number)[])[], name: string): Response {
  return new Response(`\uFEFF${rows.map((row) => `${row.join(',')}\r\n`).join('')}`, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}.csv"` } });
}
