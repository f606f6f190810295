-- Asking with an address says nothing of what was asked with it before: what stands in the way is told behind a link that went to the address.

alter table request
  -- HMAC of the link that was sent to the person's own address. Whoever opens it holds the address; whoever asked holds another.
  add column told_hash bytea unique check (length(told_hash) = 32),
  -- The name this request came under, where its address is known under another.
  add column sealed_name bytea,
  -- When somebody who holds the address said that it was them.
  add column confirmed_at timestamptz,
  add constraint request_erased_whole check (erased_at is null or num_nonnulls(told_hash, sealed_name) = 0);
grant update (told_hash, sealed_name, confirmed_at) on request to commonpot_app;

-- A request that meets a limit of its person stands and waits for its day. Nobody decides it; on that day a request of its own follows it.
create table request_hold (
  fund_id uuid not null,
  request_id uuid not null,
  why text not null check (why in ('too-soon', 'over-cap')),
  not_before timestamptz not null,
  held_at timestamptz not null,
  followed_by uuid,
  primary key (fund_id, request_id),
  foreign key (fund_id, request_id) references request,
  foreign key (fund_id, followed_by) references request,
  unique (fund_id, followed_by),
  check (followed_by <> request_id)
);
create index request_hold_due on request_hold (fund_id, not_before) where followed_by is null;
create function keep_request_hold() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' or old.followed_by is not null or row(new.fund_id, new.request_id, new.held_at) is distinct from row(old.fund_id, old.request_id, old.held_at) then
    raise exception 'what waited for its day stays on record' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_hold_keep before update or delete on request_hold for each row execute function keep_request_hold();
alter table request_hold enable row level security;
alter table request_hold force row level security;
create policy request_hold_scope on request_hold using (fund_id = current_fund());
create trigger request_hold_no_truncate before truncate on request_hold execute function refuse_change();
grant select, insert, update (why, not_before, followed_by) on request_hold to commonpot_app;

create function refuse_held_request() returns trigger language plpgsql as $$ begin
  if exists (select from request_hold h where h.fund_id = new.fund_id and h.request_id = new.id) then
    raise exception 'a request that waits for its day is not decided' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_held before update of state on request for each row when (old.state = 'asked' and new.state in ('half', 'listed', 'awarded')) execute function refuse_held_request();

-- Where to call: said wherever a page cannot help.
alter table paying_terms add column phone text check (phone ~ '^[+0-9][0-9 ]{2,29}$');

-- Whose money lies in a reservation, as far as whoever pays must know: an award to a person, one whose result was set aside, another; null for what is no award.
create function award_behind(fund uuid, reservation uuid) returns text language sql stable as $$
  select case when a.grant_round_id is not null then 'person'
    when exists (select from set_aside s where s.fund_id = a.fund_id and s.round_id = a.round_id and s.confirmed_by is not null) then 'set-aside'
    else 'project' end
  from award a where a.fund_id = fund and a.reservation_id = reservation
$$;

-- Whether an account has an interest in whom a reservation was awarded to, whenever it was declared.
create function knows_receiver(fund uuid, reservation uuid, who uuid, moment timestamptz) returns boolean language plpgsql as $$
declare
  asked request;
begin
  select r.* into asked from award a join request r on r.fund_id = a.fund_id and r.id = a.subject_id
    where a.fund_id = fund and a.reservation_id = reservation and a.grant_round_id is not null;
  if asked.id is null or who is null then return false; end if;
  return asked.helper_account_id is not distinct from who or knows_applicant(fund, who, asked.applicant_id, moment) is not null;
end $$;
create function hold_cash_hands() returns trigger language plpgsql as $$ begin
  if new.handed_by is distinct from old.handed_by and knows_receiver(new.fund_id, new.reservation_id, new.handed_by, new.handed_at)
    or new.witnessed_by is distinct from old.witnessed_by and knows_receiver(new.fund_id, new.reservation_id, new.witnessed_by, new.witnessed_at) then
    raise exception 'nobody hands out cash to somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger cash_payment_hands before update on cash_payment for each row execute function hold_cash_hands();
create or replace function hold_payer() returns trigger language plpgsql as $$ begin
  if exists (select from disbursement d where d.fund_id = new.fund_id and d.id = new.disbursement_id and (
      new.recorded_by = any (d.barred_account_ids) or new.confirmed_by = any (d.barred_account_ids)
      or tg_op = 'INSERT' and knows_receiver(d.fund_id, d.source_account_id, new.recorded_by, new.recorded_at)
      or tg_op = 'UPDATE' and new.confirmed_by is distinct from old.confirmed_by and knows_receiver(d.fund_id, d.source_account_id, new.confirmed_by, new.confirmed_at))) then
    raise exception 'nobody pays somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Members of panels are told when they were drawn and when something waits for them, at an address of their own that they named for it.
alter table panel_volunteer add column sealed_contact bytea,
  add constraint panel_volunteer_told check (ended_at is null or sealed_contact is null);
grant update (sealed_contact) on panel_volunteer to commonpot_app;
alter table panel_seat
  -- When somebody was last told, and of which request, the newest of those that waited.
  add column told_at timestamptz,
  add column told_request_id uuid;
grant update (told_at, told_request_id) on panel_seat to commonpot_app;

-- A thank-you for a sitting names it, and there is one for each member who sat.
alter table thank_you add column panel_id uuid,
  add constraint thank_you_for_panel check (panel_id is null or what = 'panel'),
  add constraint thank_you_of_member foreign key (fund_id, panel_id, account_id) references panel_seat (fund_id, panel_id, account_id),
  add constraint thank_you_once_a_panel unique (fund_id, panel_id, account_id);
