/** The sentences of a ballot, the same from the server's page and from the phone's script. */
import { money, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { obstacle, type Sum, type Terms } from './terms.ts';

/** The heading over the projects. */
export function question({ form, budgetMinor, currency }: Terms): string {
  const budget = money(budgetMinor, currency);
  switch (form.kind) {
    case 'knapsack': return m.vote_question_knapsack({ budget });
    case 'one': return m.vote_question_one({ budget });
    case 'up-to': return m.vote_question_up_to({ budget, k: number(form.k), count: form.k });
    case 'at-least': return m.vote_question_at_least({ budget, k: number(form.k), count: form.k });
  }
}

/** What the question means for the hand that picks. */
export function instruction({ form }: Terms): string {
  switch (form.kind) {
    case 'knapsack': return m.vote_how_knapsack();
    case 'one': return m.vote_how_one();
    case 'up-to': return m.vote_how_up_to();
    case 'at-least': return m.vote_how_at_least({ k: number(form.k), count: form.k });
  }
}

/** The bar: what matters most, what it is measured against, and what stands at its side. */
export function barWords(terms: Terms, sum: Sum): { strong: string; rest: string; side: string } {
  const { form, budgetMinor, currency } = terms;
  const chosen = m.vote_chosen({ n: number(sum.count), count: sum.count });
  const together = sum.count === 0 ? '' : m.vote_together({ cost: money(sum.costMinor, currency) });
  switch (form.kind) {
    case 'knapsack':
      return sum.leftMinor < 0
        ? { strong: m.vote_too_much({ over: money(-sum.leftMinor, currency) }), rest: m.vote_than_budget({ budget: money(budgetMinor, currency) }), side: chosen }
        : { strong: m.vote_left({ left: money(sum.leftMinor, currency) }), rest: m.vote_of_budget({ budget: money(budgetMinor, currency) }), side: chosen };
    case 'up-to': return { strong: m.vote_chosen_of({ n: number(sum.count), k: number(form.k) }), rest: '', side: together };
    case 'at-least': return { strong: chosen, rest: m.vote_at_least({ k: number(form.k) }), side: together };
    case 'one': return { strong: sum.count === 0 ? m.vote_none_chosen() : chosen, rest: '', side: together };
  }
}

/** What is wrong with the choices, and what mends it; empty when nothing is. */
export function faultWords(terms: Terms, sum: Sum): string {
  const k = 'k' in terms.form ? terms.form.k : 1;
  switch (sum.fault) {
    case 'over-budget': return m.vote_fault_over({ over: money(-sum.leftMinor, terms.currency) });
    case 'too-many': return m.vote_fault_many({ n: number(sum.count), count: k, k: number(k) });
    case 'too-few': return m.vote_fault_few({ missing: number(k - sum.count), count: k - sum.count });
    case null: return '';
  }
}

/** Why a project that is not chosen does not fit now; empty when it does. */
export function obstacleWords(terms: Terms, sum: Sum, costMinor: number): string {
  const found = obstacle(terms, sum, costMinor);
  if (found === null) return '';
  if (found === 'no-place') return m.vote_no_place({ n: number(sum.count), count: sum.count });
  return (found.forGood ? m.vote_over_all : m.vote_over_left)({ over: money(found.overMinor, terms.currency) });
}

/** The heading over a ballot that is about to be cast. */
export function checkTitle(sum: Sum): string {
  return sum.count === 0 ? m.vote_check_title_empty() : m.vote_check_title({ count: sum.count });
}

/** What the choices leave, below the list of them. */
export function remainder(terms: Terms, sum: Sum): string {
  if (sum.count === 0) return m.vote_empty_means();
  if (terms.form.kind !== 'knapsack') return m.vote_costs_together({ count: sum.count, cost: money(sum.costMinor, terms.currency) });
  return sum.leftMinor === 0 ? m.vote_leaves_nothing() : m.vote_leaves({ left: money(sum.leftMinor, terms.currency) });
}
