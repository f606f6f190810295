import type { readTurnout } from '@commonpot/server/votes/ballots/contract';
import type { readSealing } from '@commonpot/server/votes/sealing/contract';
import type { readSetAside } from '@commonpot/server/votes/set-aside/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { press } from '#lib/sharing/press.server.ts';
import { loadHallOrder } from '#lib/votes/hall-order.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

/** Seconds after which the wall is drawn anew. */
const EVERY = 20;

export const load = async (event) => {
  const [{ fund, round }, order, projects] = await Promise.all([loadRound(event), loadHallOrder(event), loadProjects(event)]);
  const params = event.params;
  const [turnout, sealing, tally, aside] = await Promise.all([
    call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params }), call<typeof readSealing>(event, 'GET', '/funds/:fund/rounds/:round/sealing', { params }),
    call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params }), call<typeof readSetAside>(event, 'GET', '/funds/:fund/rounds/:round/set-aside', { params }),
  ]);
  event.setHeaders({ 'cache-control': 'no-store' });
  const won = tally.value?.decisions.filter(({ reason }) => reason.kind === 'won' || reason.kind === 'leads').map((each) => each.project) ?? [];
  return {
    fund, round, order, projects, ballots: turnout.value?.ballots ?? 0, sealing: must(sealing), setAsideAt: aside.value?.setAside?.at ?? null, tally: tally.value && { provisional: tally.value.provisional, won },
    now: new Date().toISOString(), every: event.url.searchParams.has('still') ? null : EVERY, address: `${event.url.host}${links.short(fund.slug, round.slug)}`,
    qr: round.phase === 'voting' ? press().square(`${event.url.origin}${links.short(fund.slug, round.slug)}`) : null,
  };
};
