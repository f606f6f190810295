-- Cash that one person hands over and another witnesses; numbers that change hands; messages in the reader's language; and
-- a second person where one was enough before.

-- What waits to be collected in cash lies on an account of its own.
alter table ledger_account drop constraint ledger_account_kind_check,
  add constraint ledger_account_kind_check check (kind in ('outside', 'pot', 'reservation', 'voucher', 'payable', 'cash'));

-- The notes that were fetched for an evening. It says where notes are and not whose money they are: notes of several pots
-- lie in one box, and the ledger, which never mixes pots, books each payment when it was witnessed.
create table cash_box (
  fund_id uuid not null references fund,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  fetched_minor bigint not null check (fetched_minor between 1 and 1000000000000),
  opened_by uuid not null references account,
  opened_at timestamptz not null,
  checked_by uuid references account,
  checked_at timestamptz,
  -- What should be in it; only the trigger below changes it.
  left_minor bigint not null,
  counted_minor bigint check (counted_minor >= 0),
  counted_by uuid references account,
  counted_at timestamptz,
  closed_by uuid references account,
  closed_at timestamptz,
  primary key (fund_id, id),
  constraint cash_box_not_below_zero check (left_minor >= 0),
  constraint cash_box_two_open check (checked_by <> opened_by),
  constraint cash_box_two_close check (closed_by <> counted_by),
  check ((checked_by is null) = (checked_at is null) and (counted_by is null) = (counted_at is null) and (counted_by is null) = (counted_minor is null)),
  check ((closed_by is null) = (closed_at is null) and (closed_by is null or counted_by is not null) and (counted_by is null or checked_by is not null))
);
-- A fund has one box out at a time, so that a payment can come from no other.
create unique index cash_box_live on cash_box (fund_id) where closed_at is null;
alter table cash_box enable row level security;
alter table cash_box force row level security;
create policy cash_box_scope on cash_box using (fund_id = current_fund());
create function refuse_box_change() returns trigger language plpgsql as $$ begin
  if (old.checked_at is not null and (old.name, old.fetched_minor, old.opened_by, old.opened_at, old.checked_by, old.checked_at)
      is distinct from (new.name, new.fetched_minor, new.opened_by, new.opened_at, new.checked_by, new.checked_at))
    or (old.checked_at is not null and pg_trigger_depth() = 1 and new.left_minor <> old.left_minor)
    or (old.closed_at is not null and (old.counted_minor, old.counted_by, old.counted_at, old.closed_by, old.closed_at)
      is distinct from (new.counted_minor, new.counted_by, new.counted_at, new.closed_by, new.closed_at)) then
    raise exception 'what two people counted stays' using errcode = 'restrict_violation';
  end if;
  if old.checked_at is null and new.left_minor <> new.fetched_minor then
    raise exception 'nothing is handed out of a box that one person counted' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger cash_box_changes before update on cash_box for each row execute function refuse_box_change();
create trigger cash_box_stays before delete or truncate on cash_box execute function refuse_change();
grant select, insert, update (name, fetched_minor, left_minor, opened_by, opened_at, checked_by, checked_at, counted_minor, counted_by, counted_at, closed_by, closed_at) on cash_box to commonpot_app;

