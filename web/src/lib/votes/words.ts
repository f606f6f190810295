/** The sentences of a ballot, the same from the server's page and from the phone's script. */
import { money, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { obstacle, type Part, type Sum, type Terms } from './terms.ts';

/** The heading over the projects. */
export function question({ form, budgetMinor, currency }: Terms): string {
  const budget = money(budgetMinor, currency);
  switch (form.kind) {
    case 'knapsack': return m.vote_question_knapsack({ budget });
    case 'one': return m.vote_question_one({ budget });
    case 'up-to': return m.vote_question_up_to({ budget, k: number(form.k), count: form.k });
    case 'at-least': return m.vote_question_at_least({ budget, k: number(form.k), count: form.k });
    case 'ranking': return m.vote_question_ranking({ budget });
    case 'points': return m.vote_question_points({ budget, n: number(form.total), count: form.total });
    case 'scores': return m.vote_question_scores({ budget });
  }
}

/** The heading over the whole ballot. */
export function ballotQuestion(parts: readonly Part[]): string {
  const [own, all] = parts;
  return own?.area && all ? m.vote_question_parts({ area: own.area }) : question(parts[parts.length - 1] as Part);
}

/** The heading over one part of a ballot that has two. */
export function partTitle({ area, budgetMinor, currency }: Part): string {
  const budget = money(budgetMinor, currency);
  return area === null ? m.vote_part_all({ budget }) : m.vote_part_area({ area, budget });
}

const partName = ({ area }: Part) => area ?? m.vote_part_name_all();

/** What the question means for the hand that picks. */
export function instruction({ form }: Terms): string {
  switch (form.kind) {
    case 'knapsack': return m.vote_how_knapsack();
    case 'one': return m.vote_how_one();
    case 'up-to': return m.vote_how_up_to();
    case 'at-least': return m.vote_how_at_least({ k: number(form.k), count: form.k });
    case 'ranking': return m.vote_how_ranking({ k: number(form.k), count: form.k });
    case 'points': return form.most < form.total ? m.vote_how_points({ most: number(form.most), count: form.most }) : m.vote_how_points_any();
    case 'scores': return m.vote_how_scores({ most: number(form.most) });
  }
}

export interface BarWords {
  strong: string;
  rest: string;
  side: string;
}

/** The bar: what matters most, what it is measured against, and what stands at its side. */
function barWords(terms: Terms, sum: Sum): BarWords {
  const { form, budgetMinor, currency } = terms;
  const chosen = m.vote_chosen({ n: number(sum.count), count: sum.count });
  const together = sum.count === 0 ? '' : m.vote_together({ cost: money(sum.costMinor, currency) });
  switch (form.kind) {
    case 'knapsack':
      return sum.leftMinor < 0
        ? { strong: m.vote_too_much({ over: money(-sum.leftMinor, currency) }), rest: m.vote_than_budget({ budget: money(budgetMinor, currency) }), side: chosen }
        : { strong: m.vote_left({ left: money(sum.leftMinor, currency) }), rest: m.vote_of_budget({ budget: money(budgetMinor, currency) }), side: chosen };
    case 'up-to': case 'ranking': return { strong: m.vote_chosen_of({ n: number(sum.count), k: number(form.k) }), rest: '', side: form.kind === 'ranking' ? '' : together };
    case 'at-least': return { strong: chosen, rest: m.vote_at_least({ k: number(form.k) }), side: together };
    case 'one': return { strong: sum.count === 0 ? m.vote_none_chosen() : chosen, rest: '', side: together };
    case 'scores': return { strong: m.vote_scores_on({ n: number(sum.count), count: sum.count }), rest: '', side: '' };
    case 'points': {
      const left = form.total - sum.points;
      const strong = left < 0 ? m.vote_points_over({ n: number(-left), count: -left }) : m.vote_points_left({ n: number(left), count: left });
      return { strong, rest: m.vote_of_budget({ budget: number(form.total) }), side: m.vote_points_on({ n: number(sum.count), count: sum.count }) };
    }
  }
}

/** The bar of a whole ballot: with two parts, what matters most of each. */
export function barOf(parts: readonly Part[], sums: readonly Sum[]): BarWords {
  const words = parts.map((part, index) => barWords(part, sums[index] as Sum));
  const [first, second] = words;
  if (!first || !second) return first as BarWords;
  return { strong: `${partName(parts[0] as Part)}: ${first.strong}`, rest: '', side: `${partName(parts[1] as Part)}: ${second.strong}` };
}

/** What is wrong with the choices, and what mends it; empty when nothing is. */
function faultWords(terms: Terms, sum: Sum): string {
  const { form } = terms;
  const k = 'k' in form ? form.k : 1;
  const most = 'most' in form ? form.most : 0;
  const over = form.kind === 'points' ? sum.points - form.total : 0;
  switch (sum.fault) {
    case 'over-budget': return m.vote_fault_over({ over: money(-sum.leftMinor, terms.currency) });
    case 'too-many': return m.vote_fault_many({ n: number(sum.count), count: k, k: number(k) });
    case 'too-few': return m.vote_fault_few({ missing: number(k - sum.count), count: k - sum.count });
    case 'over-most': return m.vote_fault_most({ most: number(most), count: most });
    case 'over-points': return m.vote_fault_points({ over: number(over), count: over });
    case null: return '';
  }
}

/** The first thing that is wrong with a whole ballot; empty when nothing is. */
export function faultOf(parts: readonly Part[], sums: readonly Sum[]): string {
  const index = sums.findIndex((sum) => sum.fault);
  if (index < 0) return '';
  const [part, sum] = [parts[index] as Part, sums[index] as Sum];
  return parts.length > 1 ? `${partName(part)}: ${faultWords(part, sum)}` : faultWords(part, sum);
}

/** Why a project that is not chosen does not fit now; empty when it does. */
export function obstacleWords(terms: Terms, sum: Sum, costMinor: number): string {
  const found = obstacle(terms, sum, costMinor);
  if (found === null) return '';
  if (found === 'no-place') return m.vote_no_place({ n: number(sum.count), count: sum.count });
  return (found.forGood ? m.vote_over_all : m.vote_over_left)({ over: money(found.overMinor, terms.currency) });
}

/** The heading over a ballot that is about to be cast. */
export function checkTitle(sums: readonly Sum[]): string {
  const count = sums.reduce((all, sum) => all + sum.count, 0);
  return count === 0 ? m.vote_check_title_empty() : m.vote_check_title({ count });
}

/** What the choices leave, below the list of them. */
export function remainder(terms: Terms, sum: Sum): string {
  if (sum.count === 0) return m.vote_empty_means();
  const { form } = terms;
  if (form.kind === 'points') {
    const left = form.total - sum.points;
    return left > 0 ? m.vote_points_keep({ n: number(left), count: left }) : m.vote_points_all();
  }
  if (form.kind === 'ranking') return m.vote_ranking_means();
  if (form.kind !== 'knapsack') return m.vote_costs_together({ count: sum.count, cost: money(sum.costMinor, terms.currency) });
  return sum.leftMinor === 0 ? m.vote_leaves_nothing() : m.vote_leaves({ left: money(sum.leftMinor, terms.currency) });
}

/** The same of a whole ballot. */
export function remainderOf(parts: readonly Part[], sums: readonly Sum[]): string {
  if (parts.length < 2 || sums.every((sum) => sum.count === 0)) return remainder(parts[0] as Part, sums[0] as Sum);
  return parts.flatMap((part, index) => (sums[index]?.count ? [`${partName(part)}: ${remainder(part, sums[index])}`] : [])).join(' ');
}

/** What stands beside a project in the list of what one chose: points where people give them, else its cost. */
export function valueWords(line: { costMinor: number; points?: number | undefined }, currency: string): string {
  return line.points === undefined ? money(line.costMinor, currency) : m.vote_points({ n: number(line.points), count: line.points });
}

/** Before a project's name: its place in a ranking. */
export function placeWords(rank: number | undefined): string {
  return rank === undefined ? '' : `${number(rank)}. `;
}
