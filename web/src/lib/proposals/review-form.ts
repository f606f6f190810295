/** Reads the form of a reviewer's answer. */
import type { GivenBodyOf } from '@commonpot/server/platform/contract';
import type { writeReview } from '@commonpot/server/votes/review/contract';
import { readMoney } from '#lib/format.ts';
import { textOf } from './form.ts';

const VATS = ['included', 'none', 'reclaimed'] as const;
const FEASIBLE = ['yes', 'changes', 'no'] as const;

export type ReviewFault = 'feasible' | 'changes' | 'costed' | 'cost';
type Body = GivenBodyOf<typeof writeReview>;

/** What was typed. */
export function readReviewForm(form: FormData) {
  const text = (name: string) => textOf(form, name);
  return {
    feasible: text('feasible'), reasons: text('reasons'), changes: text('changes'), title: text('title'), cost: text('cost'), running: text('running'), costHolds: text('costHolds'),
    vat: text('vat'), delivererName: text('delivererName'), keeperName: text('keeperName'), role: text('role'), show: form.has('show'), after: text('after'),
  };
}

export type TypedReview = ReturnType<typeof readReviewForm>;

/** The body for the API, or the first thing that is not as it should be. */
export function reviewBody(typed: TypedReview, currency: string): { body: Body } | { fault: ReviewFault } {
  const { reasons, role } = typed;
  const common = { after: Number(typed.after), reasons, role, showName: typed.show };
  const feasible = FEASIBLE.find((each) => each === typed.feasible);
  if (!feasible) return { fault: 'feasible' };
  if (feasible === 'no') return { body: { feasible, ...common } };
  const vat = VATS.find((each) => each === typed.vat);
  const { title, costHolds, delivererName, keeperName, changes } = typed;
  if (!vat || [title, typed.cost, costHolds, delivererName, keeperName].includes('')) return { fault: 'costed' };
  const costMinor = readMoney(typed.cost, currency);
  const runningMinor = typed.running === '' ? 0 : readMoney(typed.running, currency);
  if (!costMinor || runningMinor === null || runningMinor > costMinor) return { fault: 'cost' };
  const costed = { title, costMinor, runningMinor, costHolds, vat, delivererName, keeperName };
  if (feasible === 'yes') return { body: { feasible, ...common, ...costed } };
  return changes === '' ? { fault: 'changes' } : { body: { feasible, ...common, ...costed, changes } };
}