-- An amount in cash for one person, behind a code that is known here only as a keyed hash and a sealed copy.
create table cash_payment (
  fund_id uuid not null,
  id uuid not null,
  reservation_id uuid not null,
  account_id uuid not null,
  recipient_account_id uuid not null references account,
  title text not null check (length(title) between 1 and 120),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  code_hash bytea not null check (length(code_hash) = 32),
  sealed_code bytea not null,
  place text not null check (length(place) between 1 and 200),
  hours text not null check (length(hours) between 1 and 200),
  -- Who declared an interest in what was decided: they neither hand over nor witness.
  barred_account_ids uuid[] not null,
  issued_by uuid not null references account,
  issued_at timestamptz not null,
  last_day date not null,
  expires_at timestamptz not null,
  state text not null check (state in ('ready', 'handed-over', 'collected', 'cancelled', 'expired', 'disputed')),
  box_id uuid,
  handed_by uuid references account,
  handed_at timestamptz,
  witnessed_by uuid references account,
  witnessed_at timestamptz,
  disputed_by uuid references account,
  disputed_at timestamptz,
  -- What was missing, as far as anybody could say.
  short_minor bigint,
  ended_by uuid references account,
  ended_at timestamptz,
  transfer_id uuid,
  return_transfer_id uuid,
  primary key (fund_id, id),
  unique (fund_id, code_hash),
  unique (fund_id, account_id),
  unique (fund_id, transfer_id),
  unique (fund_id, return_transfer_id),
  foreign key (fund_id, reservation_id) references ledger_account,
  foreign key (fund_id, account_id) references ledger_account,
  foreign key (fund_id, box_id) references cash_box,
  foreign key (fund_id, transfer_id) references transfer,
  foreign key (fund_id, return_transfer_id) references transfer,
  check (expires_at > issued_at),
  constraint cash_two_people check (witnessed_by <> handed_by),
  constraint cash_not_receiver check (issued_by <> recipient_account_id and handed_by <> recipient_account_id and witnessed_by <> recipient_account_id
    and disputed_by <> recipient_account_id and ended_by <> recipient_account_id),
  constraint cash_not_barred check (not (handed_by = any (barred_account_ids)) and not (witnessed_by = any (barred_account_ids))),
  constraint cash_dispute_two_people check (state <> 'cancelled' or disputed_by is null or ended_by <> disputed_by),
  constraint cash_handed check ((handed_by is null) = (handed_at is null) and (handed_by is null) = (box_id is null)
    and (state not in ('handed-over', 'collected', 'disputed') or handed_by is not null) and (state not in ('ready', 'expired') or handed_by is null)),
  constraint cash_moved check ((state = 'collected') = (transfer_id is not null) and (state = 'collected') = (witnessed_by is not null)
    and (witnessed_by is null) = (witnessed_at is null) and (state in ('cancelled', 'expired')) = (return_transfer_id is not null)
    and (state in ('cancelled', 'expired')) = (ended_at is not null) and (state = 'cancelled') = (ended_by is not null)),
  constraint cash_disputed check ((disputed_by is null) = (disputed_at is null) and (state <> 'disputed' or disputed_by is not null)
    and (short_minor is null or (disputed_by is not null and short_minor between 1 and amount_minor)))
);
create index cash_payment_by_recipient on cash_payment (recipient_account_id);
create index cash_payment_due on cash_payment (fund_id, expires_at) where state = 'ready';
create index cash_payment_waiting on cash_payment (fund_id, state) where state in ('handed-over', 'disputed');
create index cash_payment_by_box on cash_payment (fund_id, box_id) where box_id is not null;
alter table cash_payment enable row level security;
alter table cash_payment force row level security;
create policy cash_payment_scope on cash_payment using (fund_id = current_fund() or recipient_account_id = current_account()) with check (fund_id = current_fund());
create function refuse_cash_move() returns trigger language plpgsql as $$ begin
  if (old.state, new.state) not in (('ready', 'handed-over'), ('ready', 'cancelled'), ('ready', 'expired'), ('handed-over', 'collected'),
      ('handed-over', 'disputed'), ('disputed', 'collected'), ('disputed', 'cancelled')) then
    raise exception 'cash does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if (old.handed_by is not null and (old.box_id, old.handed_by, old.handed_at) is distinct from (new.box_id, new.handed_by, new.handed_at))
    or (old.disputed_by is not null and (old.disputed_by, old.disputed_at, old.short_minor) is distinct from (new.disputed_by, new.disputed_at, new.short_minor)) then
    raise exception 'what was said of cash stays' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger cash_payment_moves before update on cash_payment for each row execute function refuse_cash_move();
create trigger cash_payment_stays before delete or truncate on cash_payment execute function refuse_change();
grant select, insert, update (state, box_id, handed_by, handed_at, witnessed_by, witnessed_at, disputed_by, disputed_at, short_minor, ended_by, ended_at, transfer_id, return_transfer_id) on cash_payment to commonpot_app;

-- Notes leave the box that two people counted and nobody has counted back, and return only where two people say that they were never handed over.
create function change_cash_box() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$ begin
  if (old.state, new.state) = ('ready', 'handed-over') then
    update cash_box set left_minor = left_minor - new.amount_minor
      where fund_id = new.fund_id and id = new.box_id and checked_at is not null and counted_at is null;
    if not found then raise exception 'no box is open' using errcode = 'restrict_violation'; end if;
  elsif (old.state, new.state) = ('disputed', 'cancelled') then
    update cash_box set left_minor = left_minor + new.amount_minor where fund_id = new.fund_id and id = new.box_id;
  end if;
  return null;
end $$;
create trigger cash_payment_box after update on cash_payment for each row execute function change_cash_box();
revoke execute on function change_cash_box() from public;

