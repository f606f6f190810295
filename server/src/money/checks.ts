/** Every invariant of the money, as a query that finds what breaks it. `pnpm check-ledger` runs them on the live database. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from './invariant.ts';

/** One row for each side of each transfer: what left an account, and what entered it. */
const legs = `(
  select fund_id, to_account_id as account_id, amount_minor as amount_minor from transfer where fund_id = current_fund()
  union all select fund_id, from_account_id, -amount_minor from transfer where fund_id = current_fund()) leg`;

const ledger: Invariant[] = [
  {
    name: 'legs-exist', scope: 'fund', sentence: 'Both accounts of every transfer exist, in its fund.',
    sql: `select t.id as transfer from transfer t
      left join ledger_account f on f.fund_id = t.fund_id and f.id = t.from_account_id
      left join ledger_account a on a.fund_id = t.fund_id and a.id = t.to_account_id
      where t.fund_id = current_fund() and (f.id is null or a.id is null)`,
  },
  {
    name: 'legs-share-currency', scope: 'fund', sentence: 'Both accounts of every transfer hold its currency.',
    sql: `select t.id as transfer from transfer t join ledger_account a on a.fund_id = t.fund_id and a.id in (t.from_account_id, t.to_account_id)
      where t.fund_id = current_fund() and a.currency <> t.currency`,
  },
  {
    name: 'legs-share-restriction', scope: 'fund', sentence: 'Restricted money never leaves its restriction: both accounts of every transfer have the transfer’s.',
    sql: `select t.id as transfer from transfer t join ledger_account a on a.fund_id = t.fund_id and a.id in (t.from_account_id, t.to_account_id)
      where t.fund_id = current_fund() and a.restriction_id <> t.restriction_id`,
  },
  {
    name: 'amounts-positive', scope: 'fund', sentence: 'Every amount is positive.',
    sql: `select id as transfer from transfer where fund_id = current_fund() and amount_minor <= 0`,
  },
  {
    name: 'two-accounts', scope: 'fund', sentence: 'Every transfer goes from one account to another.',
    sql: `select id as transfer from transfer where fund_id = current_fund() and from_account_id = to_account_id`,
  },
  {
    name: 'entries-sum-to-zero', scope: 'fund', sentence: 'All accounts of a fund together hold zero in each currency: money came from outside, is inside, or went out.',
    sql: `select a.currency, sum(leg.amount_minor)::text as sum_minor from ${legs} join ledger_account a on a.fund_id = leg.fund_id and a.id = leg.account_id
      group by a.currency having sum(leg.amount_minor) <> 0`,
  },
  {
    name: 'levels-complete', scope: 'fund', sentence: 'Every account but the outside has a level, and the outside has none.',
    sql: `select coalesce(a.id, l.account_id) as account from (select * from ledger_account where fund_id = current_fund()) a
      full join (select * from ledger_level where fund_id = current_fund()) l on l.account_id = a.id
      where a.id is null or (a.kind = 'outside') <> (l.account_id is null)`,
  },
  {
    name: 'levels-are-sums', scope: 'fund', sentence: 'Every level is the sum of its account’s transfers.',
    sql: `select l.account_id as account, l.balance_minor, coalesce(s.sum_minor, 0)::text as sum_minor from ledger_level l
      left join (select account_id, sum(amount_minor) as sum_minor from ${legs} group by account_id) s using (account_id)
      where l.fund_id = current_fund() and l.balance_minor <> coalesce(s.sum_minor, 0)`,
  },
  {
    name: 'nothing-below-zero', scope: 'fund', sentence: 'No level is below zero.',
    sql: `select account_id as account from ledger_level where fund_id = current_fund() and balance_minor < 0`,
  },
  {
    name: 'nothing-spent-twice', scope: 'fund', sentence: 'From no pot, reservation, voucher or debt more went out than had come in.',
    sql: `select a.kind, a.id as account from ${legs} join ledger_account a on a.fund_id = leg.fund_id and a.id = leg.account_id
      where a.kind <> 'outside' group by a.kind, a.id having sum(leg.amount_minor) < 0`,
  },
  {
    name: 'reversals-mirror', scope: 'fund', sentence: 'Every reversal is the same money the other way, and says what it reverses.',
    sql: `select r.id as transfer from transfer r left join transfer o on o.fund_id = r.fund_id and o.id = r.reverses
      where r.fund_id = current_fund() and (r.reverses is not null or r.kind = 'reversal')
        and (r.kind, r.from_account_id, r.to_account_id, r.currency, r.restriction_id, r.amount_minor)
          is distinct from ('reversal', o.to_account_id, o.from_account_id, o.currency, o.restriction_id, o.amount_minor)`,
  },
  {
    name: 'reversed-once', scope: 'fund', sentence: 'Nothing is reversed twice.',
    sql: `select reverses as transfer from transfer where fund_id = current_fund() and reverses is not null group by reverses having count(*) > 1`,
  },
  {
    name: 'reversals-stand', scope: 'fund', sentence: 'No reversal is reversed.',
    sql: `select r.id as transfer from transfer r join transfer o on o.fund_id = r.fund_id and o.id = r.reverses where r.fund_id = current_fund() and o.reverses is not null`,
  },
];

