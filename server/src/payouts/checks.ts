/** What must hold of money on its way out, beside what the ledger itself promises. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from '../money/invariant.ts';

const vouchers: Invariant[] = [
  {
    name: 'vouchers-add-up', scope: 'fund', sentence: 'Of every voucher: issued = redeemed + expired + cancelled + outstanding.',
    sql: `select v.id as voucher, v.value_minor::text, taken.minor::text as redeemed, v.returned_minor::text as returned, l.balance_minor::text as outstanding
      from voucher v left join ledger_level l on l.fund_id = v.fund_id and l.account_id = v.account_id
      cross join lateral (select coalesce(sum(amount_minor), 0) as minor from redemption r where r.fund_id = v.fund_id and r.voucher_id = v.id and r.undone_at is null) taken
      where v.fund_id = current_fund() and v.value_minor is distinct from taken.minor + coalesce(v.returned_minor, 0) + l.balance_minor`,
  },
  {
    name: 'vouchers-funded', scope: 'fund', sentence: 'Every voucher was filled once, with its value, from the reservation it names.',
    sql: `select v.id as voucher from voucher v
      where v.fund_id = current_fund() and (
        select count(*) filter (where t.amount_minor = v.value_minor and t.from_account_id = v.reservation_id) <> 1 or count(*) <> 1
        from transfer t where t.fund_id = v.fund_id and t.to_account_id = v.account_id and t.kind <> 'reversal')`,
  },
  {
    name: 'ended-vouchers-empty', scope: 'fund', sentence: 'Nothing is left on a voucher that expired or was cancelled, and what was left went back where it came from.',
    sql: `select v.id as voucher from voucher v
      left join ledger_level l on l.fund_id = v.fund_id and l.account_id = v.account_id
      left join transfer t on t.fund_id = v.fund_id and t.id = v.return_transfer_id
      where v.fund_id = current_fund() and v.ended_as is not null and (l.balance_minor <> 0
        or (v.returned_minor > 0 and (t.amount_minor, t.from_account_id, t.to_account_id) is distinct from (v.returned_minor, v.account_id, v.reservation_id)))`,
  },
  {
    name: 'redemptions-moved', scope: 'fund', sentence: 'Every redemption has its transfer from its voucher to what its shop is owed, and every undoing the reversal of that transfer.',
    sql: `select r.id as redemption from redemption r
      join voucher v on v.fund_id = r.fund_id and v.id = r.voucher_id
      left join ledger_account p on p.fund_id = r.fund_id and p.id = r.payable_account_id
      left join transfer t on t.fund_id = r.fund_id and t.id = r.transfer_id
      left join transfer back on back.fund_id = r.fund_id and back.reverses = r.transfer_id
      where r.fund_id = current_fund() and (
        (t.amount_minor, t.from_account_id, t.to_account_id) is distinct from (r.amount_minor, v.account_id, r.payable_account_id)
        or (p.kind, p.subject_id) is distinct from ('payable', r.shop_id)
        or back.id is distinct from r.undo_transfer_id)`,
  },
  {
    name: 'no-stray-voucher-money', scope: 'fund', sentence: 'No money enters or leaves a voucher but by its issue, a redemption, an undoing, or its end.',
    sql: `select t.id as transfer from transfer t
      join ledger_account a on a.fund_id = t.fund_id and a.id in (t.from_account_id, t.to_account_id) and a.kind = 'voucher'
      left join voucher v on v.fund_id = t.fund_id and v.account_id = a.id
      where t.fund_id = current_fund() and (v.id is null or not (
        (t.to_account_id = v.account_id and t.kind <> 'reversal') or t.id is not distinct from v.return_transfer_id
        or exists (select from redemption r where r.fund_id = t.fund_id and r.voucher_id = v.id and t.id in (r.transfer_id, r.undo_transfer_id))))`,
  },
];

const payouts: Invariant[] = [
  {
    name: 'paid-at-most-once', scope: 'fund', sentence: 'No disbursement is paid more than once, and none has two payouts under way, in doubt or done.',
    sql: `select disbursement_id as disbursement from payout where fund_id = current_fund() and state in ('open', 'unknown', 'paid') group by disbursement_id having count(*) > 1`,
  },
  {
    name: 'payouts-moved', scope: 'fund', sentence: 'Every payout that was paid has its transfer from where the money was set aside to the outside; every returned one its reversal; no other has moved anything.',
    sql: `select p.id as payout from payout p join disbursement d on d.fund_id = p.fund_id and d.id = p.disbursement_id
      left join transfer t on t.fund_id = p.fund_id and t.id = p.transfer_id
      left join ledger_account a on a.fund_id = t.fund_id and a.id = t.to_account_id
      left join transfer back on back.fund_id = p.fund_id and back.reverses = p.transfer_id
      where p.fund_id = current_fund() and (
        (p.transfer_id is not null and ((t.amount_minor, t.from_account_id, a.kind) is distinct from (d.amount_minor, d.source_account_id, 'outside')))
        or back.id is distinct from p.return_transfer_id
        or (p.transfer_id is null and exists (select from transfer s where s.fund_id = p.fund_id and s.subject_id = p.id)))`,
  },
  {
    name: 'payouts-two-people', scope: 'fund', sentence: 'Every payment was recorded by one person and confirmed by another.',
    sql: `select id as payout from payout where fund_id = current_fund() and state in ('paid', 'returned') and (confirmed_by is null or confirmed_by = recorded_by)`,
  },
  {
    name: 'stages-told', scope: 'fund', sentence: 'Every stage that was released had a published update of its own before.',
    sql: `select p.id as payout from payout p left join disbursement_update u on u.fund_id = p.fund_id and u.id = p.update_id
      where p.fund_id = current_fund() and p.kind = 'stage' and (u.id is null or u.disbursement_id <> p.disbursement_id or u.published_at > p.recorded_at)`,
  },
  {
    name: 'plans-add-up', scope: 'fund', sentence: 'The stages of every plan sum exactly to it, and what is not paid yet is still set aside.',
    sql: `select n.id as plan, n.amount_minor::text, parts.minor::text as stages, parts.paid::text, l.balance_minor::text as held from disbursement_plan n
      left join ledger_level l on l.fund_id = n.fund_id and l.account_id = n.reservation_id
      cross join lateral (select coalesce(sum(d.amount_minor), 0) as minor, coalesce(sum(d.amount_minor) filter (where exists (
          select from payout p where p.fund_id = d.fund_id and p.disbursement_id = d.id and p.state = 'paid')), 0) as paid
        from disbursement d where d.fund_id = n.fund_id and d.plan_id = n.id) parts
      where n.fund_id = current_fund() and (parts.minor <> n.amount_minor or (n.replaced_at is null and l.balance_minor is distinct from n.amount_minor - parts.paid))`,
  },
  {
    name: 'shops-owed', scope: 'fund', sentence: 'Each shop is owed exactly what it took, less what it gave back and what it was paid.',
    sql: `select a.subject_id as shop, l.balance_minor::text as owed, taken.minor::text as taken, paid.minor::text as paid from ledger_account a
      left join ledger_level l on l.fund_id = a.fund_id and l.account_id = a.id
      cross join lateral (select coalesce(sum(amount_minor), 0) as minor from redemption r where r.fund_id = a.fund_id and r.payable_account_id = a.id and r.undone_at is null) taken
      cross join lateral (select coalesce(sum(p.amount_minor), 0) as minor from payout p join disbursement d on d.fund_id = p.fund_id and d.id = p.disbursement_id
        where p.fund_id = a.fund_id and d.source_account_id = a.id and p.state = 'paid') paid
      where a.fund_id = current_fund() and a.kind = 'payable' and l.balance_minor is distinct from taken.minor - paid.minor`,
  },
  {
    name: 'settlements-add-up', scope: 'fund', sentence: 'Every settlement is for exactly the redemptions it covers, of its shop and its account.',
    sql: `select d.id as settlement from disbursement d where d.fund_id = current_fund() and d.kind = 'settlement' and d.amount_minor is distinct from (
      select sum(r.amount_minor) from redemption r where r.fund_id = d.fund_id and r.settlement_id = d.id and r.shop_id = d.shop_id and r.payable_account_id = d.source_account_id and r.undone_at is null)`,
  },
];

const appendOnly = ['disbursement', 'disbursement_update', 'payout_change'];

const database: Invariant[] = [
  constraintsStand('payout-constraints', 'The constraints that keep the payouts’ promises are in place, enforced and validated.', {
    payout: ['payout_stage_has_update', 'payout_two_people', 'payout_moved'],
    voucher: ['voucher_return_moved', 'voucher_return_within'],
    redemption: ['redemption_undone_or_settled'],
  }),
  {
    name: 'payout-indexes', scope: 'database', sentence: 'A disbursement can have one payout at a time, and a reservation one plan.',
    sql: `select e.name as index from (values ('payout_once'), ('disbursement_plan_live')) e (name)
      where not exists (select from pg_index where indexrelid = to_regclass(e.name) and indisunique and indisvalid)`,
  },
  triggersStand('payout-triggers', 'The triggers that hold plans, payouts, vouchers and redemptions to their words are in place, and none is switched off.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, [`${table}_append_only`]])),
    disbursement_plan: ['disbursement_plan_adds_up'],
    disbursement: ['disbursement_append_only', 'disbursement_adds_up'],
    payout: ['payout_moves', 'payout_stays'],
    voucher: ['voucher_changes', 'voucher_stays'],
    redemption: ['redemption_changes', 'redemption_stays'],
  }),
  privilegesStand('payout-privileges', 'The application may change of a payout, a voucher or a redemption only how it ends.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, { insert: true }])),
    disbursement_plan: { insert: true, update: ['replaced_at'] },
    payout: { insert: true, update: ['state', 'confirmed_by', 'confirmed_at', 'transfer_id', 'return_transfer_id'] },
    voucher: { insert: true, update: ['printed_at', 'ended_as', 'ended_at', 'ended_by', 'returned_minor', 'return_transfer_id'] },
    redemption: { insert: true, update: ['undone_by', 'undone_at', 'undo_transfer_id', 'settlement_id'] },
  }),
  rowsAreScoped('payout-scoped', 'No fund sees the payouts of another: row-level security is on and forced.', [...appendOnly, 'disbursement_plan', 'payout', 'redemption']),
];

/** What must hold of vouchers and payouts, in the order in which to read it. */
export const payoutInvariants: readonly Invariant[] = [...vouchers, ...payouts, ...database];
