import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { loadProjects, loadRound, partsOf, potsOf } from '#lib/votes/round.ts';

const SPACE = '\u0000';
/** What is below a thousand, written as nothing; by powers of two, because a browser repeats no symbol hundreds of times. */
const UNSEEN = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1, 0].map((weight) => `${weight} ""`);
/** Above it the style sheet would weigh more than the comma is worth. */
const MOST_GROUPED = 2_000_000;

/** A sentence as CSS `content`, with counters where the figure goes. */
function content(sentence: string, counters: string): string {
  return sentence.split(SPACE).map((part) => JSON.stringify(part)).join(` ${counters} `);
}

/**
 * Counter styles that write a figure as people do, 41,200: `thousands` writes all but the last three figures, `rest`
 * those three. Below a thousand, and below zero, `rest` writes the whole and `thousands` nothing.
 */
function groupedFigures(budget: number, currency: string, minorPerUnit: number): string[] {
  const thousands = Array.from({ length: Math.floor(budget / 1000) }, (_, index) => (index + 1) * 1000).reverse()
    .map((weight) => `${weight} ${JSON.stringify((/\d.*\d/.exec(money(weight * minorPerUnit, currency))?.[0] ?? '').slice(0, -3))}`);
  const rest = Array.from({ length: 1000 }, (_, index) => `"${String((index + 1) % 1000).padStart(3, '0')}"`);
  return [
    '@counter-style nothing{system:cyclic;symbols:""}',
    `@counter-style thousands{system:additive;additive-symbols:${[...thousands, ...UNSEEN].join()};range:0 infinite;fallback:nothing}`,
    `@counter-style rest{system:cyclic;symbols:${rest.join(' ')};range:1000 infinite;fallback:decimal}`,
  ];
}

/** Adds up a ballot where no script runs: each ticked box counts itself. Whole units of the currency only, for CSS knows no pence. */
export const GET = async (event) => {
  const [{ round }, projects] = await Promise.all([loadRound(event), loadProjects(event)]);
  const [terms] = partsOf(round, '');
  if (!terms) throw new Error('a ballot has a part');
  const minorPerUnit = 10 ** (new Intl.NumberFormat('en', { style: 'currency', currency: terms.currency }).resolvedOptions().maximumFractionDigits ?? 2);
  const isWhole = [terms.budgetMinor, ...projects.map((project) => project.costMinor)].every((minor) => minor % minorPerUnit === 0);
  // Numbers in fields CSS cannot read, and two budgets are more than one line can say: there the check does the sums.
  if (['points', 'scores', 'ranking'].includes(terms.form.kind) || potsOf(round).length > 0) return css('.bar .sum.sum,.bar .measure{display:none}');
  const addsMoney = terms.form.kind === 'knapsack' && isWhole;
  const left = m.vote_left({ left: money(minorPerUnit, terms.currency).replace('1', SPACE) });
  const ofBudget = JSON.stringify(` ${m.vote_of_budget({ budget: money(terms.budgetMinor, terms.currency) })}`);
  const budget = terms.budgetMinor / minorPerUnit;
  const rules = [
    `.ballot{counter-reset:left ${budget} chosen}`,
    ...projects.map((project, place) => `#p${place}:checked{counter-increment:${addsMoney ? `left -${project.costMinor / minorPerUnit} ` : ''}chosen}`),
    '.bar .sum>*,.bar .measure{display:none}',
    `.bar .sum::before{content:${addsMoney ? `${content(left, 'counter(left)')} ${ofBudget}` : content(m.vote_chosen_number({ n: SPACE }), 'counter(chosen)')};font-weight:700}`,
  ];
  // What a browser has that balances lines, it has counter styles too; there is no way to ask for them.
  if (addsMoney && budget >= 1000 && budget <= MOST_GROUPED) {
    rules.push(...groupedFigures(budget, terms.currency, minorPerUnit), `@supports (text-wrap:balance){.bar .sum::before{content:${content(left, 'counter(left,thousands) counter(left,rest)')} ${ofBudget}}}`);
  }
  return css(rules.join('\n'));
};

function css(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'private, max-age=60' } });
}
