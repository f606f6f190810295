/** The one next step on a fund's desk, out of everything that waits. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readMoney } from '@commonpot/server/money/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import type { listGrantDesks } from '@commonpot/server/grants/rounds/contract';
import type { listWaiting } from '@commonpot/server/payouts/disbursements/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import { moment, number } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';

type ListedRound = AnswerOf<typeof listRounds>['rounds'][number];

export interface Desk {
  fund: { slug: string; timeZone: string };
  money: AnswerOf<typeof readMoney>;
  payouts: AnswerOf<typeof listWaiting>['payouts'];
  rounds: readonly ListedRound[];
  desks: AnswerOf<typeof listGrantDesks>['desks'];
  people: Pick<AnswerOf<typeof listMembers>, 'members' | 'invitations'>;
}

export interface NextStep {
  heading: string;
  why: string;
  button: string;
  href: string;
  /** Where there are two ways to go on. */
  other?: { button: string; href: string };
}

/** What waits for this person first; then what goes on with a round; then how to begin. Null when nothing is to be done. */
export function nextThing(desk: Desk): NextStep | null {
  return waitingForYou(desk) ?? asked(desk) ?? goesOn(desk) ?? beginning(desk);
}

function waitingForYou({ fund, money, payouts, people }: Desk): NextStep | null {
  const entered = [...money.waiting.contributions, ...money.waiting.reversals].filter((each) => !each.byYou).length;
  if (entered > 0) return { heading: m.desk_money_waits({ count: entered, n: number(entered) }), why: m.desk_money_waits_why(), button: m.desk_money_waits_button(), href: links.money(fund.slug) };
  const recorded = payouts.filter((each) => each.state === 'open' && !each.recordedByYou).length;
  if (recorded > 0) return { heading: m.desk_payouts_wait({ count: recorded, n: number(recorded) }), why: m.desk_payouts_wait_why(), button: m.desk_payouts_wait_button(), href: links.adminAwards(fund.slug) };
  const invited = people.invitations.find((each) => each.mayAgree);
  if (invited) return { heading: m.desk_invited({ name: invited.name }), why: m.desk_invited_why(), button: m.desk_invited_button(), href: links.adminPeople(fund.slug) };
  return null;
}

/** Requests that wait for an answer, those beyond their days first; then awards to pay. */
function asked({ fund, desks }: Desk): NextStep | null {
  const late = desks.find((each) => each.late > 0) ?? desks.find((each) => each.toDecide > 0);
  if (late) return { heading: m.gdesk_home_decide({ n: number(late.toDecide) }), why: m.gdesk_home_decide_why({ title: late.title }), button: m.decide_link(), href: links.grantQueue(fund.slug, late.slug) };
  const unpaid = desks.find((each) => each.toPay > 0);
  if (unpaid) return { heading: m.gdesk_home_pay({ n: number(unpaid.toPay) }), why: m.gdesk_home_pay_why({ title: unpaid.title }), button: m.paying_link(), href: links.paying(fund.slug, unpaid.slug) };
  return null;
}

function goesOn({ fund, rounds, desks }: Desk): NextStep | null {
  const find = (phase: ListedRound['phase']) => rounds.find((round) => round.phase === phase && !round.isPractice);
  const to = (round: ListedRound) => links.adminRound(fund.slug, round.slug);
  const counting = rounds.find((round) => round.phase === 'counting' && round.resultsAt === null && !round.isPractice);
  if (counting) return { heading: m.desk_counting({ title: counting.title }), why: m.desk_counting_why(), button: m.desk_counting_button(), href: to(counting) };
  const results = find('results');
  if (results) return { heading: m.desk_results({ title: results.title }), why: m.desk_results_why(), button: m.desk_results_button(), href: links.adminAwards(fund.slug) };
  const draft = find('draft');
  if (draft) return { heading: m.desk_draft({ title: draft.title }), why: m.desk_draft_why(), button: m.desk_draft_button(), href: to(draft) };
  const asking = desks.find((each) => each.phase === 'draft');
  if (asking) return { heading: m.desk_grant_draft({ title: asking.title }), why: m.desk_grant_draft_why(), button: m.desk_grant_draft_button(), href: links.adminGrant(fund.slug, asking.slug) };
  const notice = find('notice');
  if (notice) return { heading: m.desk_notice({ title: notice.title }), why: notice.votingOpensAt ? m.desk_notice_why({ date: moment(notice.votingOpensAt, fund.timeZone) }) : m.desk_notice_no_date(), button: m.desk_notice_button(), href: to(notice) };
  return null;
}

function beginning({ fund, money, rounds, desks, people }: Desk): NextStep | null {
  if (money.pots.length === 0) return { heading: m.desk_no_pot(), why: m.desk_no_pot_why(), button: m.desk_no_pot_button(), href: links.newPot(fund.slug) };
  // Everybody who works here stands on the first page of a fund that begins.
  const isAlone = people.members.length < 50 && people.members.filter((each) => each.role === 'administrator').length < 2 && people.invitations.length === 0;
  if (isAlone) return { heading: m.desk_second(), why: m.desk_second_why(), button: m.desk_second_button(), href: links.invitePerson(fund.slug) };
  if (money.waiting.contributions.length > 0) return { heading: m.desk_entered(), why: m.desk_entered_why(), button: m.desk_entered_button(), href: links.money(fund.slug) };
  if (money.pots.every((pot) => pot.arrivedMinor === 0)) return { heading: m.desk_no_money(), why: m.desk_no_money_why(), button: m.desk_no_money_button(), href: links.enterMoney(fund.slug) };
  if (rounds.every((round) => round.isPractice) && desks.length === 0) return { heading: m.desk_no_round(), why: m.desk_no_round_why(), button: m.desk_no_round_button(), href: links.newRound(fund.slug), other: { button: m.desk_no_round_grant(), href: links.adminGrants(fund.slug) } };
  return null;
}
