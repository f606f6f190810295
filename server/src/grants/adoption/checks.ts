/** What must hold of awards that a body of the agency adopts. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from '../../money/invariant.ts';

export const adoptionInvariants: readonly Invariant[] = [
  {
    name: 'paid-once-adopted', scope: 'fund', sentence: 'Where the money is still the agency’s, nothing was paid before its body adopted it, and nothing that it refused.',
    sql: `select p.award_id as award from award_payment p join award a on a.fund_id = p.fund_id and a.id = p.award_id
      join grant_round g on g.fund_id = a.fund_id and g.id = a.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      left join adoption_award x on x.fund_id = a.fund_id and x.award_id = a.id left join adoption l on l.fund_id = x.fund_id and l.id = x.adoption_id
      where p.fund_id = current_fund() and c.content->'route'->>'kind' = 'agency-adopts'
        and (l.ended_at is null or p.started_at < l.ended_at or exists (select from award_refusal r where r.fund_id = a.fund_id and r.award_id = a.id))`,
  },
  {
    name: 'refused-by-the-list', scope: 'fund', sentence: 'Every refusal names a reason that the round’s charter published, came before the date, and gave the award back.',
    sql: `select r.award_id as award from award_refusal r join adoption_award x on x.fund_id = r.fund_id and x.award_id = r.award_id join adoption l on l.fund_id = x.fund_id and l.id = x.adoption_id
      join grant_round g on g.fund_id = l.fund_id and g.id = l.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      join award a on a.fund_id = r.fund_id and a.id = r.award_id left join request q on q.fund_id = a.fund_id and q.id = a.subject_id
      where r.fund_id = current_fund() and (not c.content->'route'->'reasons' ? r.reason or r.refused_at >= l.due_at or r.refused_at > coalesce(l.ended_at, r.refused_at) or q.state is distinct from 'returned')`,
  },
  {
    name: 'lists-put-whole', scope: 'fund', sentence: 'Every list before a body holds the awards that it was put with, all of its own round.',
    sql: `select l.id as list from adoption l left join adoption_award x on x.fund_id = l.fund_id and x.adoption_id = l.id left join award a on a.fund_id = x.fund_id and a.id = x.award_id
      where l.fund_id = current_fund() group by l.id, l.awards, l.grant_round_id having count(x.award_id) <> l.awards or bool_or(a.grant_round_id is distinct from l.grant_round_id)`,
  },
  constraintsStand('adoption-constraints', 'The constraints that keep a list to its date are in place.', { adoption: ['adoption_ends_once', 'adoption_by_date'] }),
  triggersStand('adoption-triggers', 'Nothing is paid that was not adopted, and nothing refused but by the body, in time, for a published reason.', {
    adoption: ['adoption_hold', 'adoption_stays', 'adoption_whole'], adoption_award: ['adoption_award_hold', 'adoption_award_whole', 'adoption_award_append_only'],
    award_refusal: ['award_refusal_hold', 'award_refusal_append_only'], award_payment: ['award_payment_adopted'],
  }),
  privilegesStand('adoption-privileges', 'The application may change of a list only how it ends.', {
    adoption: { insert: true, update: ['ended_as', 'ended_by', 'ended_at'] }, adoption_award: { insert: true }, award_refusal: { insert: true },
  }),
  rowsAreScoped('adoption-scoped', 'No fund sees the lists of another.', ['adoption', 'adoption_award', 'award_refusal']),
];
