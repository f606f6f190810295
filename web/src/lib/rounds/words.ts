/** What administrators read about a round: where it stands, what is missing, and where to mend it. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { preflightRound } from '@commonpot/server/rounds/contract';
import { inOneLine, moment, money, number } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import type { AdminRound, Step } from './steps.ts';

type Phase = AdminRound['phase'];
type Item = AnswerOf<typeof preflightRound>['items'][number];

/** The phase in a word or two, for tags and lists. */
export function phaseName(phase: Phase): string {
  return {
    draft: m.rounds_phase_draft, ideas: m.rounds_phase_ideas, review: m.rounds_phase_review, notice: m.rounds_phase_notice, voting: m.rounds_phase_voting,
    counting: m.rounds_phase_counting, results: m.rounds_phase_results, delivery: m.rounds_phase_delivery, closed: m.rounds_phase_closed,
  }[phase]();
}

/** Where the round stands, in a sentence. */
export function standing(round: Pick<AdminRound, 'phase' | 'votingOpensAt' | 'votingClosesAt' | 'resultsAt'> & { isSetAside?: boolean }, timeZone: string): string {
  const at = (iso: string | null) => (iso ? moment(iso, timeZone) : m.rounds_no_date());
  if (round.isSetAside) return m.round_stands_set_aside();
  switch (round.phase) {
    case 'draft': return m.rounds_standing_draft();
    case 'ideas': return m.rounds_standing_ideas();
    case 'review': return m.rounds_standing_review();
    case 'notice': return m.rounds_standing_notice({ date: at(round.votingOpensAt) });
    case 'voting': return m.rounds_standing_voting({ date: at(round.votingClosesAt) });
    case 'counting': return round.resultsAt ? m.rounds_standing_counting_until({ date: at(round.resultsAt) }) : m.rounds_standing_counting();
    case 'results': return m.rounds_standing_results();
    case 'delivery': return m.rounds_standing_delivery();
    case 'closed': return m.rounds_standing_closed();
  }
}

/** The button that moves a round into a phase. */
export function moveButton(to: Phase): string {
  return {
    draft: m.rounds_move_on, ideas: m.rounds_move_ideas, review: m.rounds_move_review, notice: m.rounds_move_notice, voting: m.rounds_move_voting,
    counting: m.rounds_move_counting, results: m.rounds_move_results, delivery: m.rounds_move_delivery, closed: m.rounds_move_closed,
  }[to]();
}

/** What happens when a round enters a phase, said before the button is pressed. */
export function moveMeans(to: Phase): string {
  return {
    draft: m.rounds_means_other, ideas: m.rounds_means_other, review: m.rounds_means_other, notice: m.rounds_means_notice, voting: m.rounds_means_voting,
    counting: m.rounds_means_counting, results: m.rounds_means_results, delivery: m.rounds_means_delivery, closed: m.rounds_means_closed,
  }[to]();
}

/** How each person chooses, in a few words. */
export const formNames = {
  knapsack: m.rounds_form_knapsack, 'up-to': m.rounds_form_up_to, 'at-least': m.rounds_form_at_least, one: m.rounds_form_one,
  points: m.rounds_form_points, scores: m.rounds_form_scores, ranking: m.rounds_form_ranking,
};

/** The question of a step. */
export function stepQuestion(step: Step): string {
  return { name: m.rounds_name_title, money: m.rounds_money_title, who: m.rounds_who_title, projects: m.rounds_projects_question, counting: m.rounds_counting_title, dates: m.rounds_dates_title }[step]();
}

/** The link that goes on with a step. */
export function stepLink(step: Step): string {
  return { name: m.rounds_go_name, money: m.rounds_go_money, who: m.rounds_go_who, projects: m.rounds_go_projects, counting: m.rounds_go_counting, dates: m.rounds_go_dates }[step]();
}

/** One item of the preflight: its sentence, and where to mend it. */
export function preflightWords(item: Item, fund: string, round: string): { sentence: string; href: string; button: string } {
  const { sentence, step } = preflightSentence(item);
  return { sentence, href: links.adminRound(fund, round, step), button: mendButton(step) };
}

type Place = NonNullable<Parameters<typeof links.adminRound>[2]>;

