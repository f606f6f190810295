-- A voucher straight out of a pot needs a second person like one out of an award: else one administrator alone could turn a whole pot
-- into paper that is as good as cash.
create or replace function voucher_needs_release(fund uuid, holder uuid, reservation uuid) returns boolean language sql stable as $$
  select exists (select from ledger_account a join voucher v on v.fund_id = a.fund_id and v.id = a.subject_id where a.fund_id = fund and a.id = reservation)
    or (holder is not null and exists (select from transfer t where t.fund_id = fund and t.to_account_id = reservation and t.kind = 'award'))
$$;

-- What was printed, or made somebody's, before stays as it was, and says so.
do $$
declare
  each record;
begin
  for each in select id from fund loop
    perform set_config('commonpot.fund', each.id::text, true);
    insert into voucher_release (fund_id, voucher_id, issued_by, released_by, released_at)
      select v.fund_id, v.id, v.issued_by, null, v.issued_at from voucher v
      where (v.holder_account_id is not null or v.printed_at is not null) and voucher_needs_release(v.fund_id, v.holder_account_id, v.reservation_id)
      on conflict do nothing;
  end loop;
  perform set_config('commonpot.fund', '', true);
end $$;

create or replace function refuse_lone_print() returns trigger language plpgsql as $$ begin
  if new.holder_account_id is null
    and not exists (select from voucher_release r where r.fund_id = new.fund_id and r.voucher_id = new.id and r.released_by is not null) then
    raise exception 'a bearer voucher needs a second person' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
