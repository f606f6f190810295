/** The way of a project, from the idea to what was delivered: what happened, oldest first, and what is still to come. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listRoundAwards } from '@commonpot/server/rounds/awards/contract';
import type { readDelivery } from '@commonpot/server/votes/delivery/contract';
import type { readCredits } from '@commonpot/server/votes/review/contract';
import { day, money, number } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import { creditWords, feasibleWords, type Review } from '#lib/proposals/words.ts';
import type { Fund, Project, Round } from '#lib/votes/round.ts';
import type { Picture } from './pictures.ts';

type Delivered = AnswerOf<typeof readDelivery>['projects'][number];
export type Milestone = Delivered['milestones'][number];
export type News = Delivered['news'][number];

export interface Step {
  key: string;
  /** When it happened. */
  at: string;
  title: string;
  /** Leaf for what went well, sun for a delay. */
  tone: '' | 'leaf' | 'sun';
  words: readonly string[];
  links: readonly { href: string; words: string }[];
  pictures: readonly Picture[];
  isCorrected: boolean;
}

export interface Known {
  fund: Fund;
  round: Round;
  project: Project;
  credits: AnswerOf<typeof readCredits> | null;
  review: Review | null;
  /** Whether it won, and in what words; null before it is decided. */
  decision: { won: boolean; words: string } | null;
  award: AnswerOf<typeof listRoundAwards>['awards'][number] | null;
  delivery: Delivered | null;
}

const step = (given: Pick<Step, 'key' | 'at' | 'title'> & Partial<Step>): Step => ({ tone: '', words: [], links: [], pictures: [], isCorrected: false, ...given });

/** A day without a time, as `day` takes it: noon, so that no time zone moves it. */
export const noonOf = (date: string): string => `${date}T12:00:00Z`;

/** Everything that happened to a project, oldest first. */
export function stepsOf(known: Known): Step[] {
  const steps = [...ideaSteps(known), ...reviewSteps(known), ...roundSteps(known), ...paidSteps(known), ...newsSteps(known)];
  // What happened at the same moment keeps the order of the way.
  return steps.map((each, place) => ({ each, place })).sort((a, b) => Date.parse(a.each.at) - Date.parse(b.each.at) || a.place - b.place).map(({ each }) => each);
}

function ideaSteps({ fund, round, credits }: Known): Step[] {
  const at = credits?.ideas.map((idea) => idea.sentAt).sort()[0];
  if (!credits || !at) return [];
  return [step({
    key: 'idea', at, title: m.way_idea({ credit: creditWords(credits) }), pictures: credits.ideas.flatMap((idea) => idea.pictures),
    links: credits.ideas.map((idea) => ({ href: links.idea(fund.slug, round.slug, idea.number), words: idea.title })),
  })];
}

function reviewSteps({ fund, review }: Known): Step[] {
  return [...(review?.versions ?? [])].reverse().flatMap((version) => [
    step({ key: `review-${version.version}`, at: version.at, title: m.way_review({ role: version.role, answer: feasibleWords(version.feasible) }), words: [version.reasons, version.changes ?? '', version.costMinor === null ? '' : `${m.review_cost()}: ${money(version.costMinor, fund.currency)}`] }),
    ...version.replies.map((reply) => step({ key: `reply-${version.version}-${reply.idea}`, at: reply.at, title: reply.by ? m.way_reply({ name: reply.by }) : m.way_reply_neighbour(), words: [reply.words] })),
  ]);
}

function roundSteps({ fund, round, project, decision }: Known): Step[] {
  const titles: Partial<Record<Round['phase'], string>> = { notice: m.way_notice({ number: project.number }), voting: m.way_voting(), counting: m.way_counting() };
  const moves = round.moves.flatMap(({ to, at }) => {
    const title = titles[to];
    return title ? [step({ key: to, at, title })] : [];
  });
  const decided = round.moves.find((move) => move.to === 'results');
  if (!decided || !decision) return moves;
  return [...moves, step({
    key: 'results', at: decided.at, title: decision.won ? m.way_won() : m.way_not_won(), tone: decision.won ? 'leaf' : '', words: [decision.words],
    links: [{ href: links.results(fund.slug, round.slug), words: m.round_see_results() }],
  })];
}

function paidSteps({ award, round }: Known): Step[] {
  return (award?.stages ?? []).flatMap((stage) => (stage.paidAt ? [step({ key: `paid-${stage.number}`, at: stage.paidAt, title: m.way_paid({ amount: money(stage.amountMinor, round.currency), title: stage.title }), tone: 'leaf' })] : []));
}

function newsSteps({ delivery, fund }: Known): Step[] {
  const news = delivery?.news ?? [];
  const told = new Map(news.map((each) => [each.id, each]));
  const on = (at: string) => day(at, fund.timeZone);
  return news.map((each) => step({
    key: each.id, at: each.at, title: newsTitle(each), tone: each.kind === 'done' ? 'leaf' : each.kind === 'delayed' ? 'sun' : '', pictures: each.pictures, isCorrected: each.isCorrected,
    words: [each.words, ...(each.byDeliverer && delivery?.delivererName ? [m.way_by_deliverer({ name: delivery.delivererName })] : []), ...(each.newDueOn ? [m.way_delay_until({ date: on(noonOf(each.newDueOn)), reason: each.reason ?? '' })] : []), ...(each.corrects ? [m.way_corrects({ date: on(told.get(each.corrects)?.at ?? each.at) })] : [])],
  }));
}

/** What a piece of news is, in a few words. */
export function newsTitle({ kind, milestone }: News): string {
  const title = milestone?.title ?? '';
  switch (kind) {
    case 'done': return m.way_done({ title });
    case 'delayed': return m.way_delayed({ title });
    case 'correction': return m.way_correction();
    case 'news': return milestone ? m.way_news_of({ title }) : m.way_news();
  }
}

/** Where a promised step stands. */
export const standingWords = { planned: m.deliver_planned, delayed: m.deliver_delayed, done: m.deliver_done };

/** By when and by whom; a moved day stands beside the first. */
export function dueWords(milestone: Milestone, timeZone: string): string {
  const on = (date: string) => day(noonOf(date), timeZone);
  const { who, dueOn, plannedFor } = milestone;
  return dueOn === plannedFor ? m.way_due({ date: on(dueOn), who }) : m.way_due_moved({ date: on(dueOn), first: on(plannedFor), who });
}

/** The heading: how far the promised steps have come. */
export function wayTitle(milestones: readonly Milestone[]): string {
  const done = milestones.filter((each) => each.standing === 'done').length;
  if (milestones.length === 0) return m.way_title();
  return done === milestones.length ? m.way_title_done() : m.way_steps_done({ count: milestones.length, n: number(milestones.length), done: number(done) });
}
