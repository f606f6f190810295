-- Paying an award, thanking people for their time, how it went, what was lost, and the end of what is known of a person.

-- Cash and a transfer for somebody who asked without an account: known by a reference.
alter table cash_payment alter column recipient_account_id drop not null,
  add column recipient_reference text check (length(recipient_reference) between 4 and 20),
  add constraint cash_one_receiver check (num_nonnulls(recipient_account_id, recipient_reference) = 1);
alter table disbursement drop constraint disbursement_kind_check,
  add constraint disbursement_kind_check check (kind in ('stage', 'settlement', 'person')),
  -- Who declared an interest in what was decided: they neither order nor confirm.
  add column barred_account_ids uuid[] not null default '{}';
-- A transfer to a person is tried once; after that the person chooses again.
create unique index payout_person_once on payout (fund_id, disbursement_id) where kind = 'person';
create function hold_payer() returns trigger language plpgsql as $$ begin
  if exists (select from disbursement d where d.fund_id = new.fund_id and d.id = new.disbursement_id and (new.recorded_by = any (d.barred_account_ids) or new.confirmed_by = any (d.barred_account_ids))) then
    raise exception 'nobody pays somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_payer_hold before insert or update on payout for each row execute function hold_payer();

-- What a fund says about paying: the newest counts.
create table paying_terms (
  fund_id uuid not null references fund,
  id uuid not null,
  place text not null check (length(place) between 1 and 200),
  hours text not null check (length(hours) between 1 and 200),
  -- The pot that thanks people for their time, and the most one person is thanked with in a year.
  thanks_pot_id uuid,
  thanks_limit_minor bigint not null check (thanks_limit_minor between 0 and 1000000000),
  -- What is known about vouchers, cash and benefits, before somebody chooses.
  thanks_note text not null check (length(thanks_note) <= 1000),
  -- What an hour of checking costs.
  hour_minor bigint not null check (hour_minor between 0 and 1000000),
  stated_by uuid not null references account,
  stated_at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, thanks_pot_id) references pot (fund_id, id)
);

-- One try to pay an award. Only a failed one makes room for another.
create table award_payment (
  fund_id uuid not null,
  id uuid not null,
  award_id uuid not null,
  request_id uuid not null,
  way text not null check (way in ('voucher', 'cash', 'bank')),
  voucher_id uuid,
  cash_id uuid,
  disbursement_id uuid,
  started_by uuid not null references account,
  started_at timestamptz not null,
  -- part: some of a voucher was spent, and the rest went back.
  ended_as text check (ended_as in ('failed', 'part')),
  ended_at timestamptz,
  primary key (fund_id, id),
  foreign key (fund_id, award_id) references award,
  foreign key (fund_id, request_id) references request,
  foreign key (fund_id, voucher_id) references voucher,
  foreign key (fund_id, cash_id) references cash_payment,
  foreign key (fund_id, disbursement_id) references disbursement,
  unique (fund_id, voucher_id),
  unique (fund_id, cash_id),
  unique (fund_id, disbursement_id),
  constraint award_payment_one_way check ((way = 'voucher') = (voucher_id is not null) and (way = 'cash') = (cash_id is not null) and (way = 'bank') = (disbursement_id is not null)),
  check ((ended_as is null) = (ended_at is null)),
  check (ended_as <> 'part' or way = 'voucher')
);
create unique index award_paid_once on award_payment (fund_id, award_id) where ended_as is distinct from 'failed';
create index award_payment_by_request on award_payment (fund_id, request_id);
create function hold_award_payment() returns trigger language plpgsql as $$ begin
  if tg_op = 'INSERT' then
    -- Whoever returns an award waits for this lock, and whoever pays it for theirs.
    perform from request r join award a on a.fund_id = r.fund_id and a.subject_id = r.id
      where r.fund_id = new.fund_id and r.id = new.request_id and a.id = new.award_id and r.state = 'awarded' for share of r;
    if not found then raise exception 'only an award is paid' using errcode = 'restrict_violation'; end if;
  elsif old.ended_as is not null or row(new.fund_id, new.id, new.award_id, new.request_id, new.way, new.voucher_id, new.cash_id, new.disbursement_id)
      is distinct from row(old.fund_id, old.id, old.award_id, old.request_id, old.way, old.voucher_id, old.cash_id, old.disbursement_id) then
    raise exception 'how an award was paid stays' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger award_payment_hold before insert or update on award_payment for each row execute function hold_award_payment();
create trigger award_payment_stays before delete on award_payment for each row execute function refuse_change();
create function hold_return() returns trigger language plpgsql as $$ begin
  if exists (select from award_payment p where p.fund_id = new.fund_id and p.request_id = new.id and p.ended_as is distinct from 'failed') then
    raise exception 'an award that is being paid does not go back' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_return_hold before update of state on request for each row when (new.state = 'returned' and old.state <> 'returned') execute function hold_return();

-- What was set aside for a person leaves by a payment of their award, and by no other door.
create index award_by_reservation on award (fund_id, reservation_id);
create function hold_award_way() returns trigger language plpgsql as $$
declare
  source uuid;
