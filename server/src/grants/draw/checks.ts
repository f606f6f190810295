/** What must hold of draws and of the lists they make. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from '../../money/invariant.ts';

export const drawInvariants: readonly Invariant[] = [
  {
    name: 'draws-by-two', scope: 'fund', sentence: 'Every list was drawn by a result that two people typed, or by the value of the beacon that was named, of a public draw on a day after its pool was committed to.',
    sql: `select d.id as draw from grant_draw d where d.fund_id = current_fund() and d.drawn_at is not null and (d.committed_at is null or d.drawn_on <= (d.committed_at at time zone 'UTC')::date
        or not is_beacon_result(d.fund_id, d.draw_name, d.text) and not exists (select from draw_result r where r.fund_id = d.fund_id and r.draw_id = d.id and r.confirmed_by <> r.entered_by and r.text = d.text and r.drawn_on = d.drawn_on))`,
  },
  {
    name: 'lists-without-gaps', scope: 'fund', sentence: 'Everybody of a pool that was drawn has one place on its list, from the first to the last.',
    sql: `select d.id as draw from grant_draw d join draw_entry e on e.fund_id = d.fund_id and e.draw_id = d.id and e.tickets is not null
      where d.fund_id = current_fund() and d.drawn_at is not null group by d.id having count(e.place) <> count(*) or min(e.place) <> 1 or max(e.place) <> count(*)`,
  },
  {
    name: 'lists-in-turn', scope: 'fund', sentence: 'Nobody was given anything before their turn, and nobody who waits was passed over.',
    sql: `select e.request_id as request from draw_entry e join request r on r.fund_id = e.fund_id and r.id = e.request_id where e.fund_id = current_fund() and (
        e.let_at is null and r.state in ('half', 'awarded', 'returned', 'appealed')
        or e.let_as = 'place' and exists (select from draw_entry b join request w on w.fund_id = b.fund_id and w.id = b.request_id
          where b.fund_id = e.fund_id and b.draw_id = e.draw_id and b.place < e.place and b.let_at is null and w.state in ('asked', 'listed')))`,
  },
  {
    name: 'reserve-by-two', scope: 'fund', sentence: 'Whatever could not wait was let through by the word of two.',
    sql: `select e.request_id as request from draw_entry e where e.fund_id = current_fund() and e.let_as = 'reserve'
        and not exists (select from reserve_pick p where p.fund_id = e.fund_id and p.request_id = e.request_id and p.confirmed_by <> p.picked_by)`,
  },
  constraintsStand('draw-constraints', 'The constraints that keep the promises of a draw are in place.', {
    grant_draw: ['grant_draw_later', 'grant_draw_fixed', 'grant_draw_of_pool'], draw_result: ['draw_result_two_people'], draw_entry: ['draw_entry_pool'], reserve_pick: ['reserve_pick_two_people'],
  }),
  triggersStand('draw-triggers', 'A draw stays as it was named, committed to and drawn, and nobody is decided before their turn.', {
    grant_draw: ['grant_draw_hold'], draw_result: ['draw_result_hold', 'draw_result_stays'], draw_entry: ['draw_entry_hold'], reserve_pick: ['reserve_pick_hold', 'reserve_pick_stays'],
    request: ['request_awaiting_hold'], request_decision: ['request_decision_turn'],
  }),
  privilegesStand('draw-privileges', 'The application may change of an entry only its place and when it was let through.', {
    draw_entry: { insert: true, update: ['place', 'let_at', 'let_as'] }, reserve_pick: { insert: true, update: ['confirmed_by', 'confirmed_at'] },
  }),
  rowsAreScoped('draw-scoped', 'No fund sees the draws of another.', ['grant_draw', 'draw_result', 'draw_entry', 'reserve_pick']),
];
