/** Reads the form of a project. */
import { readMoney } from '#lib/format.ts';

/** What was typed, and the body for the API; null where the cost is no amount. */
export function readForm(form: FormData, currency: string) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const typed = { title: text('title'), summary: text('summary'), description: text('description'), cost: text('cost'), delivererName: text('delivererName'), delivererContact: text('delivererContact'), category: text('category'), language: text('language') };
  const costMinor = readMoney(typed.cost, currency);
  const { title, summary, description } = typed;
  const body = costMinor ? { title, summary, description, costMinor, category: typed.category || null, delivererName: typed.delivererName || null, delivererContact: typed.delivererContact || null, language: typed.language || null } : null;
  return { typed, body };
}
