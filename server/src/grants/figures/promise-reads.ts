/** Whether the dates that were promised were kept: an answer from when there was money to decide over, and the money from when nothing was in its way. */
import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Transaction } from '@commonpot/db/client';
import { request } from '@commonpot/db/grants';
import { awaiting } from '../draw/reads.ts';
import { isHeld } from '../requests/reads.ts';
import type { kept, promises } from './contract.ts';
import { FEWEST } from './rules.ts';

interface Counted {
  of: number;
  late: number;
}

const show = ({ of, late }: Counted): z.output<typeof kept> => (of < FEWEST ? null : { of, late: late > 0 && late < FEWEST ? null : late });

/**
 * The promises of a round, or of all of a fund, as they stood at `until`. An answer is promised from asking, or where there is a draw from when
 * the money came to a request; an answer is a no, an award, or a yes that waits for money. The money is promised from the award, from when the
 * agency’s body adopted it, and from what the person chose last; it is there when a voucher is issued, cash waits, or a transfer is confirmed.
 */
export async function promisesOf(tx: Transaction, of: { fundId: string; grantRoundId?: string }, until: Date): Promise<z.output<typeof promises>> {
  const inRound = of.grantRoundId ? sql`request.grant_round_id = ${of.grantRoundId}` : sql`true`;
  const at = sql`${until.toISOString()}::timestamptz`;
  const day = sql`interval '24 hours'`;
  const { rows } = await tx.execute<{ kind: 'answer' | 'money'; of: number; late: number }>(sql`
    with promised as (
      select 'answer' as kind, coalesce(e.let_at, request.asked_at) + (c.content->>'answerDays')::integer * ${day} as by, (select min(m.at) from request_move m where m.fund_id = request.fund_id
          and m.request_id = request.id and (m.to_state in ('awarded', 'declined') or m.to_state = 'listed' and m.actor_id is not null) and m.at <= ${at}) as done
      from ${request} join grant_round g on g.fund_id = request.fund_id and g.id = request.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
        left join draw_entry e on e.fund_id = request.fund_id and e.request_id = request.id
      where request.fund_id = ${of.fundId} and ${inRound} and request.asked_at <= ${at} and not ${isHeld} and request.state <> 'withdrawn'
        and not ${awaiting} and (e.request_id is null or e.let_at <= ${at})
      union all
      select 'money', greatest(a.made_at, l.ended_at, (select max(k.at) from payment_choice k where k.fund_id = request.fund_id and k.request_id = request.id and k.at <= ${at}),
          (select b.given_at from payment_bank b where b.fund_id = request.fund_id and b.request_id = request.id and b.given_at <= ${at})) + (c.content->>'payDays')::integer * ${day},
        (select min(case p.way when 'voucher' then v.issued_at when 'cash' then p.started_at else o.confirmed_at end) from award_payment p
          left join voucher v on v.fund_id = p.fund_id and v.id = p.voucher_id left join payout o on o.fund_id = p.fund_id and o.disbursement_id = p.disbursement_id and o.state = 'paid'
          where p.fund_id = request.fund_id and p.request_id = request.id and p.ended_as is distinct from 'failed' and p.started_at <= ${at})
      from ${request} join grant_round g on g.fund_id = request.fund_id and g.id = request.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
        join award a on a.fund_id = request.fund_id and a.subject_id = request.id and a.made_at <= ${at}
        left join adoption_award x on x.fund_id = a.fund_id and x.award_id = a.id left join adoption l on l.fund_id = x.fund_id and l.id = x.adoption_id and l.ended_at <= ${at}
      where request.fund_id = ${of.fundId} and ${inRound} and request.state = 'awarded' and (c.content->'route'->>'kind' <> 'agency-adopts' or l.id is not null)
        and (request.way <> 'bank' or exists (select from payment_bank b where b.fund_id = request.fund_id and b.request_id = request.id))
    )
    select kind, (count(*) filter (where done is not null or by < ${at}))::int as of, (count(*) filter (where coalesce(done, ${at}) > by))::int as late from promised group by kind`);
  const counted = (kind: 'answer' | 'money'): Counted => rows.find((row) => row.kind === kind) ?? { of: 0, late: 0 };
  return { answers: show(counted('answer')), money: show(counted('money')) };
}
