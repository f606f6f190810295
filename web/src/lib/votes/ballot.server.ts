/** What the voter's pages stand on: the round while it takes ballots, this voter's place in it, and what the phone needs. */
import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { readConsent } from '@commonpot/server/rounds/consent/contract';
import type { readBallot } from '@commonpot/server/votes/ballots/contract';
import { call, must } from '#lib/api.ts';
import { moment } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { sittingOf } from './commitment.server.ts';
import type { Given } from './given.ts';
import { loadRound, partsOf } from './round.ts';

/**
 * Sends whoever cannot vote here to the page that says how, and everybody to the round's page while it takes no ballots;
 * but somebody who has just sent a ballot is told what became of it.
 */
export async function loadVoter(event: RequestEvent) {
  const { fund, round } = await loadRound(event);
  const hasSent = event.request.method === 'POST';
  if (round.phase !== 'voting' && !hasSent) redirect(303, links.round(fund.slug, round.slug));
  const reply = await call<typeof readBallot>(event, 'GET', '/funds/:fund/rounds/:round/ballot', { params: event.params as Record<string, string> });
  if (!reply.ok && (reply.problem.code === 'signed-out' || reply.problem.code === 'not-on-roll')) redirect(303, hasSent ? links.voteAgain(fund.slug, round.slug) : links.vote(fund.slug, round.slug));
  const ballot = must(reply);
  const parts = partsOf(round, ballot.area);
  const consent = round.consentBelowAge === null ? null : must(await call<typeof readConsent>(event, 'GET', '/funds/:fund/rounds/:round/consent', { params: event.params as Record<string, string> }));
  const given: Given = {
    round: ballot.round, area: ballot.area, current: ballot.current, sitting: sittingOf(event.cookies, ballot.round), parts,
    castUrl: links.castBallot(fund.slug, round.slug), receiptUrl: links.receipt(fund.slug, round.slug), closesAt: ballot.closesAt, until: moment(ballot.closesAt, fund.timeZone), hasChoices: false,
  };
  return { fund, round, parts, ballot, given, consent };
}
