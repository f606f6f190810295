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
        or (p.transfer_id is null and exists (select from transfer s where s.fund_id = p.fund_id and s.subject_id = p.id and s.kind <> 'set-aside-return')))`,
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
    name: 'plans-add-up', scope: 'fund', sentence: 'The stages of every plan sum exactly to it, and what is not paid yet is still set aside, but for what went back when a result was set aside.',
    sql: `select n.id as plan, n.amount_minor::text, parts.minor::text as stages, parts.paid::text, l.balance_minor::text as held from disbursement_plan n
      left join ledger_level l on l.fund_id = n.fund_id and l.account_id = n.reservation_id
      cross join lateral (select coalesce(sum(d.amount_minor), 0) as minor, coalesce(sum(d.amount_minor) filter (where exists (
          select from payout p where p.fund_id = d.fund_id and p.disbursement_id = d.id and p.state = 'paid')), 0) as paid
        from disbursement d where d.fund_id = n.fund_id and d.plan_id = n.id) parts
      where n.fund_id = current_fund() and (parts.minor <> n.amount_minor or (n.replaced_at is null and l.balance_minor is distinct from n.amount_minor - parts.paid - coalesce((
          select x.released_minor from set_aside_award x join award a on a.fund_id = x.fund_id and a.id = x.award_id where a.fund_id = n.fund_id and a.reservation_id = n.reservation_id), 0)
          - (select coalesce(sum(t.amount_minor), 0) from transfer t where t.fund_id = n.fund_id and t.from_account_id = n.reservation_id and t.kind = 'set-aside-return')))`,
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

const cash: Invariant[] = [
  {
    name: 'cash-funded', scope: 'fund', sentence: 'Every payment in cash was filled once, with its amount, from the reservation it names.',
    sql: `select c.id as payment from cash_payment c
      where c.fund_id = current_fund() and (
        select count(*) filter (where t.amount_minor = c.amount_minor and t.from_account_id = c.reservation_id) <> 1 or count(*) <> 1
        from transfer t where t.fund_id = c.fund_id and t.to_account_id = c.account_id)`,
  },
  {
    name: 'cash-moved', scope: 'fund', sentence: 'What was collected left once for the outside, what was cancelled or expired went back where it came from, and all else is still held.',
    sql: `select c.id as payment, c.state, l.balance_minor::text as held from cash_payment c
      left join ledger_level l on l.fund_id = c.fund_id and l.account_id = c.account_id
      left join transfer t on t.fund_id = c.fund_id and t.id = c.transfer_id
      left join ledger_account a on a.fund_id = t.fund_id and a.id = t.to_account_id
      left join transfer back on back.fund_id = c.fund_id and back.id = c.return_transfer_id
      where c.fund_id = current_fund() and (
        l.balance_minor is distinct from (case when c.state in ('ready', 'handed-over', 'disputed') then c.amount_minor else 0 end)
        or (c.state = 'collected' and (t.amount_minor, t.from_account_id, a.kind) is distinct from (c.amount_minor, c.account_id, 'outside'))
        or (c.state in ('cancelled', 'expired') and (back.amount_minor, back.from_account_id, back.to_account_id) is distinct from (c.amount_minor, c.account_id, c.reservation_id)))`,
  },
  {
    name: 'no-stray-cash', scope: 'fund', sentence: 'No money enters or leaves a payment in cash but by its issue, its collection, or its end.',
    sql: `select t.id as transfer from transfer t
      join ledger_account a on a.fund_id = t.fund_id and a.id in (t.from_account_id, t.to_account_id) and a.kind = 'cash'
      left join cash_payment c on c.fund_id = t.fund_id and c.account_id = a.id
      where t.fund_id = current_fund() and (c.id is null or not (
        (t.to_account_id = c.account_id and t.from_account_id = c.reservation_id and t.kind = 'cash') or t.id is not distinct from c.transfer_id or t.id is not distinct from c.return_transfer_id))`,
  },
  {
    name: 'cash-two-people', scope: 'fund', sentence: 'Cash was handed over by one person and witnessed by another, neither of them the receiver nor somebody with an interest.',
    sql: `select id as payment from cash_payment where fund_id = current_fund() and (
      (state = 'collected' and (handed_by is null or witnessed_by is null or handed_by = witnessed_by))
      or recipient_account_id in (issued_by, handed_by, witnessed_by) or handed_by = any (barred_account_ids) or witnessed_by = any (barred_account_ids))`,
  },
  {
    name: 'cash-boxes-add-up', scope: 'fund', sentence: 'In every box is what was fetched, less what was handed over out of it; two people counted it out, and two counted it back.',
    sql: `select b.id as box, b.left_minor::text, b.fetched_minor::text, given.minor::text as handed from cash_box b
      cross join lateral (select coalesce(sum(amount_minor), 0) as minor from cash_payment c where c.fund_id = b.fund_id and c.box_id = b.id and c.state in ('handed-over', 'collected', 'disputed')) given
      where b.fund_id = current_fund() and (b.left_minor <> b.fetched_minor - given.minor
        or (given.minor > 0 and b.checked_by is null) or b.checked_by = b.opened_by or b.closed_by = b.counted_by)`,
  },
  {
    name: 'returns-two-people', scope: 'fund', sentence: 'Every payment that came back was said to have come back by two people.',
    sql: `select p.id as payout from payout p left join payout_return r on r.fund_id = p.fund_id and r.payout_id = p.id
      where p.fund_id = current_fund() and p.state = 'returned' and (r.payout_id is null or (not r.is_older and r.confirmed_by is null) or r.confirmed_by = r.asked_by)`,
  },
  {
    name: 'bearer-vouchers-released', scope: 'fund', sentence: 'Every printed voucher that whoever holds the paper may spend was agreed to by a second person.',
    sql: `select v.id as voucher from voucher v
      left join voucher_release r on r.fund_id = v.fund_id and r.voucher_id = v.id
      where v.fund_id = current_fund() and v.holder_account_id is null and v.printed_at is not null and (r.voucher_id is null or r.released_by = v.issued_by)`,
  },
];

const appendOnly = ['disbursement', 'disbursement_update', 'payout_change', 'cash_change', 'voucher_release'];

const database: Invariant[] = [
  constraintsStand('payout-constraints', 'The constraints that keep the payouts’ promises are in place, enforced and validated.', {
    payout: ['payout_stage_has_update', 'payout_two_people', 'payout_moved'],
    voucher: ['voucher_return_moved', 'voucher_return_within'],
    redemption: ['redemption_undone_or_settled'],
    cash_payment: ['cash_two_people', 'cash_not_receiver', 'cash_not_barred', 'cash_dispute_two_people', 'cash_handed', 'cash_moved', 'cash_disputed'],
    cash_box: ['cash_box_not_below_zero', 'cash_box_two_open', 'cash_box_two_close'],
    payout_return: ['payout_return_two_people'],
    voucher_release: ['voucher_release_two_people'],
  }),
  {
    name: 'payout-indexes', scope: 'database', sentence: 'A disbursement can have one payout at a time, a reservation one plan, and a fund one box of cash.',
    sql: `select e.name as index from (values ('payout_once'), ('disbursement_plan_live'), ('cash_box_live')) e (name)
      where not exists (select from pg_index where indexrelid = to_regclass(e.name) and indisunique and indisvalid)`,
  },
  triggersStand('payout-triggers', 'The triggers that hold plans, payouts, vouchers and redemptions to their words are in place, and none is switched off.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, [`${table}_append_only`]])),
    disbursement_plan: ['disbursement_plan_adds_up'],
    disbursement: ['disbursement_append_only', 'disbursement_adds_up'],
    payout: ['payout_moves', 'payout_stays', 'payout_return_needed'],
    payout_return: ['payout_return_changes', 'payout_return_stays'],
    cash_payment: ['cash_payment_moves', 'cash_payment_stays', 'cash_payment_box', 'cash_payment_hands'],
    cash_box: ['cash_box_changes', 'cash_box_stays'],
    voucher: ['voucher_changes', 'voucher_stays', 'voucher_release_needed'],
    redemption: ['redemption_changes', 'redemption_stays', 'redemption_release_needed'],
  }),
  privilegesStand('payout-privileges', 'The application may change of a payout, a voucher or a redemption only how it ends.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, { insert: true }])),
    disbursement_plan: { insert: true, update: ['replaced_at'] },
    payout: { insert: true, update: ['state', 'confirmed_by', 'confirmed_at', 'transfer_id', 'return_transfer_id'] },
    voucher: { insert: true, update: ['printed_at', 'ended_as', 'ended_at', 'ended_by', 'returned_minor', 'return_transfer_id'] },
    payout_return: { insert: true, update: ['confirmed_by'] },
    cash_payment: { insert: true, update: ['state', 'box_id', 'handed_by', 'handed_at', 'witnessed_by', 'witnessed_at', 'disputed_by', 'disputed_at', 'short_minor', 'ended_by', 'ended_at', 'transfer_id', 'return_transfer_id'] },
    cash_box: { insert: true, update: ['name', 'fetched_minor', 'left_minor', 'opened_by', 'opened_at', 'checked_by', 'checked_at', 'counted_minor', 'counted_by', 'counted_at', 'closed_by', 'closed_at'] },
    redemption: { insert: true, update: ['undone_by', 'undone_at', 'undo_transfer_id', 'settlement_id'] },
  }),
  rowsAreScoped('payout-scoped', 'No fund sees the payouts of another: row-level security is on and forced.', [...appendOnly, 'disbursement_plan', 'payout', 'payout_return', 'redemption', 'cash_box']),
];

/** What must hold of vouchers, payouts and cash, in the order in which to read it. */
export const payoutInvariants: readonly Invariant[] = [...vouchers, ...payouts, ...cash, ...database];
