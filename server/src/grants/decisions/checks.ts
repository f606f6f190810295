/** What must hold of decisions. */
import { triggersStand, type Invariant } from '../../money/invariant.ts';

export const decisionInvariants: readonly Invariant[] = [
  {
    name: 'agreed-by-enough', scope: 'fund', sentence: 'Whatever was given was agreed to by as many as the charter asks for; on appeal by as many again, none of whom decided before.',
    sql: `select r.id as request from request r join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where r.fund_id = current_fund() and r.state in ('awarded', 'returned') and (
        select count(distinct d.account_id) from request_decision d where d.fund_id = r.fund_id and d.request_id = r.id and d.verdict = 'yes'
          and (d.seat = 'appeal') = exists (select from request_move m where m.fund_id = r.fund_id and m.request_id = r.id and m.to_state = 'appealed'))
        < case when r.agree = 'panel' then ((c.content->>'panelSeats')::integer + 1) / 2 when r.agree = 'two' then 2 when r.agree = 'one' then 1
            when exists (select from request_move m where m.fund_id = r.fund_id and m.request_id = r.id and m.to_state = 'appealed') then 1 else 0 end
      union all select d.request_id from request_decision d where d.fund_id = current_fund() group by d.request_id, d.account_id having count(*) > 1`,
  },
  triggersStand('decision-triggers', 'Nobody decides on somebody they know, nobody but its members for a panel, and nothing is given to which fewer agreed than the charter asks for.', {
    request_decision: ['request_decision_hold', 'request_decision_panel', 'request_decision_append_only'], request: ['request_agreement'],
  }),
];
