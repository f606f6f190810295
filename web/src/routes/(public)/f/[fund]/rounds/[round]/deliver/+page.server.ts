import type { openDeliveryLink } from '@commonpot/server/votes/delivery/contract';
import { call } from '#lib/api.ts';
import { readToken } from '#lib/delivery/deliverer.server.ts';
import { sentBack } from '#lib/delivery/pictures.ts';
import { loadRound } from '#lib/votes/round.ts';

const TYPED = ['milestone', 'words', 'pictureWords1', 'pictureWords2', 'pictureWords3'] as const;

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  const token = readToken(event.cookies);
  const reply = token ? await call<typeof openDeliveryLink>(event, 'POST', '/funds/:fund/rounds/:round/deliverer', { params: event.params, body: { token } }) : null;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  const { done, problem, typed } = sentBack(event.url);
  return { fund, round, own: reply?.value ?? null, done, problem, typed: Object.fromEntries(TYPED.map((name) => [name, typed(name)])) as Record<(typeof TYPED)[number], string>, draft: crypto.randomUUID() };
};