-- Every step of a payment in cash, with who and, where something went wrong, why.
create table cash_change (
  fund_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  state text not null check (state in ('ready', 'handed-over', 'collected', 'cancelled', 'expired', 'disputed')),
  note text not null check (length(note) <= 500),
  actor_id uuid references account,
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, payment_id) references cash_payment
);
create index cash_change_by_payment on cash_change (fund_id, payment_id);
alter table cash_change enable row level security;
alter table cash_change force row level security;
create policy cash_change_scope on cash_change using (fund_id = current_fund());
create trigger cash_change_append_only before update or delete or truncate on cash_change execute function refuse_change();
grant select, insert on cash_change to commonpot_app;

-- A payment that the bank sent back: said by one person, confirmed by another, before it is set aside again.
create table payout_return (
  fund_id uuid not null,
  payout_id uuid not null,
  asked_by uuid not null references account,
  asked_at timestamptz not null,
  note text not null check (length(note) <= 500),
  confirmed_by uuid references account,
  -- True of what one person did before two were asked for.
  is_older boolean not null default false,
  primary key (fund_id, payout_id),
  foreign key (fund_id, payout_id) references payout,
  constraint payout_return_two_people check (confirmed_by <> asked_by)
);
alter table payout_return enable row level security;
alter table payout_return force row level security;
create policy payout_return_scope on payout_return using (fund_id = current_fund());
create function refuse_return_change() returns trigger language plpgsql as $$ begin
  if old.confirmed_by is not null or (old.asked_by, old.asked_at, old.note) is distinct from (new.asked_by, new.asked_at, new.note) then
    raise exception 'a return is confirmed once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_return_changes before update on payout_return for each row execute function refuse_return_change();
create trigger payout_return_stays before delete or truncate on payout_return execute function refuse_change();
grant select, insert, update (confirmed_by) on payout_return to commonpot_app;
create function refuse_lone_return() returns trigger language plpgsql as $$ begin
  if not exists (select from payout_return r where r.fund_id = new.fund_id and r.payout_id = new.id and r.confirmed_by is not null) then
    raise exception 'a return needs two people' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_return_needed before update on payout for each row when (new.state = 'returned' and old.state <> 'returned') execute function refuse_lone_return();

-- A voucher out of an award that whoever holds the paper may spend: its code is opened only once a second person agreed.
alter table voucher add constraint voucher_issued_by unique (fund_id, id, issued_by);
create table voucher_release (
  fund_id uuid not null,
  voucher_id uuid not null,
  issued_by uuid not null,
  -- Null for what was printed before a second person was asked for.
  released_by uuid references account,
  released_at timestamptz not null,
  primary key (fund_id, voucher_id),
  foreign key (fund_id, voucher_id, issued_by) references voucher (fund_id, id, issued_by),
  constraint voucher_release_two_people check (released_by <> issued_by)
);
alter table voucher_release enable row level security;
alter table voucher_release force row level security;
create policy voucher_release_scope on voucher_release using (fund_id = current_fund());
create trigger voucher_release_append_only before update or delete or truncate on voucher_release execute function refuse_change();
grant select, insert on voucher_release to commonpot_app;
create function refuse_lone_print() returns trigger language plpgsql as $$ begin
  if new.holder_account_id is null
    and exists (select from ledger_account a where a.fund_id = new.fund_id and a.id = new.reservation_id and a.subject_id <> new.id)
    and not exists (select from voucher_release r where r.fund_id = new.fund_id and r.voucher_id = new.id and r.released_by is not null) then
    raise exception 'a bearer voucher out of an award needs a second person' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger voucher_release_needed before update on voucher for each row when (new.printed_at is not null and old.printed_at is null) execute function refuse_lone_print();

-- What one person did before stays as it was, and says so.
do $$
declare
  each record;
begin
  for each in select id from fund loop
    perform set_config('commonpot.fund', each.id::text, true);
    insert into payout_return (fund_id, payout_id, asked_by, asked_at, note, is_older)
      select p.fund_id, p.id, c.actor_id, c.at, c.note, true from payout p
      join payout_change c on c.fund_id = p.fund_id and c.payout_id = p.id and c.state = 'returned' where p.state = 'returned';
    insert into voucher_release (fund_id, voucher_id, issued_by, released_by, released_at)
      select v.fund_id, v.id, v.issued_by, null, v.printed_at from voucher v
      join ledger_account a on a.fund_id = v.fund_id and a.id = v.reservation_id
      where v.holder_account_id is null and v.printed_at is not null and a.subject_id <> v.id;
  end loop;
  perform set_config('commonpot.fund', '', true);