/** The button that leads to where something is put right. */
function mendButton(step: Place): string {
  return {
    name: m.rounds_go_name, money: m.rounds_mend_money, areas: m.areas_mend, limits: m.limits_mend, who: m.rounds_mend_who, projects: m.rounds_mend_projects, counting: m.rounds_mend_counting, dates: m.rounds_mend_dates,
    recovery: m.rounds_mend_recovery, sealing: m.sealing_link, roll: m.rounds_codes_to_roll, codes: m.rounds_mend_codes, move: m.rounds_move_on,
  }[step]();
}

function preflightSentence(item: Item): { sentence: string; step: Place } {
  const count = Number(item.facts.count ?? 0);
  const named = { count, n: number(count), numbers: inOneLine(Array.isArray(item.facts.numbers) ? item.facts.numbers : []) };
  const sum = (fact: string) => money(Number(item.facts[fact] ?? 0), String(item.facts.currency ?? 'GBP'));
  switch (item.code) {
    case 'pot-chosen': return { sentence: item.ok ? m.rounds_check_pot_yes() : m.rounds_check_pot_no(), step: 'money' };
    case 'budget-set': return { sentence: item.ok ? m.rounds_check_budget_yes() : m.rounds_check_budget_no(), step: 'money' };
    case 'budget-covered': return { sentence: item.ok ? m.rounds_check_covered_yes() : m.rounds_check_covered_no({ budget: sum('budgetMinor'), free: sum('freeMinor') }), step: 'money' };
    case 'credentials-chosen': return { sentence: item.ok ? m.rounds_check_credentials_yes() : m.rounds_check_credentials_no(), step: 'who' };
    case 'roll-filled': return { sentence: item.ok ? m.rounds_check_roll_yes() : m.rounds_check_roll_no(), step: item.facts.needsNames && Number(item.facts.names) === 0 ? 'roll' : 'codes' };
    case 'consents-known': return { sentence: item.ok ? m.consent_check_yes() : m.consent_check_no(named), step: 'roll' };
    case 'areas-known': return { sentence: item.ok ? m.rounds_check_areas_yes() : m.rounds_check_areas_no(named), step: 'who' };
    case 'one-person-once': return { sentence: item.ok ? m.rounds_check_once_yes() : m.rounds_check_once_no({ n: number(Number(item.facts.codesWithoutName)) }), step: 'who' };
    case 'projects-there': return { sentence: item.ok ? m.rounds_check_projects_yes(named) : m.rounds_check_projects_no(), step: 'projects' };
    case 'projects-affordable': return { sentence: item.ok ? m.rounds_check_affordable_yes() : m.rounds_check_affordable_no(named), step: 'projects' };
    case 'projects-delivered': return { sentence: item.ok ? m.rounds_check_delivered_yes() : m.rounds_check_delivered_no(named), step: 'projects' };
    case 'ballot-form': return { sentence: item.ok ? m.rounds_check_form_yes() : m.rounds_check_form_no(), step: 'counting' };
    case 'rule': return { sentence: item.ok ? m.rounds_check_rule_yes() : m.rounds_check_rule_no(), step: 'counting' };
    case 'rule-fits': return { sentence: item.ok ? m.rounds_check_fits_yes() : m.rounds_check_fits_no(), step: 'counting' };
    case 'areas-vote': return { sentence: item.ok ? m.areas_check_yes() : m.areas_check_no(), step: 'who' };
    case 'areas-within-budget': return { sentence: item.ok ? m.areas_within_yes() : m.areas_within_no(), step: 'areas' };
    case 'voters-have-areas': return { sentence: item.ok ? m.areas_voters_yes() : m.areas_voters_no(named), step: 'roll' };
    case 'dates-in-order': return { sentence: item.ok ? m.rounds_check_dates_yes() : m.rounds_check_dates_no(), step: 'dates' };
    case 'recovery-settled': return { sentence: item.ok ? m.rounds_check_recovery_yes() : m.rounds_check_recovery_no(), step: 'recovery' };
    default: return { sentence: item.code, step: 'name' };
  }
}

/** What the check of who takes part proves. */
export function proofSentence(proves: AdminRound['proves']): string {
  return proves === 'one-address' ? m.rounds_proves_address() : proves === 'one-code' ? m.rounds_proves_code() : proves === 'one-name' ? m.rounds_proves_name() : '';
}
