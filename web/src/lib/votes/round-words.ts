/** What a round says about itself: where it stands, who takes part, how it is counted, and why a project was chosen or not. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { inOneLine, moment, money, number, weekday } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Round } from './round.ts';
import type { BallotForm } from './terms.ts';

type Standing = Pick<AnswerOf<typeof listRounds>['rounds'][number], 'phase' | 'ideasCloseAt' | 'votingOpensAt' | 'votingClosesAt' | 'resultsAt'> & { isSetAside?: boolean };
export type Tally = AnswerOf<typeof readTally>;
export type Decision = Tally['decisions'][number];

/** Where a round stands and what comes next, in one sentence. */
export function standing(round: Standing, timeZone: string): string {
  const when = (at: string | null) => (at ? moment(at, timeZone) : '');
  if (round.isSetAside) return m.round_stands_set_aside();
  switch (round.phase) {
    case 'draft': return m.round_stands_draft();
    case 'ideas': return round.ideasCloseAt ? m.ideas_until({ date: when(round.ideasCloseAt) }) : m.ideas_until_open();
    case 'review': case 'notice': return round.votingOpensAt ? m.round_stands_before({ opens: when(round.votingOpensAt) }) : m.round_stands_soon();
    case 'voting': return m.round_stands_voting({ until: when(round.votingClosesAt) });
    case 'counting': return round.resultsAt ? m.round_stands_counting({ day: weekday(round.resultsAt, timeZone) }) : m.round_stands_counting_soon();
    default: return m.round_stands_results();
  }
}

/** The heading of a round's page. */
export function roundHeading(round: Round): string {
  const budget = money(round.budgetMinor ?? 0, round.currency);
  if (round.isSetAside) return m.round_heading_set_aside({ budget });
  switch (round.phase) {
    case 'draft': case 'ideas': case 'review': case 'notice': return m.round_heading_before({ budget });
    case 'voting': return m.round_heading_voting({ budget });
    case 'counting': return m.round_heading_counting({ budget });
    default: return m.round_heading_results({ budget });
  }
}

/** Who may vote, in one sentence. */
export function whoMayVote({ minimumAge, area, credentials }: Pick<Round, 'minimumAge' | 'area' | 'credentials'>): string {
  const age = minimumAge === null ? '' : number(minimumAge);
  if (area.length > 0) return age ? m.round_who_age_area({ age, area: listOf(area) }) : m.round_who_area({ area: listOf(area) });
  if (age) return m.round_who_age({ age });
  if (credentials.includes('sign-in')) return m.round_who_all();
  if (!credentials.includes('roll')) return m.round_who_code();
  return credentials.includes('code') ? m.round_who_listed_or_code() : m.round_who_listed();
}

/** Names in a row; of a long list the first few and how many more. */
export function listOf(names: readonly string[]): string {
  const most = 6;
  return names.length <= most ? inOneLine(names) : m.round_list_more({ names: inOneLine(names.slice(0, most)), n: number(names.length - most), count: names.length - most });
}

/** What the check of who takes part proves, and what it does not. */
export function provedWords(proves: NonNullable<Round['proves']>): string {
  return proves === 'one-address' ? m.round_proves_one_address() : proves === 'one-code' ? m.round_proves_one_code() : m.round_proves_one_name();
}

/** What a ballot may hold. */
export function ballotFormWords(form: BallotForm, budget: string): string {
  switch (form.kind) {
    case 'knapsack': return m.round_form_knapsack({ budget });
    case 'one': return m.round_form_one();
    case 'up-to': return m.round_form_up_to({ k: number(form.k), count: form.k });
    case 'at-least': return m.round_form_at_least({ k: number(form.k), count: form.k });
    case 'ranking': return m.round_form_ranking({ k: number(form.k), count: form.k });
    case 'points': return m.round_form_points({ n: number(form.total), most: number(form.most), count: form.total });
    case 'scores': return m.round_form_scores({ most: number(form.most) });
  }
}

/** True for a project that is chosen, or would be as things stand. */
export function isChosen({ reason }: Decision): boolean {
  return reason.kind === 'won' || reason.kind === 'leads';
}

/** How many votes a project had, or points where ballots give points or rank. */
export function votesWords(votes: number, { counts }: Pick<Tally, 'counts'>): string {
  const words = { n: number(votes), count: votes };
  return counts === 'points' ? m.vote_points(words) : m.result_votes(words);
}

/** What a project would have needed to be eligible. */
export function neededWords({ needed, of }: { needed: number; of: 'votes' | 'supporters' }, { counts }: Pick<Tally, 'counts'>): string {
  const words = { needed: number(needed), count: needed };
  return counts === 'points' && of === 'votes' ? m.result_below_points(words) : m.result_below(words);
}

/** Why a project was chosen or not, in one sentence. */
export function reasonWords({ reason }: Decision, tally: Tally): string {
  const amount = (minor: number) => money(minor, tally.currency);
  const titleOf = (of: string) => tally.decisions.find((each) => each.project === of)?.title ?? of;
  switch (reason.kind) {
    case 'won': return reason.through === 'completion' ? m.result_won_completion() : m.result_won();
    case 'leads': return m.result_leads();
    case 'trails': return m.result_trails();
    case 'no-votes': return tally.counts === 'points' ? m.result_no_points() : m.result_no_votes();
    case 'withdrawn': return m.result_withdrawn();
    case 'below-threshold': return neededWords(reason, tally);
    case 'conflict': return m.result_conflict({ title: titleOf(reason.with) });
    case 'cap': return m.result_cap({ over: amount(reason.overMinor), name: reason.name });
    case 'short': return reason.afterWinners === 0 ? m.result_short_first({ short: amount(reason.shortMinor) }) : m.result_short({ short: amount(reason.shortMinor), n: number(reason.afterWinners), count: reason.afterWinners });
    case 'stopped': return m.result_stopped({ title: titleOf(reason.at) });
    case 'supporters-short': return m.result_supporters_short({ had: amount(reason.supportersMinor), short: amount(reason.shortMinor) });
  }
}

/** What became of a project, why, and the number of its votes once they are told; each thing once. */
export function fateWords(decision: Decision, tally: Tally): { fate: string; more: string } {
  const reason = reasonWords(decision, tally);
  const votes = decision.votes === null ? '' : `${votesWords(decision.votes, tally)}.`;
  // The reason of a winner says that it won.
  return isChosen(decision) ? { fate: reason, more: votes } : { fate: m.project_not_chosen(), more: `${reason} ${votes}`.trim() };
}