const accounts: Invariant[] = [
  {
    name: 'accounts-belong', scope: 'fund', sentence: 'Every account has its fund’s currency, and all but the outside have a pot and its restriction.',
    sql: `select a.id as account from ledger_account a join fund f on f.id = a.fund_id left join pot p on p.fund_id = a.fund_id and p.id = a.pot_id
      where a.fund_id = current_fund() and (a.currency <> f.currency or (a.kind = 'outside') <> (a.pot_id is null)
        or (a.kind <> 'outside' and p.restriction_id is distinct from a.restriction_id) or (a.kind = 'pot' and a.subject_id is distinct from a.pot_id))`,
  },
  {
    name: 'accounts-once', scope: 'fund', sentence: 'There is one account for each thing and pot.',
    sql: `select kind, subject_id, pot_id from ledger_account where fund_id = current_fund() group by kind, subject_id, pot_id, restriction_id having count(*) > 1`,
  },
  {
    name: 'pots-have-accounts', scope: 'fund', sentence: 'Every pot names its own account and a restriction that is there.',
    sql: `select p.id as pot from pot p left join ledger_account a on a.fund_id = p.fund_id and a.id = p.account_id
      left join restriction r on r.fund_id = p.fund_id and r.id = p.restriction_id
      where p.fund_id = current_fund() and (a.kind is distinct from 'pot' or a.subject_id is distinct from p.id or r.id is null)`,
  },
];

const doneReversal = `join contribution_reversal_decision d on d.fund_id = r.fund_id and d.reversal_id = r.id and d.decision = 'done'`;

const contributions: Invariant[] = [
  {
    name: 'contributions-two-people', scope: 'fund', sentence: 'Every confirmed contribution was entered by one account and confirmed by another, who typed the same amount.',
    sql: `select d.contribution_id as contribution from contribution_decision d left join contribution c on c.fund_id = d.fund_id and c.id = d.contribution_id
      where d.fund_id = current_fund() and d.decision = 'confirmed'
        and (d.decided_by = c.entered_by or (d.entered_by, d.amount_minor) is distinct from (c.entered_by, c.amount_minor))`,
  },
  {
    name: 'contributions-transferred', scope: 'fund', sentence: 'Every confirmed contribution has exactly its one transfer, from outside into its pot.',
    sql: `select c.id as contribution from contribution c
      join contribution_decision d on d.fund_id = c.fund_id and d.contribution_id = c.id and d.decision = 'confirmed'
      join pot p on p.fund_id = c.fund_id and p.id = c.pot_id
      left join transfer t on t.fund_id = c.fund_id and t.kind = 'contribution' and t.subject_id = c.id
      left join ledger_account f on f.fund_id = t.fund_id and f.id = t.from_account_id
      where c.fund_id = current_fund() group by c.id
      having count(t.id) <> 1 or not bool_and(t.amount_minor = c.amount_minor and t.to_account_id = p.account_id and f.kind = 'outside')`,
  },
  {
    name: 'transfers-confirmed', scope: 'fund', sentence: 'No money enters a pot without a contribution that two people confirmed.',
    sql: `select t.id as transfer from transfer t join ledger_account f on f.fund_id = t.fund_id and f.id = t.from_account_id and f.kind = 'outside'
      left join contribution_decision d on d.fund_id = t.fund_id and d.contribution_id = t.subject_id and d.decision = 'confirmed'
      where t.fund_id = current_fund() and t.reverses is null and (t.kind <> 'contribution' or d.contribution_id is null)`,
  },
  {
    name: 'reversals-two-people', scope: 'fund', sentence: 'Every reversal of a contribution was asked for by one account and done by another.',
    sql: `select r.id as reversal from contribution_reversal r ${doneReversal}
      where r.fund_id = current_fund() and (d.decided_by = r.asked_by or d.asked_by <> r.asked_by)`,
  },
  {
    name: 'reversals-transferred', scope: 'fund', sentence: 'A contribution’s transfer is reversed where two people decided so, and nowhere else.',
    sql: `select t.subject_id as contribution from transfer t
      left join transfer back on back.fund_id = t.fund_id and back.reverses = t.id
      left join (select distinct r.fund_id, r.contribution_id from contribution_reversal r ${doneReversal}) asked on asked.fund_id = t.fund_id and asked.contribution_id = t.subject_id
      where t.fund_id = current_fund() and t.kind = 'contribution' and (back.id is null) <> (asked.contribution_id is null)`,
  },
  {
    name: 'lines-once', scope: 'fund', sentence: 'No line of a bank statement stands twice.',
    sql: `select received_on::text, reference from contribution c
      left join contribution_decision d on d.fund_id = c.fund_id and d.contribution_id = c.id
      where c.fund_id = current_fund() and d.decision is distinct from 'dropped'
        and not exists (select from contribution_reversal r ${doneReversal} where r.fund_id = c.fund_id and r.contribution_id = c.id)
      group by received_on, c.amount_minor, reference having count(*) > 1`,
  },
  {
    name: 'pledges-kept', scope: 'fund', sentence: 'Money for a pledge is in the pot it was pledged to, from the agency that pledged it, and no pledge is withdrawn under money that stands.',
    sql: `select c.id as contribution from contribution c join pledge p on p.fund_id = c.fund_id and p.id = c.pledge_id
      left join contribution_decision d on d.fund_id = c.fund_id and d.contribution_id = c.id
      where c.fund_id = current_fund() and (c.pot_id <> coalesce(p.pot_id, c.pot_id) or c.agency_id <> p.agency_id
        or (p.withdrawn_at is not null and d.decision is distinct from 'dropped'
          and not exists (select from contribution_reversal r ${doneReversal} where r.fund_id = c.fund_id and r.contribution_id = c.id)))`,
  },
];

