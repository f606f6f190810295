/** What waits in every grant round of a fund, in figures for the desk. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { request } from '@commonpot/db/grants';
import { isAgreed } from '../decisions/reads.ts';
import { awaiting } from '../draw/reads.ts';
import { isHeld } from '../requests/reads.ts';

export interface Waiting {
  /** Requests that an administrator decides, appeals among them, and how many of these wait longer than the charter says. */
  toDecide: number;
  late: number;
  /** Requests before a panel of residents. */
  withPanel: number;
  /** Requests that a draw comes before, and those on its list that the money has not come to. */
  beforeDraw: number;
  listed: number;
  /** Requests that enough agreed to and that wait for money, and what they ask for, in minor units. */
  agreed: number;
  agreedMinor: number;
  /** Awards that the fund can pay now, and awards that wait for a body of the agency. */
  toPay: number;
  withBody: number;
}

/** What waits, by the round's id; a round with nothing waiting is left out. Drafts and closed rounds among them. */
export async function waitingByRound(tx: Transaction, fundId: string, now: Date): Promise<Map<string, Waiting>> {
  const { rows } = await tx.execute<{ id: string } & Record<keyof Waiting, number>>(sql`
    with asked as (
      select request.grant_round_id as id, request.state, request.agree, request.amount_minor, ${isAgreed} as is_agreed, ${isHeld} as is_held, request.state = 'asked' and ${awaiting} as is_before_draw, (c.content->>'answerDays')::int as answer_days,
        coalesce((select max(m.at) from request_move m where request.state = 'appealed' and m.fund_id = request.fund_id and m.request_id = request.id and m.to_state = 'appealed'),
          (select e.let_at from draw_entry e where e.fund_id = request.fund_id and e.request_id = request.id), request.asked_at) as since,
        c.content->'route'->>'kind' = 'agency-adopts' and not exists (select from award a join adoption_award x on x.fund_id = a.fund_id and x.award_id = a.id
          join adoption l on l.fund_id = x.fund_id and l.id = x.adoption_id and l.ended_as is not null where a.fund_id = request.fund_id and a.subject_id = request.id) as is_before_body,
        exists (select from award_payment p where p.fund_id = request.fund_id and p.request_id = request.id and p.ended_as is distinct from 'failed') as is_being_paid,
        (select max(p.ended_at) from award_payment p where p.fund_id = request.fund_id and p.request_id = request.id) as failed_at,
        (select max(k.at) from payment_choice k where k.fund_id = request.fund_id and k.request_id = request.id) as chosen_at,
        request.way = 'bank' and not exists (select from payment_bank b where b.fund_id = request.fund_id and b.request_id = request.id and b.erased_at is null) as lacks_account
      from ${request} join grant_round g on g.fund_id = request.fund_id and g.id = request.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where request.fund_id = ${fundId} and request.state in ('asked', 'half', 'listed', 'appealed', 'awarded')
    ), standing as (
      select *, state in ('asked', 'half', 'appealed') and agree <> 'panel' and not is_before_draw as is_ours from asked where not is_held
    )
    select id,
      (count(*) filter (where is_ours))::int as "toDecide",
      (count(*) filter (where is_ours and since + make_interval(days => answer_days) < ${now.toISOString()}::timestamptz))::int as late,
      (count(*) filter (where state in ('asked', 'appealed') and agree = 'panel' and not is_before_draw))::int as "withPanel",
      (count(*) filter (where is_before_draw))::int as "beforeDraw", (count(*) filter (where state = 'listed' and not is_agreed))::int as listed,
      (count(*) filter (where is_agreed))::int as agreed, coalesce(sum(amount_minor) filter (where is_agreed), 0)::bigint as "agreedMinor",
      (count(*) filter (where state = 'awarded' and is_before_body))::int as "withBody",
      (count(*) filter (where state = 'awarded' and not is_before_body and not is_being_paid and not lacks_account and (failed_at is null or chosen_at > failed_at)))::int as "toPay"
    from standing group by id`);
  return new Map(rows.map(({ id, ...waiting }) => [id, waiting]));
}