end $$;

-- The language that a person chose, by asking in it.
alter table account add column language text check (language in ('en', 'pl', 'ar'));
grant update (language) on account to commonpot_app;

-- When a code last came back from an address, and so how long it has been silent.
alter table account_contact add column proved_at timestamptz;
grant update (account_id, created_at, proved_at) on account_contact to commonpot_app;

alter table sign_in_challenge
  -- The network that asked (a keyed hash), so that one asker's tries do not use up an address; forgotten with the row after a day.
  add column asker_hash bytea check (length(asker_hash) = 32),
  add column language text check (language in ('en', 'pl', 'ar')),
  -- Set where a signed-in person adds the address to their own account.
  add column account_id uuid references account;

-- Every account that a telephone number has opened, from the moment it opened a second one. A row stays: in one round only
-- one of them has a place.
create table number_holder (
  contact_hash bytea not null check (length(contact_hash) = 32),
  account_id uuid not null references account,
  since timestamptz not null,
  primary key (contact_hash, account_id)
);
create index number_holder_by_account on number_holder (account_id);
grant select, insert on number_holder to commonpot_app;

-- A browser that an account signed in from and did not sign out of: the second thing beside a telephone number.
create table account_browser (
  browser_hash bytea not null check (length(browser_hash) = 32),
  account_id uuid not null references account,
  seen_at timestamptz not null,
  primary key (browser_hash, account_id)
);
create index account_browser_by_account on account_browser (account_id);
grant select, insert, update (seen_at), delete on account_browser to commonpot_app;

-- A code that a person printed for the day their number changes.
create table recovery_code (
  code_hash bytea primary key check (length(code_hash) = 32),
  account_id uuid not null references account,
  made_at timestamptz not null,
  used_at timestamptz
);
create unique index recovery_code_live on recovery_code (account_id) where used_at is null;
grant select, insert, update (used_at) on recovery_code to commonpot_app;

-- Somebody who proved a telephone number and now says who they are; `desk_code` is what they tell an administrator.
create table sign_in_claim (
  id uuid primary key,
  browser_hash bytea not null check (length(browser_hash) = 32),
  contact_hash bytea not null check (length(contact_hash) = 32),
  desk_code_hash bytea not null unique check (length(desk_code_hash) = 32),
  sealed_desk_code bytea not null,
  language text check (language in ('en', 'pl', 'ar')),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  -- Whose account it is, as an administrator who knows them said.
  account_id uuid references account,
  vouched_by uuid references account,
  used_at timestamptz,
  check ((account_id is null) = (vouched_by is null))
);
create index sign_in_claim_by_browser on sign_in_claim (browser_hash);
create index sign_in_claim_by_expiry on sign_in_claim (expires_at);
grant select, insert, update (account_id, vouched_by, used_at), delete on sign_in_claim to commonpot_app;

-- One number, one place: whether another account that the same number opened has a place in the round. Accounts of one
-- number wait for each other until their transactions end.
create function has_second_place(of_fund uuid, of_round uuid, of_account uuid) returns boolean language plpgsql as $$ begin
  perform pg_advisory_xact_lock(hashtextextended('number:' || encode(mine.contact_hash, 'hex'), 0))
    from (select contact_hash from number_holder where account_id = of_account order by contact_hash) mine;
  return exists (select from number_holder mine
    join number_holder other on other.contact_hash = mine.contact_hash and other.account_id <> mine.account_id
    join elector_account e on e.account_id = other.account_id and e.fund_id = of_fund and e.round_id = of_round
    where mine.account_id = of_account);
end $$;
create function refuse_second_place() returns trigger language plpgsql as $$ begin
  if has_second_place(new.fund_id, new.round_id, new.account_id) then
    raise exception 'this number has its place in the round' using errcode = 'unique_violation', constraint = 'elector_account_one_number';
  end if;
  return new;
end $$;
create trigger elector_account_one_number before insert on elector_account for each row execute function refuse_second_place();

-- The demonstration's outbox shows calls, and in which language everything was said.
alter table demonstration_message drop constraint demonstration_message_channel_check,
  add constraint demonstration_message_channel_check check (channel in ('email', 'sms', 'call')),
  add column language text not null default 'en' check (language in ('en', 'pl', 'ar'));