begin
  if tg_table_name = 'disbursement' then source := new.source_account_id; else source := new.reservation_id; end if;
  if exists (select from award a where a.fund_id = new.fund_id and a.reservation_id = source and a.grant_round_id is not null)
    and not exists (select from award_payment p where p.fund_id = new.fund_id and new.id in (p.voucher_id, p.cash_id, p.disbursement_id)) then
    raise exception 'an award to a person is paid as they chose' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger voucher_award_way after insert on voucher deferrable initially deferred for each row execute function hold_award_way();
create constraint trigger cash_award_way after insert on cash_payment deferrable initially deferred for each row execute function hold_award_way();
create constraint trigger disbursement_award_way after insert on disbursement deferrable initially deferred for each row execute function hold_award_way();

-- The way a person chose after the first one, and when.
create table payment_choice (
  fund_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  way text not null check (way in ('voucher', 'cash', 'bank')),
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, request_id) references request
);
create index payment_choice_by_request on payment_choice (fund_id, request_id);

-- Where to pay to; sealed, and gone once it was paid.
create table payment_bank (
  fund_id uuid not null,
  request_id uuid not null,
  sealed_account bytea,
  given_at timestamptz not null,
  erased_at timestamptz,
  primary key (fund_id, request_id),
  foreign key (fund_id, request_id) references request,
  check ((sealed_account is null) = (erased_at is not null))
);

-- A thank-you for somebody's time: never an award, with a pot and a limit of its own.
create table thank_you (
  fund_id uuid not null,
  id uuid not null,
  account_id uuid not null references account,
  what text not null check (what in ('panel', 'meeting', 'interview')),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000),
  reservation_id uuid not null,
  given_by uuid not null references account,
  given_at timestamptz not null,
  choose_until timestamptz not null,
  way text check (way in ('voucher', 'cash', 'none')),
  voucher_id uuid,
  cash_id uuid,
  chosen_at timestamptz,
  primary key (fund_id, id),
  foreign key (fund_id, reservation_id) references ledger_account,
  foreign key (fund_id, voucher_id) references voucher,
  foreign key (fund_id, cash_id) references cash_payment,
  unique (fund_id, reservation_id),
  constraint thank_you_not_oneself check (given_by <> account_id),
  constraint thank_you_one_way check ((way is null) = (chosen_at is null) and (way is not distinct from 'voucher') = (voucher_id is not null) and (way is not distinct from 'cash') = (cash_id is not null))
);
create index thank_you_by_account on thank_you (account_id);
create function hold_thank_you() returns trigger language plpgsql as $$ begin
  if old.way is not null or row(new.fund_id, new.id, new.account_id, new.amount_minor, new.reservation_id, new.given_by) is distinct from row(old.fund_id, old.id, old.account_id, old.amount_minor, old.reservation_id, old.given_by) then
    raise exception 'a thank-you is chosen once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger thank_you_hold before update on thank_you for each row execute function hold_thank_you();
create trigger thank_you_stays before delete on thank_you for each row execute function refuse_change();

-- How it went, from whoever wants to say. Read by others only with consent, and after a person has read it for names.
create table story (
  fund_id uuid not null,
  request_id uuid not null,
  sealed_words bytea,
  consents boolean not null,
  told_at timestamptz not null,
  published_by uuid references account,
  published_at timestamptz,
  -- Withdrawn by the person, or erased on its date.
  gone_at timestamptz,
  primary key (fund_id, request_id),
  foreign key (fund_id, request_id) references request,
  check ((sealed_words is null) = (gone_at is not null)),
  constraint story_by_consent check (published_at is null or consents),
  check ((published_by is null) = (published_at is null))
);

-- Something that was lost: its kind, and no words about anybody. Entered by one person, confirmed by another.
create table incident (
  fund_id uuid not null references fund,
  id uuid not null,
  kind text not null check (kind in ('paid-twice', 'wrong-person', 'over-cap', 'stolen', 'cash-short')),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  happened_on date not null,
  entered_by uuid not null references account,
  entered_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, id),
  constraint incident_two_people check (confirmed_by <> entered_by),
  check ((confirmed_by is null) = (confirmed_at is null))
);
create function hold_incident() returns trigger language plpgsql as $$ begin
  if old.confirmed_by is not null or row(new.kind, new.amount_minor, new.happened_on, new.entered_by) is distinct from row(old.kind, old.amount_minor, old.happened_on, old.entered_by) then
    raise exception 'what two people said stays' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger incident_hold before update on incident for each row execute function hold_incident();
create trigger incident_stays before delete on incident for each row execute function refuse_change();

do $$ declare name text; begin
  foreach name in array array['paying_terms', 'award_payment', 'payment_choice', 'payment_bank', 'story', 'incident'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['paying_terms', 'payment_choice'] loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I for each row execute function refuse_change()', name);
  end loop;
end $$;
alter table thank_you enable row level security;
alter table thank_you force row level security;
create policy thank_you_scope on thank_you using (fund_id = current_fund() or account_id = current_account()) with check (fund_id = current_fund());
create trigger thank_you_no_truncate before truncate on thank_you execute function refuse_change();
grant select, insert, update (way, voucher_id, cash_id, chosen_at) on thank_you to commonpot_app;
grant update (ended_as, ended_at) on award_payment to commonpot_app;
grant update (sealed_account, given_at, erased_at) on payment_bank to commonpot_app;
grant update (sealed_words, consents, told_at, published_by, published_at, gone_at) on story to commonpot_app;
grant update (confirmed_by, confirmed_at) on incident to commonpot_app;
