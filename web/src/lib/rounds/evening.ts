/** The evening in a hall, step by step, with what is really so beside each step. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readPaper } from '@commonpot/server/votes/paper/contract';
import type { readSealing } from '@commonpot/server/votes/sealing/contract';
import { moment, number } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import type { HallOrder } from '#lib/votes/hall-order.ts';
import type { AdminRound } from './steps.ts';

export interface Known {
  fund: { slug: string; timeZone: string };
  round: AdminRound;
  order: HallOrder;
  paper: AnswerOf<typeof readPaper>;
  /** Tablets that are ready, and all that ever were: with the vote every tablet is an ordinary browser again. */
  tablets: number;
  tabletsEver: number;
  /** The public total. */
  ballots: number;
  sealing: AnswerOf<typeof readSealing>;
  /** When the votes were counted; null before. */
  countedAt: string | null;
}

export interface EveningStep {
  key: string;
  title: string;
  words: string;
  href: string;
  isDone: boolean;
  /** Whether an evening may do without it. */
  isOptional: boolean;
}

const AFTER = ['counting', 'results', 'delivery', 'closed'];

/** Every step, in the order of the evening. */
export function eveningSteps(known: Known): EveningStep[] {
  return [...before(known), ...after(known)];
}

function before({ fund, round, order, paper, tablets, tabletsEver, ballots }: Known): EveningStep[] {
  const [isOpen, isOver] = [round.phase === 'voting', AFTER.includes(round.phase)];
  const when = (at: string) => moment(at, fund.timeZone);
  const moved = (to: string) => round.moves.find((each) => each.to === to)?.at;
  const sheets = paper.batches.reduce((sum, batch) => sum + batch.sheets, 0);
  // Whether somebody came is known by the sheets alone: a tablet tells of nobody.
  const people = paper.done?.people ?? paper.batches.reduce((sum, batch) => sum + batch.people, 0);
  const step = (key: string, title: string, words: string, href: string, isDone: boolean, isOptional = false): EveningStep => ({ key, title, words, href, isDone, isOptional });
  const opened = moved('voting');
  const closed = moved('counting');
  return [
    step('order', m.hall_order(), order.drawn ? m.hall_order_drawn({ when: when(order.drawn.at) }) : order.announced ? m.hall_order_announced() : m.hall_order_none(), links.hall(fund.slug, round.slug, 'order'), order.state === 'drawn', isOver),
    step('paper', m.hall_paper(), sheets > 0 ? m.hall_paper_sheets({ count: sheets, n: number(sheets) }) : m.hall_paper_none(), links.paper(fund.slug, round.slug), sheets > 0, true),
    step('open', m.hall_open(), opened ? m.hall_opened({ when: when(opened) }) : round.votingOpensAt ? m.hall_open_at({ when: when(round.votingOpensAt) }) : m.hall_open_no_date(), links.adminRound(fund.slug, round.slug), isOpen || isOver),
    step('tablets', m.hall_tablets(), !round.credentials.includes('code') ? m.hall_tablets_no_codes() : isOpen || isOver ? m.hall_tablets_ready({ count: isOver ? tabletsEver : tablets, n: number(isOver ? tabletsEver : tablets) }) : m.hall_tablets_wait(), links.tablets(fund.slug, round.slug), tabletsEver > 0, true),
    step('doors', m.hall_doors(), people > 0 ? m.hall_doors_people({ count: people, n: number(people) }) : !isOpen && !isOver ? m.hall_doors_wait() : isOpen && tablets > 0 ? m.hall_doors_tablets() : m.hall_doors_nobody(), links.paper(fund.slug, round.slug), people > 0 || (tabletsEver > 0 && (isOpen || isOver)), true),
    step('close', m.hall_close(), closed ? m.hall_closed({ when: when(closed) }) : isOpen && round.votingClosesAt ? `${m.hall_close_at({ count: ballots, n: number(ballots), when: when(round.votingClosesAt) })} ${m.hall_close_means()}` : m.hall_close_means(), links.wall(fund.slug, round.slug), isOver),
  ];
}

function after({ fund, round, paper, sealing, countedAt }: Known): EveningStep[] {
  const isOver = AFTER.includes(round.phase);
  const hasPaper = paper.batches.length > 0;
  const isIn = paper.done !== null;
  const waitsForLot = sealing.waitingForLot.length > 0;
  const holds = paper.batches.filter((batch) => batch.standing === 'holds').length;
  const boxes = isOver && !hasPaper ? m.hall_typed_none() : isOver ? m.hall_boxes_hold({ holds: number(holds), boxes: number(paper.batches.length) }) : m.hall_boxes_how();
  const typed = isIn ? m.hall_typed_done() : isOver && !hasPaper ? m.hall_typed_none() : paper.sheets !== null ? m.hall_typed_sheets({ agreed: number(paper.read.agreed), sheets: number(paper.sheets) }) : m.hall_typed_count();
  const isCounted = countedAt !== null && !waitsForLot;
  const ends = sealing.objectionsEndAt;
  return [
    { key: 'boxes', title: m.hall_boxes(), words: boxes, href: links.paper(fund.slug, round.slug), isDone: isOver && (!hasPaper || holds === paper.batches.length), isOptional: !hasPaper },
    { key: 'typed', title: m.hall_typed(), words: typed, href: links.paper(fund.slug, round.slug), isDone: isOver && (isIn || !hasPaper), isOptional: !hasPaper },
    { key: 'count', title: m.hall_count(), words: waitsForLot ? m.hall_count_lot() : countedAt ? m.hall_counted({ when: moment(countedAt, fund.timeZone) }) : m.hall_count_soon(), href: waitsForLot ? links.adminRound(fund.slug, round.slug, 'sealing') : links.results(fund.slug, round.slug), isDone: isOver && isCounted, isOptional: false },
    { key: 'announce', title: m.hall_announce(), words: sealing.sealedAt ? m.hall_announce_final() : ends && isCounted ? m.hall_announce_provisional({ when: moment(ends, fund.timeZone) }) : m.hall_announce_later(), href: links.wall(fund.slug, round.slug), isDone: sealing.sealedAt !== null, isOptional: false },
  ];
}

/** What to do now, and what comes next for those who do without it. Null when the evening is over. */
export function nextOf(steps: readonly EveningStep[]): { now: EveningStep; then: EveningStep | null } | null {
  // What could be done without, and was passed, is over.
  const last = steps.findLastIndex((step) => step.isDone);
  const open = steps.filter((step, index) => !step.isDone && !(step.isOptional && index < last));
  const [now] = open;
  if (!now) return null;
  return { now, then: now.isOptional ? (open.find((step) => !step.isOptional) ?? null) : null };
}
