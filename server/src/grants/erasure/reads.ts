/** Reads of whose time is over. */
import { inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant } from '@commonpot/db/grants';

/**
 * People whose every request ended long enough ago, by the charter that each request's round keeps. Ended: taken back, given
 * back, confirmed on appeal, declined and no longer to be appealed, or awarded and paid with nothing under way. The clock of an
 * awarded one starts when its payment began, of one collected later when it was collected. Of `only` these people, where they are named.
 */
export async function dueApplicants(tx: Transaction, fundId: string, now: Date, limit: number, only?: readonly string[]): Promise<string[]> {
  const among = only ? inArray(applicant.id, [...only]) : sql`true`;
  const { rows } = await tx.execute<{ id: string }>(sql`
    with alive as (
      select id from applicant where fund_id = ${fundId} and erased_at is null and ${among}
    ), asked as (
      select r.applicant_id, r.state, (c.content->>'eraseAfterDays')::int as days, (c.content->'dispute'->>'appealDays')::int as appeal_days,
        coalesce((select m.at from request_move m where m.fund_id = r.fund_id and m.request_id = r.id and m.version = r.state_version), r.asked_at) as since,
        (select max(case p.way
            when 'voucher' then case when v.ended_as is not null then v.ended_at when l.balance_minor = 0 then v.issued_at end
            when 'cash' then case when k.state = 'collected' then k.witnessed_at end
            else o.confirmed_at end)
          from award_payment p
          left join voucher v on v.fund_id = p.fund_id and v.id = p.voucher_id left join ledger_level l on l.fund_id = v.fund_id and l.account_id = v.account_id
          left join cash_payment k on k.fund_id = p.fund_id and k.id = p.cash_id
          left join payout o on o.fund_id = p.fund_id and o.disbursement_id = p.disbursement_id and o.state = 'paid'
          where p.fund_id = r.fund_id and p.request_id = r.id and p.ended_as is distinct from 'failed') as paid_at
      from alive join request r on r.applicant_id = alive.id join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where r.fund_id = ${fundId}
    ), ends as (
      select applicant_id, days, case
        when state in ('withdrawn', 'returned', 'upheld') then since
        when state = 'declined' then since + make_interval(days => appeal_days)
        when state = 'awarded' then greatest(since, paid_at) end as ended_at, state, paid_at
      from asked
    )
    select applicant_id as id from ends group by applicant_id
    having bool_and(ended_at is not null and (state <> 'awarded' or paid_at is not null) and ended_at + make_interval(days => days) <= ${now.toISOString()}::timestamptz)
    order by applicant_id limit ${limit}`);
  return rows.map((row) => row.id);
}
