import type { RequestEvent } from '@sveltejs/kit';
import type { listAdoptions } from '@commonpot/server/grants/adoption/contract';
import type { readFigures } from '@commonpot/server/grants/figures/contract';
import type { listGrantRounds } from '@commonpot/server/grants/rounds/contract';
import type { readAgency } from '@commonpot/server/money/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import type { listSetAside } from '@commonpot/server/votes/set-aside/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';
import { markSetAside } from '#lib/rounds/set-aside.ts';

/** As many rounds as a page to print has room for. */
const SHOWN = 6;

/** Votes that were counted to the end, and grant rounds, each with what it gave; newest first. */
async function readDecided(event: Pick<RequestEvent, 'fetch'> & { params: { fund: string } }) {
  const { fund } = event.params;
  const [rounds, grants, aside] = await Promise.all([
    call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params: { fund }, query: { limit: 20 } }),
    call<typeof listGrantRounds>(event, 'GET', '/funds/:fund/grants', { params: { fund } }),
    call<typeof listSetAside>(event, 'GET', '/funds/:fund/set-aside', { params: { fund } }),
  ]);
  const ended = markSetAside(must(rounds), must(aside)).rounds.filter((each) => !each.isPractice && ['results', 'delivery', 'closed'].includes(each.phase)).slice(0, SHOWN);
  const given = must(grants).rounds.filter((each) => each.phase !== 'draft').slice(0, SHOWN);
  return {
    votes: await Promise.all(ended.map(async ({ slug, title, isSetAside }) => {
      const { spentMinor, budgetMinor, ballots } = must(await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: { fund, round: slug } }));
      return { slug, title, isSetAside, spentMinor, budgetMinor, ballots };
    })),
    grants: await Promise.all(given.map(async ({ slug, title }) => {
      const { givenMinor } = must(await call<typeof readFigures>(event, 'GET', '/funds/:fund/grants/:grant/figures', { params: { fund, grant: slug } }));
      return { slug, title, givenMinor };
    })),
  };
}

export const load = async (event) => ({
  fund: await readPageFund(event),
  agency: mustBeMember(event, await call<typeof readAgency>(event, 'GET', '/funds/:fund/agency', { params: event.params })),
  adoptions: mustBeMember(event, await call<typeof listAdoptions>(event, 'GET', '/funds/:fund/adoptions', { params: event.params })).lists,
  decided: await readDecided(event),
});
