/** What waits in every grant round of a fund, in figures for the desk. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';

export interface Waiting {
  /** Requests that an administrator decides, appeals among them, and how many of these wait longer than the charter says. */
  toDecide: number;
  late: number;
  /** Requests before a panel of residents. */
  withPanel: number;
  /** Awards that the fund can pay now, and awards that wait for a body of the agency. */
  toPay: number;
  withBody: number;
}

/** What waits, by the round's id; a round with nothing waiting is left out. Drafts and closed rounds among them. */
export async function waitingByRound(tx: Transaction, fundId: string, now: Date): Promise<Map<string, Waiting>> {
  const { rows } = await tx.execute<{ id: string } & Record<keyof Waiting, number>>(sql`
    with asked as (
      select r.grant_round_id as id, r.state, r.agree, (c.content->>'answerDays')::int as answer_days,
        coalesce((select max(m.at) from request_move m where r.state = 'appealed' and m.fund_id = r.fund_id and m.request_id = r.id and m.to_state = 'appealed'), r.asked_at) as since,
        c.content->'route'->>'kind' = 'agency-adopts' and not exists (select from award a join adoption_award x on x.fund_id = a.fund_id and x.award_id = a.id
          join adoption l on l.fund_id = x.fund_id and l.id = x.adoption_id and l.ended_as is not null where a.fund_id = r.fund_id and a.subject_id = r.id) as is_before_body,
        exists (select from award_payment p where p.fund_id = r.fund_id and p.request_id = r.id and p.ended_as is distinct from 'failed') as is_being_paid,
        (select max(p.ended_at) from award_payment p where p.fund_id = r.fund_id and p.request_id = r.id) as failed_at,
        (select max(k.at) from payment_choice k where k.fund_id = r.fund_id and k.request_id = r.id) as chosen_at,
        r.way = 'bank' and not exists (select from payment_bank b where b.fund_id = r.fund_id and b.request_id = r.id and b.erased_at is null) as lacks_account
      from request r join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where r.fund_id = ${fundId} and r.state in ('asked', 'half', 'appealed', 'awarded')
    ), standing as (
      select *, state = 'appealed' or state in ('asked', 'half') and agree <> 'panel' as is_ours from asked
    )
    select id,
      (count(*) filter (where is_ours))::int as "toDecide",
      (count(*) filter (where is_ours and since + make_interval(days => answer_days) < ${now.toISOString()}::timestamptz))::int as late,
      (count(*) filter (where state = 'asked' and agree = 'panel'))::int as "withPanel",
      (count(*) filter (where state = 'awarded' and is_before_body))::int as "withBody",
      (count(*) filter (where state = 'awarded' and not is_before_body and not is_being_paid and not lacks_account and (failed_at is null or chosen_at > failed_at)))::int as "toPay"
    from standing group by id`);
  return new Map(rows.map(({ id, ...waiting }) => [id, waiting]));
}
