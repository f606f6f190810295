-- A voucher for a named holder out of an award needs a second person before anything is taken from it; one for whoever holds the
-- paper needs them before it is printed. A thank-you was made a voucher by its own holder, and stays as it is.
create function voucher_needs_release(fund uuid, holder uuid, reservation uuid) returns boolean language sql stable as $$
  select holder is not null and exists (select from transfer t where t.fund_id = fund and t.to_account_id = reservation and t.kind = 'award')
$$;

-- What was issued before stays as it was, and says so.
do $$
declare
  each record;
begin
  for each in select id from fund loop
    perform set_config('commonpot.fund', each.id::text, true);
    insert into voucher_release (fund_id, voucher_id, issued_by, released_by, released_at)
      select v.fund_id, v.id, v.issued_by, null, v.issued_at from voucher v
      where voucher_needs_release(v.fund_id, v.holder_account_id, v.reservation_id)
      on conflict do nothing;
  end loop;
  perform set_config('commonpot.fund', '', true);
end $$;

create function refuse_lone_redemption() returns trigger language plpgsql as $$ begin
  if exists (select from voucher v where v.fund_id = new.fund_id and v.id = new.voucher_id
      and voucher_needs_release(v.fund_id, v.holder_account_id, v.reservation_id)
      and not exists (select from voucher_release r where r.fund_id = v.fund_id and r.voucher_id = v.id)) then
    raise exception 'a voucher out of an award needs a second person' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger redemption_release_needed before insert on redemption for each row execute function refuse_lone_redemption();
