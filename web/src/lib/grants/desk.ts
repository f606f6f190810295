/** What the desk says about grant rounds. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listGrantDesks } from '@commonpot/server/grants/rounds/contract';
import { moment } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

export type GrantDesk = AnswerOf<typeof listGrantDesks>['desks'][number];
type Phase = GrantDesk['phase'];

export function phaseWords(phase: Phase): string {
  return { draft: m.gadmin_phase_draft, open: m.gadmin_phase_open, deciding: m.gadmin_phase_deciding, paying: m.gadmin_phase_paying, closed: m.gadmin_phase_closed }[phase]();
}

/** The button that moves a round to its next phase, and what it does. */
export function moveWords(to: Exclude<Phase, 'draft'>): { button: string; why: string } {
  const button = { open: m.gadmin_move_open, deciding: m.gadmin_move_deciding, paying: m.gadmin_move_paying, closed: m.gadmin_move_closed }[to];
  const why = { open: m.gdesk_move_open_why, deciding: m.gdesk_move_deciding_why, paying: m.gdesk_move_paying_why, closed: m.gdesk_move_closed_why }[to];
  return { button: button(), why: why() };
}

/** Where a round stands, in a sentence or two. */
export function standingOf(desk: Pick<GrantDesk, 'phase' | 'isAsking' | 'pausedUntil' | 'closesAt'>, timeZone: string): string {
  if (desk.phase === 'draft') return m.gdesk_draft();
  if (desk.pausedUntil) return m.gdesk_reopens({ when: moment(desk.pausedUntil, timeZone) });
  if (!desk.isAsking) return m.gdesk_over();
  return desk.closesAt ? `${m.gdesk_asking()} ${m.gdesk_closes_itself({ when: moment(desk.closesAt, timeZone) })}` : m.gdesk_asking();
}
