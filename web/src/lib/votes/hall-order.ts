/** The order of projects in a hall, once it is drawn. */
import type { RequestEvent } from '@sveltejs/kit';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readHallOrder } from '@commonpot/server/votes/hall/contract';
import { call, must } from '#lib/api.ts';

export type HallOrder = AnswerOf<typeof readHallOrder>;
type Event = Pick<RequestEvent, 'fetch' | 'params'>;

export async function loadHallOrder(event: Event): Promise<HallOrder> {
  return must(await call<typeof readHallOrder>(event, 'GET', '/funds/:fund/rounds/:round/hall-order', { params: event.params as Record<string, string> }));
}

/** The projects in the drawn order; as they come where nothing was drawn. */
export function inHallOrder<T extends { number: string }>(projects: readonly T[], { drawn }: Pick<HallOrder, 'drawn'>): T[] {
  if (!drawn) return [...projects];
  const place = new Map(drawn.order.map((number, index) => [number, index]));
  return [...projects].sort((a, b) => (place.get(a.number) ?? projects.length) - (place.get(b.number) ?? projects.length));
}
