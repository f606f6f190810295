-- Deciding: what a person has seen, who lives at a decider's door, and who stands apart from others at theirs.

-- That a proof of address was seen, or the person was met, and by whom. The proof itself is kept nowhere.
create table address_proof (
  fund_id uuid not null,
  id uuid not null,
  applicant_id uuid not null,
  -- 'unclear': somebody tried and it could not be told; after a few, meeting is offered instead.
  how text not null check (how in ('unclear', 'seen', 'met')),
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, applicant_id) references applicant
);
create unique index address_proof_once on address_proof (fund_id, applicant_id) where how <> 'unclear';
create index address_proof_by_applicant on address_proof (fund_id, applicant_id);

-- The door behind which somebody who decides lives, as a keyed hash: whoever asks from there is decided by others.
create table decider_door (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  -- Gone after its end date.
  household_hash bytea check (length(household_hash) = 32),
  declared_at timestamptz not null,
  until timestamptz not null check (until > declared_at),
  primary key (fund_id, id),
  unique (fund_id, account_id, household_hash)
);

-- One administrator's word that somebody must not be held to what others at the address were given. It takes two, or
-- an award to somebody who asked for it, because the same people agree to both.
create table apart_word (
  fund_id uuid not null,
  id uuid not null,
  applicant_id uuid not null,
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  constraint apart_word_once unique (fund_id, applicant_id, account_id),
  foreign key (fund_id, applicant_id) references applicant
);
create function hold_apart() returns trigger language plpgsql as $$ begin
  if (select count(*) from apart_word w where w.fund_id = new.fund_id and w.applicant_id = new.id) < 2
    and not exists (select from request r where r.fund_id = new.fund_id and r.applicant_id = new.id and r.asks_apart and r.state = 'awarded') then
    raise exception 'somebody stands apart only by the word of two' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger applicant_apart before insert or update of stands_apart on applicant for each row when (new.stands_apart) execute function hold_apart();

-- Why an account has no say about an applicant, or null: an interest it declared, its own address, its own door.
create function knows_applicant(fund uuid, decider uuid, who uuid, moment timestamptz) returns text language plpgsql as $$
declare
  own_hash bytea;
  door_hash bytea;
begin
  -- An address is seen by its own account alone.
  perform set_config('commonpot.account', decider::text, true);
  if exists (select from decider_interest i where i.fund_id = fund and i.applicant_id = who and i.account_id = decider) then return 'your-interest'; end if;
  select a.contact_hash, a.household_hash into own_hash, door_hash from applicant a where a.fund_id = fund and a.id = who;
  if exists (select from account_contact c where c.contact_hash = own_hash and c.account_id = decider) then return 'your-own'; end if;
  if door_hash is not null and (
      exists (select from decider_door d where d.fund_id = fund and d.account_id = decider and d.household_hash = door_hash and d.until > moment)
      or exists (select from applicant me join account_contact c on c.contact_hash = me.contact_hash and c.account_id = decider where me.fund_id = fund and me.household_hash = door_hash)) then
    return 'your-door';
  end if;
  return null;
end $$;

create or replace function hold_decider() returns trigger language plpgsql as $$
declare
  asked request;
begin
  select * into asked from request r where r.fund_id = new.fund_id and r.id = new.request_id;
  if asked.helper_account_id = new.account_id or knows_applicant(new.fund_id, new.account_id, asked.applicant_id, new.at) is not null then
    raise exception 'nobody decides on somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Nor does anybody vouch for themselves or for their household.
create function hold_witness() returns trigger language plpgsql as $$ begin
  if knows_applicant(new.fund_id, new.account_id, new.applicant_id, new.at) is not null then
    raise exception 'nobody vouches for somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger address_proof_hold before insert on address_proof for each row execute function hold_witness();
create trigger apart_word_hold before insert on apart_word for each row execute function hold_witness();

do $$ declare name text; begin
  foreach name in array array['address_proof', 'decider_door', 'apart_word'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['address_proof', 'apart_word'] loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I for each row execute function refuse_change()', name);
  end loop;
end $$;
grant update (household_hash, until) on decider_door to commonpot_app;

-- Panels of residents. Who would sit on one, and for which area; nothing else is asked.
create table panel_volunteer (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  area text not null check (length(area) between 1 and 80),
  since timestamptz not null,
  ended_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, account_id)
);

-- A panel of a round: its pool is published before the seed is known, and then neither changes.
create table panel (
  fund_id uuid not null,
  id uuid not null,
  grant_round_id uuid not null,
  seats integer not null check (seats between 3 and 15 and seats % 2 = 1),
  -- [{code, area, served}], by code.
  pool jsonb not null,
  pool_digest bytea not null check (length(pool_digest) = 32),
  -- The public draw that gives the seed, and when it is held.
  draw_name text not null check (length(draw_name) between 3 and 200),
  draw_at timestamptz not null,
  committed_by uuid not null references account,
  committed_at timestamptz not null,
  seed text check (length(seed) between 3 and 200),
  drawn_by uuid references account,
  drawn_at timestamptz,
  primary key (fund_id, id),
  foreign key (fund_id, grant_round_id) references grant_round,
  check (draw_at > committed_at),
  check (num_nonnulls(seed, drawn_by, drawn_at) in (0, 3)),
  -- Not before the public draw, and not by whoever committed the pool.
  check (drawn_at >= draw_at and drawn_by <> committed_by)
);
create index panel_by_round on panel (fund_id, grant_round_id, id);
create function hold_panel() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' or old.seed is not null then raise exception 'a panel that was drawn stays as it was drawn' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger panel_hold before update or delete on panel for each row execute function hold_panel();

-- Everybody of a pool, by the code that is published: asked one after the other in the order of the draw.
create table panel_seat (
  fund_id uuid not null,
  panel_id uuid not null,
  code text not null check (length(code) between 4 and 20),
  account_id uuid not null references account,
  -- In the order of the draw, from 1.
  place integer check (place > 0),
  -- 'silent': did not answer in time, 'left': accepted, and then did not decide in time.
  state text not null default 'pool' check (state in ('pool', 'asked', 'accepted', 'passed', 'silent', 'left')),
  asked_at timestamptz,
  answer_by timestamptz,
  answered_at timestamptz,
  primary key (fund_id, panel_id, code),
  unique (fund_id, panel_id, account_id),
  unique (fund_id, panel_id, place),
  foreign key (fund_id, panel_id) references panel,
  check (state = 'pool' or num_nonnulls(place, asked_at, answer_by) = 3)
);
create index panel_seat_by_account on panel_seat (fund_id, account_id);

-- A request that a panel decides is decided by those who sit on it, and no other request is.
create function hold_panel_decision() returns trigger language plpgsql as $$ begin
  if not exists (select from request r join panel p on p.fund_id = r.fund_id and p.grant_round_id = r.grant_round_id
      join panel_seat s on s.fund_id = p.fund_id and s.panel_id = p.id and s.account_id = new.account_id and s.state = 'accepted'
      where r.fund_id = new.fund_id and r.id = new.request_id and r.agree = 'panel') then
    raise exception 'only a member of the panel decides for it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_decision_panel before insert on request_decision for each row when (new.seat = 'panel') execute function hold_panel_decision();

do $$ declare name text; begin
  foreach name in array array['panel_volunteer', 'panel', 'panel_seat'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
grant update (area, since, ended_at) on panel_volunteer to commonpot_app;
grant update (seed, drawn_by, drawn_at) on panel to commonpot_app;
grant update (place, state, asked_at, answer_by, answered_at) on panel_seat to commonpot_app;
