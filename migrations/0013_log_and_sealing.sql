-- The public log of ballots, what is frozen when voting opens, objections, and the seal after which nobody can open a ballot.

alter table round
  -- Working days between the close and the sealing, in which entries of the roll may be objected to.
  add objection_days integer not null default 5 check (objection_days between 0 and 60),
  -- The public draw that decides what no rule decides: which one, and on which day.
  add draw_name text check (length(draw_name) between 1 and 500),
  add draw_date date,
  -- Where copies of the log's heads are kept.
  add mirrors text[] not null default '{}' check (cardinality(mirrors) <= 5),
  -- Who checks a round that is too small to be published ballot by ballot.
  add observers text[] not null default '{}' check (cardinality(observers) <= 4),
  -- The newest recovery sheet; each one makes a new key, so that only the newest is good.
  add recovery_printed_by uuid references account,
  add recovery_printed_at timestamptz,
  -- H(k lot) of the key on it: tells whether a typed sheet, or the key that voting opens with, is the right one.
  add recovery_check bytea check (length(recovery_check) = 32),
  -- From here on its ballots cannot be opened, and its result does not change.
  add sealed_at timestamptz,
  add check (num_nulls(recovery_printed_by, recovery_printed_at, recovery_check) in (0, 3)),
  add check ((draw_name is null) = (draw_date is null));
grant update (objection_days, draw_name, draw_date, mirrors, observers, recovery_printed_by, recovery_printed_at, recovery_check, sealed_at) on round to commonpot_app;

create function hold_round_secrecy() returns trigger language plpgsql as $$ begin
  if old.frozen_at is not null and row(new.objection_days, new.draw_name, new.draw_date, new.mirrors, new.observers, new.recovery_printed_by, new.recovery_printed_at, new.recovery_check)
    is distinct from row(old.objection_days, old.draw_name, old.draw_date, old.mirrors, old.observers, old.recovery_printed_by, old.recovery_printed_at, old.recovery_check) then
    raise exception 'this was frozen when voting opened' using errcode = 'restrict_violation';
  end if;
  if new.sealed_at is distinct from old.sealed_at and (old.sealed_at is not null or old.phase <> 'counting'
    or not exists (select from seal s where s.fund_id = new.fund_id and s.round_id = new.id)) then
    raise exception 'a round is sealed once, after its ballots were counted' using errcode = 'restrict_violation';
  end if;
  if old.phase = 'counting' and new.phase = 'results' and new.sealed_at is null then
    raise exception 'a result is final only once it is sealed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger round_secrecy before update on round for each row execute function hold_round_secrecy();

-- rule.json, as it was published when voting opened.
create table statement (
  fund_id uuid not null,
  round_id uuid not null,
  text text not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round
);

-- The log: the leaves of all ballots, in batches that are sorted inside, so that a place in it is no clock.
create table log_leaf (
  fund_id uuid not null,
  round_id uuid not null,
  index integer not null check (index >= 0),
  leaf bytea not null check (length(leaf) = 32),
  primary key (fund_id, round_id, index),
  unique (fund_id, round_id, leaf),
  foreign key (fund_id, round_id) references round
);
-- Its signed heads, one a batch. Behind the last one nothing is appended.
create table log_head (
  fund_id uuid not null,
  round_id uuid not null,
  size integer not null check (size >= 0),
  note text not null,
  is_last boolean not null,
  signed_at timestamptz not null,
  primary key (fund_id, round_id, size),
  foreign key (fund_id, round_id) references round
);
create unique index log_head_last on log_head (fund_id, round_id) where is_last;

create function hold_log_open() returns trigger language plpgsql as $$ begin
  if exists (select from fresh f join log_head h on h.fund_id = f.fund_id and h.round_id = f.round_id and h.is_last) then
    raise exception 'the log of this round has its last head' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger log_leaf_open after insert on log_leaf referencing new table as fresh for each statement execute function hold_log_open();

-- What each mirror said to each head; tried again until it took it.
create table head_copy (
  fund_id uuid not null,
  round_id uuid not null,
  size integer not null,
  mirror text not null check (length(mirror) <= 500),
  tries integer not null default 0 check (tries >= 0),
  next_try_at timestamptz,
  taken_at timestamptz,
  -- The status of the newest answer, or why there was none; and what it said.
  status integer,
  fault text check (length(fault) <= 40),
  answer text check (length(answer) <= 2000),
  primary key (fund_id, round_id, size, mirror),
  foreign key (fund_id, round_id, size) references log_head,
  check (taken_at is null or next_try_at is null)
);

-- A count while objections are open: which projects would be chosen, and not one figure more. Two counts before and
-- after a strike would otherwise show, by their difference, what the struck person had chosen.
create table provisional_count (
  fund_id uuid not null,
  round_id uuid not null,
  number integer not null check (number > 0),
  winners text[] not null,
  cost_minor bigint not null check (cost_minor >= 0),
  -- Projects that stand level until the draw; empty where the count is decided.
  tied text[] not null,
  -- Projects that stood level and that the lot put in order.
  ties jsonb not null,
  -- Ballots in the box, those of struck entries included: who took part is nobody's business yet.
  ballots integer not null check (ballots >= 0),
  -- What it was counted with: how many entries were struck by then, and whether the draw was known.
  strikes integer not null check (strikes >= 0),
  with_draw boolean not null,
  counted_at timestamptz not null,
  primary key (fund_id, round_id, number),
  foreign key (fund_id, round_id) references round
);

