/** Reads of whose time is over. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';

/**
 * People whose every request ended long enough ago, by the charter that each request's round keeps. Ended: taken back, given
 * back, confirmed on appeal, declined and no longer to be appealed, or awarded and paid with nothing under way. The clock of an
 * awarded one starts when its payment began, of one collected later when it was collected.
 */
export async function dueApplicants(tx: Transaction, fundId: string, now: Date, limit: number, only?: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with asked as (
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
      from request r join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where r.fund_id = ${fundId}
    ), ends as (
      select applicant_id, days, case
        when state in ('withdrawn', 'returned', 'upheld') then since
        when state = 'declined' then since + make_interval(days => appeal_days)
        when state = 'awarded' then greatest(since, paid_at) end as ended_at, state, paid_at
      from asked
    )
    select a.id from applicant a
    where a.fund_id = ${fundId} and a.erased_at is null and (${only ?? null}::uuid is null or a.id = ${only ?? null}) and exists (select from ends e where e.applicant_id = a.id)
      and not exists (select from ends e where e.applicant_id = a.id
        and (e.ended_at is null or (e.state = 'awarded' and e.paid_at is null) or e.ended_at + make_interval(days => e.days) > ${now.toISOString()}::timestamptz))
    order by a.id limit ${limit}`);
  return rows.map((row) => row.id);
}