/** Tables that only grow; a change of the pledge is its withdrawal alone, and levels belong to the triggers. */
const appendOnly = ['restriction', 'pot', 'ledger_account', 'transfer', 'contribution', 'contribution_decision', 'contribution_reversal', 'contribution_reversal_decision'];

const database: Invariant[] = [
  constraintsStand('money-constraints', 'The constraints that keep the money’s promises are in place, enforced and validated.', {
    restriction: ['restriction_pkey', 'restriction_fund_id_theme_area_people_key'],
    pot: ['pot_pkey', 'pot_account', 'pot_fund_id_restriction_id_fkey', 'pot_fund_id_name_key'],
    ledger_account: ['ledger_account_pkey', 'ledger_account_once', 'ledger_account_leg', 'ledger_account_currency', 'ledger_account_pot', 'ledger_account_outside', 'ledger_account_of_pot', 'ledger_account_kind_check', 'ledger_account_fund_id_restriction_id_fkey'],
    ledger_level: ['ledger_level_pkey', 'ledger_level_not_below_zero', 'ledger_level_exact', 'ledger_level_fund_id_account_id_fkey'],
    transfer: ['transfer_pkey', 'transfer_from', 'transfer_to', 'transfer_positive', 'transfer_two_accounts', 'transfer_mirror', 'transfer_reverses', 'transfer_reversed_once', 'transfer_reversal_kind'],
    pledge: ['pledge_pkey', 'pledge_fund_id_reference_key', 'pledge_fund_id_pot_id_fkey', 'pledge_fund_id_agency_id_fkey'],
    contribution: ['contribution_pkey', 'contribution_once', 'contribution_fund_id_pledge_id_agency_id_fkey'],
    contribution_decision: ['contribution_decision_pkey', 'contribution_same_amount', 'contribution_two_people'],
    contribution_reversal: ['contribution_reversal_pkey', 'contribution_reversal_once'],
    contribution_reversal_decision: ['contribution_reversal_decision_pkey', 'contribution_reversal_two_people', 'contribution_reversal_decisio_fund_id_reversal_id_asked_by_fkey'],
  }),
  {
    name: 'money-indexes', scope: 'database', sentence: 'A contribution can enter the ledger only once.',
    sql: `select 'transfer_contribution_once' as index where not exists (
      select from pg_index where indexrelid = to_regclass('transfer_contribution_once') and indisunique and indisvalid)`,
  },
  triggersStand('money-triggers', 'The triggers that move levels and refuse change are in place, and none is switched off.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, [`${table}_append_only`]])),
    ledger_account: ['ledger_account_append_only', 'ledger_account_level'],
    ledger_level: ['ledger_level_only_by_transfers'],
    transfer: ['transfer_append_only', 'transfer_levels', 'transfer_no_second_reversal'],
  }),
  privilegesStand('money-privileges', 'The application may add to the ledger and read it, may change no line and owns nothing.', {
    ...Object.fromEntries(appendOnly.map((table) => [table, { insert: true }])),
    ledger_level: { insert: false },
    pledge: { insert: true, update: ['withdrawn_by', 'withdrawn_at'] },
  }),
  rowsAreScoped('money-scoped', 'No fund sees the money of another: row-level security is on and forced.', [...appendOnly, 'ledger_level', 'pledge']),
];

/** What must hold of the money, in the order in which to read it. */
export const moneyInvariants: readonly Invariant[] = [...ledger, ...accounts, ...contributions, ...database];
