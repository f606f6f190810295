import type { readFigures } from '@commonpot/server/grants/figures/contract';
import { call, must } from '#lib/api.ts';
import { csvResponse } from '#lib/grants/figures.ts';

/** Coded rows: one for each award, and nothing in it that is true of fewer than ten. */
export const GET = async (event) => {
  const { rows } = must(await call<typeof readFigures>(event, 'GET', '/funds/:fund/grants/:grant/figures', { params: event.params }));
  return csvResponse([['who_agreed', 'way', 'up_to_minor', 'quarter'], ...(rows ?? []).map((row) => [row.agree, row.way, row.upTo, row.quarter])], `${event.params.grant}-rows`);
};
