/** What must hold of awards to persons. */
import { constraintsStand, privilegesStand, rowsAreScoped, triggersStand, type Invariant } from '../../money/invariant.ts';

export const grantInvariants: readonly Invariant[] = [
  {
    name: 'grants-awarded', scope: 'fund', sentence: 'Every award to a person belongs to one request, which was awarded that sum by one move, and every awarded request has its award.',
    sql: `select r.id as request, a.id as award, r.state from request r
      full join (select * from award where fund_id = current_fund() and subject_kind = 'person' and grant_round_id is not null) a on a.fund_id = r.fund_id and a.subject_id = r.id
      where coalesce(r.fund_id, a.fund_id) = current_fund() and (r.id is not null and (r.state in ('awarded', 'returned')) <> (a.id is not null)
        or a.id is not null and (r.id is null or a.amount_minor <> r.amount_minor or a.grant_round_id <> r.grant_round_id
          or (select count(*) from request_move m where m.fund_id = a.fund_id and m.request_id = r.id and m.to_state = 'awarded') <> 1))`,
  },
  {
    name: 'grants-paid-once', scope: 'fund', sentence: 'No award has two payments that are going, in doubt or done, and never left more of it than it was.',
    sql: `select a.id as award from award a where a.fund_id = current_fund() and a.grant_round_id is not null and (
        (select count(*) from award_payment p where p.fund_id = a.fund_id and p.award_id = a.id and p.ended_as is distinct from 'failed') > 1
        or (select coalesce(sum(v.value_minor - coalesce(v.returned_minor, 0)), 0) from voucher v where v.fund_id = a.fund_id and v.reservation_id = a.reservation_id)
         + (select coalesce(sum(c.amount_minor), 0) from cash_payment c where c.fund_id = a.fund_id and c.reservation_id = a.reservation_id and c.state not in ('cancelled', 'expired'))
         + (select coalesce(sum(o.amount_minor), 0) from payout o join disbursement d on d.fund_id = o.fund_id and d.id = o.disbursement_id
            where d.fund_id = a.fund_id and d.source_account_id = a.reservation_id and o.state in ('paid', 'unknown')) > a.amount_minor)`,
  },
  {
    name: 'grants-paid-from-their-own', scope: 'fund', sentence: 'Every payment of an award comes out of what was set aside for it.',
    sql: `select p.id as payment from award_payment p join award a on a.fund_id = p.fund_id and a.id = p.award_id
      left join voucher v on v.fund_id = p.fund_id and v.id = p.voucher_id left join cash_payment c on c.fund_id = p.fund_id and c.id = p.cash_id
      left join disbursement d on d.fund_id = p.fund_id and d.id = p.disbursement_id
      where p.fund_id = current_fund() and (a.subject_id <> p.request_id or coalesce(v.reservation_id, c.reservation_id, d.source_account_id) is distinct from a.reservation_id)`,
  },
  {
    name: 'grants-returned-empty', scope: 'fund', sentence: 'Of an award that went back, nothing is left aside and nothing is under way.',
    sql: `select r.id as request, l.balance_minor::text as held from request r join award a on a.fund_id = r.fund_id and a.subject_id = r.id
      join ledger_level l on l.fund_id = a.fund_id and l.account_id = a.reservation_id
      where r.fund_id = current_fund() and r.state = 'returned' and (l.balance_minor <> 0
        or exists (select from award_payment p where p.fund_id = r.fund_id and p.request_id = r.id and p.ended_as is distinct from 'failed'))`,
  },
  {
    name: 'thanks-apart', scope: 'fund', sentence: 'Every thank-you was set aside once out of a pot, in full, and is no award.',
    sql: `select t.id as thanks from thank_you t where t.fund_id = current_fund() and (t.amount_minor is distinct from (
        select sum(x.amount_minor) from transfer x where x.fund_id = t.fund_id and x.to_account_id = t.reservation_id and x.kind = 'thanks')
        or exists (select from award a where a.fund_id = t.fund_id and a.reservation_id = t.reservation_id))`,
  },
  {
    name: 'erased-is-gone', scope: 'fund', sentence: 'Of somebody who was erased, nothing is held but numbers.',
    sql: `select a.id as applicant from applicant a where a.fund_id = current_fund() and a.erased_at is not null and (
        num_nonnulls(a.contact_hash, a.sealed_contact, a.sealed_name, a.household_hash) > 0
        or exists (select from request r left join story s on s.fund_id = r.fund_id and s.request_id = r.id left join payment_bank b on b.fund_id = r.fund_id and b.request_id = r.id
          where r.fund_id = a.fund_id and r.applicant_id = a.id and (num_nonnulls(r.sealed_words, r.sealed_name, r.told_hash, s.sealed_words, b.sealed_account) > 0 or r.erased_at is null)))`,
  },
  {
    name: 'grant-indexes', scope: 'database', sentence: 'An award can have one payment at a time, and a transfer to a person one try.',
    sql: `select e.name as index from (values ('award_paid_once'), ('payout_person_once')) e (name)
      where not exists (select from pg_index where indexrelid = to_regclass(e.name) and indisunique and indisvalid)`,
  },
  constraintsStand('grant-constraints', 'The constraints that keep the promises of paying are in place.', {
    award_payment: ['award_payment_one_way'], thank_you: ['thank_you_not_oneself', 'thank_you_one_way'], story: ['story_by_consent'], incident: ['incident_two_people'], cash_payment: ['cash_one_receiver'],
  }),
  triggersStand('grant-triggers', 'Nothing is paid that is no award, nothing goes back that is being paid, and requests move only with their move on record.', {
    award_payment: ['award_payment_hold', 'award_payment_stays'], request: ['request_hold', 'request_moved', 'request_return_hold', 'request_held'], request_hold: ['request_hold_keep'], payout: ['payout_payer_hold'],
    voucher: ['voucher_award_way'], cash_payment: ['cash_award_way'], disbursement: ['disbursement_award_way'],
    thank_you: ['thank_you_hold', 'thank_you_stays', 'thank_you_limit'], thanks_limit_word: ['thanks_limit_word_hold', 'thanks_limit_word_append_only'], incident: ['incident_hold', 'incident_stays'], payment_choice: ['payment_choice_append_only'], paying_terms: ['paying_terms_append_only'],
  }),
  privilegesStand('grant-privileges', 'The application may change of a payment only how it ends.', {
    award_payment: { insert: true, update: ['ended_as', 'ended_at'] }, payment_choice: { insert: true }, paying_terms: { insert: true },
    thank_you: { insert: true, update: ['way', 'voucher_id', 'cash_id', 'chosen_at'] }, incident: { insert: true, update: ['confirmed_by', 'confirmed_at'] },
  }),
  rowsAreScoped('grant-scoped', 'No fund sees the payments of another.', ['award_payment', 'payment_choice', 'payment_bank', 'paying_terms', 'story', 'incident', 'request', 'applicant']),
];
