/** What must hold of awards. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from '../../money/invariant.ts';

export const awardInvariants: readonly Invariant[] = [
  {
    name: 'awards-funded', scope: 'fund', sentence: 'Every award was set aside once, in full, in a reservation of its own.',
    sql: `select a.id as award from award a
      left join ledger_account r on r.fund_id = a.fund_id and r.id = a.reservation_id
      where a.fund_id = current_fund() and ((r.kind, r.subject_id) is distinct from ('reservation', a.id) or a.amount_minor is distinct from (
        select sum(t.amount_minor) from transfer t where t.fund_id = a.fund_id and t.to_account_id = a.reservation_id and t.kind = 'award'))`,
  },
  constraintsStand('award-constraints', 'In a round, nobody and nothing is awarded twice.', { award: ['award_once'] }),
  triggersStand('award-triggers', 'Awards stay as they were made.', { award: ['award_append_only'] }),
  privilegesStand('award-privileges', 'The application may make awards and change none.', { award: { insert: true } }),
  rowsAreScoped('award-scoped', 'No fund sees the awards of another.', ['award']),
];
