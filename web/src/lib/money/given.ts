/** What people typed into a form about money, and the sentence for each field that is not as it should be. */
import type { Problem } from '#lib/api.ts';
import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

/** A field of a form, without spaces around it. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

/** The problem of a form whose `fields` cannot be sent. */
export function wrongShape(...fields: string[]): Problem {
  return { code: 'wrong-shape', status: 400, fields };
}

/** An amount as an example of how to type one: £1,200. */
export function exampleAmount(currency: string): string {
  return money(120_000, currency);
}

/** The sentence under each field that the problem names. */
export function fieldFaults(problem: Problem | null | undefined, currency: string): Record<string, string> {
  if (problem?.code !== 'wrong-shape') return {};
  const sentences: Record<string, string> = {
    amountMinor: m.money_amount_fault({ example: exampleAmount(currency) }), receivedOn: m.money_received_fault(), reference: m.money_reference_fault(),
    potId: m.money_into_fault(), reason: m.money_reason_fault(), name: m.money_pot_name_fault(),
  };
  const fields = Array.isArray(problem.fields) ? (problem.fields as string[]) : [];
  return Object.fromEntries(fields.flatMap((field) => (sentences[field] ? [[field, sentences[field]]] : [])));
}
