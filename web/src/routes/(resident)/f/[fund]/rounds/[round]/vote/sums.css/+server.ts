import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { loadProjects, loadRound, termsOf } from '#lib/votes/round.ts';

const SPACE = '\u0000';

/** A sentence as CSS `content`, with a counter where the figure goes. */
function content(sentence: string, counter: string): string {
  return sentence.split(SPACE).map((part) => JSON.stringify(part)).join(` counter(${counter}) `);
}

/** Adds up a ballot where no script runs: each ticked box counts itself. Whole units of the currency only, for CSS knows no pence. */
export const GET = async (event) => {
  const [{ round }, projects] = await Promise.all([loadRound(event), loadProjects(event)]);
  const terms = termsOf(round);
  const minorPerUnit = 10 ** (new Intl.NumberFormat('en', { style: 'currency', currency: terms.currency }).resolvedOptions().maximumFractionDigits ?? 2);
  const isWhole = [terms.budgetMinor, ...projects.map((project) => project.costMinor)].every((minor) => minor % minorPerUnit === 0);
  const addsMoney = terms.form.kind === 'knapsack' && isWhole;
  const left = m.vote_left({ left: money(minorPerUnit, terms.currency).replace('1', SPACE) });
  const words = addsMoney ? `${content(left, 'left')} " ${m.vote_of_budget({ budget: money(terms.budgetMinor, terms.currency) })}"` : content(m.vote_chosen_number({ n: SPACE }), 'chosen');
  const rules = [
    `.ballot{counter-reset:left ${terms.budgetMinor / minorPerUnit} chosen}`,
    ...projects.map((project, place) => `#p${place}:checked{counter-increment:${addsMoney ? `left -${project.costMinor / minorPerUnit} ` : ''}chosen}`),
    '.bar .sum>*,.bar .measure{display:none}',
    `.bar .sum::before{content:${words};font-weight:700}`,
  ];
  return new Response(rules.join('\n'), { headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'private, max-age=60' } });
};
