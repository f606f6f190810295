-- Whether anybody else was ever an administrator of a fund: a fund that begins has one person, who then decides what else takes two.
create function had_other_administrator(fund uuid, account uuid) returns boolean language sql stable as $$
  select exists (select from membership m where m.fund_id = fund and m.role = 'administrator' and m.account_id <> account)
$$;

-- A round is opened by somebody other than who published the charter that it keeps: whoever could do both would write alone who decides
-- and how much is given at once, and empty a pot by it.
alter table grant_round add column opened_by uuid references account;
grant update (opened_by) on grant_round to commonpot_app;
create function hold_grant_opening() returns trigger language plpgsql as $$
declare
  writer uuid;
begin
  select c.published_by into writer from charter c where c.fund_id = new.fund_id and c.id = new.charter_id;
  if coalesce(new.opened_by, writer) = writer and had_other_administrator(new.fund_id, writer) then
    raise exception 'nobody opens a round alone under a charter of their own' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger grant_round_opening before update of phase on grant_round for each row when (old.phase = 'draft' and new.phase = 'open') execute function hold_grant_opening();
create function refuse_other_opener() returns trigger language plpgsql as $$ begin
  raise exception 'who opened a round stays written down' using errcode = 'restrict_violation';
end $$;
create trigger grant_round_opened before update of opened_by on grant_round for each row when (old.phase <> 'draft' and new.opened_by is distinct from old.opened_by) execute function refuse_other_opener();

-- The pot that thanks people, as two agreed to it; none holds at once. Whoever could name another one alone would thank people whom they
-- made up out of all that a fund has.
create function thanks_pot(fund uuid) returns uuid language plpgsql stable as $$
declare
  held uuid;
  stated record;
begin
  for stated in select t.thanks_pot_id as pot, exists (select from thanks_limit_word w where w.fund_id = t.fund_id and w.terms_id = t.id) as agreed from paying_terms t where t.fund_id = fund order by t.id loop
    if stated.agreed or stated.pot is null then held := stated.pot; end if;
  end loop;
  return held;
end $$;
create function hold_thanks_pot() returns trigger language plpgsql as $$ begin
  if (select a.pot_id from ledger_account a where a.fund_id = new.fund_id and a.id = new.reservation_id) is distinct from thanks_pot(new.fund_id) then
    raise exception 'nobody is thanked out of a pot that two did not agree to' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger thank_you_pot before insert on thank_you for each row execute function hold_thanks_pot();

-- Who reads what people tell about their safety is named by one and agreed to by another; those who were named before stay.
alter table safeguarding_lead add column agreed_by uuid references account, add column agreed_at timestamptz,
  add constraint safeguarding_lead_two_people check (agreed_by <> named_by and agreed_by <> account_id);
update safeguarding_lead set agreed_at = named_at;
grant update (agreed_by, agreed_at) on safeguarding_lead to commonpot_app;
create function hold_lead_agreed() returns trigger language plpgsql as $$ begin
  if new.agreed_at is not null and new.agreed_by is null and (tg_op = 'UPDATE' or had_other_administrator(new.fund_id, new.named_by)) then
    raise exception 'nobody lets somebody read alone what people tell about their safety' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger safeguarding_lead_agreed before insert or update of agreed_by, agreed_at on safeguarding_lead for each row execute function hold_lead_agreed();
drop policy disclosure_of_leads on disclosure;
drop policy disclosure_end on disclosure;
create policy disclosure_of_leads on disclosure for select using (fund_id = current_fund() and (coalesce(ends_at <= forget_before(), false)
  or exists (select from safeguarding_lead l where l.fund_id = disclosure.fund_id and l.account_id = current_account() and l.agreed_at is not null and l.ended_at is null)));
create policy disclosure_end on disclosure for delete using (fund_id = current_fund() and (coalesce(ends_at <= forget_before(), false)
  or exists (select from safeguarding_lead l where l.fund_id = disclosure.fund_id and l.account_id = current_account() and l.agreed_at is not null and l.ended_at is null)));
