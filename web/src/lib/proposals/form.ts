/** Reads the forms in which an idea is typed. */
import { readMoney } from '#lib/format.ts';

export interface TypedIdea {
  title: string;
  description: string;
  place: string;
  cost: string;
  name: string;
  show: boolean;
  contact: string;
}

export const BLANK: TypedIdea = { title: '', description: '', place: '', cost: '', name: '', show: false, contact: '' };

export type IdeaFault = 'title' | 'description' | 'cost' | 'name';

/** A field's text. Browsers send line breaks as two characters. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').replaceAll('\r\n', '\n').trim();
}

/** What was typed; `suffix` is for forms that hold several ideas. */
export function readIdeaForm(form: FormData, suffix = ''): TypedIdea {
  const text = (name: string) => textOf(form, name + suffix);
  return { title: text('title'), description: text('description'), place: text('place'), cost: text('cost'), name: text('name'), show: form.has(`show${suffix}`), contact: text('contact') };
}

/** What is missing or not as it should be, in the order of the form. */
export function faultsOf(typed: TypedIdea, currency: string): IdeaFault[] {
  return [
    ...(typed.title === '' ? ['title' as const] : []), ...(typed.description === '' ? ['description' as const] : []),
    ...(typed.cost !== '' && !readMoney(typed.cost, currency) ? ['cost' as const] : []), ...(typed.show && typed.name === '' ? ['name' as const] : []),
  ];
}

/** The body for the API; call it on what has no faults. */
export function bodyOf(typed: TypedIdea, currency: string) {
  const { title, description } = typed;
  return {
    title, description, roughCostMinor: typed.cost === '' ? null : readMoney(typed.cost, currency), place: typed.place || null,
    name: typed.name || null, showName: typed.show, contact: typed.contact || null,
  };
}
