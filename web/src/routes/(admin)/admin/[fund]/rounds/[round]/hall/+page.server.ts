import type { readTurnout } from '@commonpot/server/votes/ballots/contract';
import type { listKiosks } from '@commonpot/server/votes/kiosk/contract';
import type { readPaper } from '@commonpot/server/votes/paper/contract';
import type { readSealing } from '@commonpot/server/votes/sealing/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { loadHallOrder } from '#lib/votes/hall-order.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const params = paramsOf(event);
  const [order, paper, tablets, turnout, sealing, tally] = await Promise.all([
    loadHallOrder(event), call<typeof readPaper>(event, 'GET', '/funds/:fund/rounds/:round/paper', { params }), call<typeof listKiosks>(event, 'GET', '/funds/:fund/rounds/:round/kiosks', { params }),
    call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params }), call<typeof readSealing>(event, 'GET', '/funds/:fund/rounds/:round/sealing', { params }),
    call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params }),
  ]);
  const { kiosks } = must(tablets);
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return {
    fund, round, order, paper: must(paper), sealing: must(sealing), ballots: turnout.value?.ballots ?? 0, countedAt: tally.value?.countedAt ?? null,
    tablets: kiosks.filter((kiosk) => !kiosk.endedAt).length, tabletsEver: kiosks.length,
  };
};
