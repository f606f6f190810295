import { error } from '@sveltejs/kit';
import type { readAgency } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { csvLine } from '#lib/money/csv.ts';

/** Where an agency's money is, pot by pot. Amounts are in minor units, of the whole pot but for `from_you_minor`. */
export const GET = async (event) => {
  const reply = await call<typeof readAgency>(event, 'GET', '/funds/:fund/agency', { params: event.params });
  if (!reply.ok) error(reply.problem.status, { message: '', code: reply.problem.code });
  const { pots, currency } = reply.value;
  const header = csvLine(['pot', 'from_you_minor', 'arrived_minor', 'in_pot_minor', 'set_aside_minor', 'paid_out_minor', 'currency']);
  const lines = pots.map((pot) => csvLine([pot.name, pot.yoursMinor, pot.arrivedMinor, pot.inPotMinor, pot.setAsideMinor, pot.paidOutMinor, currency]));
  return new Response(`\uFEFF${header}${lines.join('')}`, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${event.params.fund}-pots.csv"` } });
};