-- What the public draw said, typed by two people.
create table lot_draw (
  fund_id uuid not null,
  round_id uuid not null,
  entered_by uuid not null references account,
  drawn_on date not null,
  text text not null check (length(text) between 1 and 500),
  evidence text not null check (length(evidence) between 1 and 500),
  -- Planned days on which no draw was held.
  missed date[] not null default '{}',
  entered_at timestamptz not null,
  -- The second person, who typed the same.
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, round_id, entered_by),
  foreign key (fund_id, round_id) references round,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> entered_by)
);
create unique index lot_draw_confirmed on lot_draw (fund_id, round_id) where confirmed_by is not null;
create function hold_lot_draw() returns trigger language plpgsql as $$ begin
  if old.confirmed_by is not null then
    raise exception 'a confirmed draw stands' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger lot_draw_hold before update or delete on lot_draw for each row execute function hold_lot_draw();
create trigger lot_draw_no_truncate before truncate on lot_draw execute function refuse_change();

-- Entries of the roll that two officers take out between the close and the sealing, for a reason that is published.
create table elector_strike (
  fund_id uuid not null,
  round_id uuid not null,
  elector_id uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  proposed_by uuid not null references account,
  proposed_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id, elector_id) references elector,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> proposed_by)
);
create function hold_elector_strike() returns trigger language plpgsql as $$ begin
  if tg_op <> 'INSERT' and old.confirmed_by is not null then
    raise exception 'a strike stands' using errcode = 'restrict_violation';
  end if;
  if tg_op <> 'DELETE' and not exists (select from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.phase = 'counting' and r.sealed_at is null
      and not exists (select from seal s where s.fund_id = r.fund_id and s.round_id = r.id)) then
    raise exception 'entries are struck between the close and the sealing' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger elector_strike_hold before insert or update or delete on elector_strike for each row execute function hold_elector_strike();
create trigger elector_strike_no_truncate before truncate on elector_strike execute function refuse_change();

-- What the one transaction of the sealing writes. `facts` are seal.json's, but for what follows from the other tables.
create table seal (
  fund_id uuid not null,
  round_id uuid not null,
  facts jsonb not null,
  at timestamptz not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round
);
-- Empty for a round so small that only its totals are published.
create table ballot_counted (
  fund_id uuid not null,
  round_id uuid not null,
  leaf bytea not null check (length(leaf) = 32),
  void bytea not null check (length(void) = 32),
  salt bytea not null check (length(salt) = 32),
  ballot bytea not null,
  primary key (fund_id, round_id, leaf),
  foreign key (fund_id, round_id) references seal,
  foreign key (fund_id, round_id, leaf) references log_leaf (fund_id, round_id, leaf)
);
create table ballot_void (
  fund_id uuid not null,
  round_id uuid not null,
  leaf bytea not null check (length(leaf) = 32),
  void bytea not null check (length(void) = 32),
  body bytea not null check (length(body) = 32),
  voidkey bytea check (length(voidkey) = 32),
  why text not null check (why in ('replaced', 'no-key', 'other-key', 'voted-on-paper', 'struck')),
  primary key (fund_id, round_id, leaf),
  foreign key (fund_id, round_id) references seal,
  foreign key (fund_id, round_id, leaf) references log_leaf (fund_id, round_id, leaf),
  check ((why = 'replaced') = (voidkey is not null))
);
-- In whose name a ballot was counted. Erased 28 days after the sealing.
create table turnout_roll (
  fund_id uuid not null,
  round_id uuid not null,
  elector_id uuid not null,
  primary key (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id) references seal,
  foreign key (fund_id, round_id, elector_id) references elector
);
create trigger turnout_roll_no_update before update or truncate on turnout_roll execute function refuse_change();
-- What people said who were called: figures only.
create table turnout_check (
  fund_id uuid not null,
  round_id uuid not null,
  voted integer not null check (voted >= 0),
  did_not integer not null check (did_not >= 0),
  not_reached integer not null check (not_reached >= 0),
  entered_by uuid not null references account,
  entered_at timestamptz not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references seal
);

do $$
declare
  name text;
begin
  foreach name in array array['statement', 'log_leaf', 'log_head', 'provisional_count', 'seal', 'ballot_counted', 'ballot_void'] loop
    execute format('create trigger %1$s_append_only before update or delete or truncate on %1$I execute function refuse_change()', name);
  end loop;
  foreach name in array array['statement', 'log_leaf', 'log_head', 'head_copy', 'provisional_count', 'lot_draw', 'elector_strike', 'seal', 'ballot_counted', 'ballot_void', 'turnout_roll', 'turnout_check'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
grant update (tries, next_try_at, taken_at, status, fault, answer) on head_copy to commonpot_app;
grant update (drawn_on, text, evidence, missed, entered_at, confirmed_by, confirmed_at) on lot_draw to commonpot_app;
grant update (confirmed_by, confirmed_at), delete on elector_strike to commonpot_app;
grant update (voted, did_not, not_reached, entered_by, entered_at) on turnout_check to commonpot_app;
grant delete on turnout_roll to commonpot_app;

-- Drops the two partitions of a sealed round; the application owns no table and so cannot. Calling it again changes nothing.
create function drop_ballot_box(given_fund uuid, given_round uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  suffix text := replace(given_round::text, '-', '');
begin
  if not exists (select from round where fund_id = given_fund and id = given_round and sealed_at is not null) then
    raise exception 'only a sealed round loses its ballots' using errcode = 'restrict_violation';
  end if;
  execute format('drop table if exists %I', 'ballot_open_' || suffix);
  execute format('drop table if exists %I', 'replaced_open_' || suffix);
end $$;
revoke all on function drop_ballot_box(uuid, uuid) from public;
grant execute on function drop_ballot_box(uuid, uuid) to commonpot_app;
