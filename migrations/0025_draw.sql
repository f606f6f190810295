-- The draw of a waiting list: its pool is committed to in public, and the public draw that gives the seed is held after that.

create table grant_draw (
  fund_id uuid not null,
  id uuid not null,
  grant_round_id uuid not null,
  -- A window has one; a rolling round one each time that its pot is short.
  number integer not null check (number > 0),
  -- The public draw whose result will be the seed, and the day it is held on.
  draw_name text not null check (length(draw_name) between 3 and 200),
  draw_on date not null,
  -- Null where nobody named another than the usual one.
  named_by uuid references account,
  named_at timestamptz not null,
  -- When the round opened under a charter that draws; before that it is a wish.
  fixed_at timestamptz,
  -- Of a window's money, kept for what cannot wait.
  reserve_minor bigint not null default 0 check (reserve_minor >= 0),
  committed_at timestamptz,
  -- SHA-256 of what the draw goes by, and of its entries.
  terms_digest bytea check (length(terms_digest) = 32),
  pool_digest bytea check (length(pool_digest) = 32),
  -- Whether the money met everybody, so that there was nothing to draw.
  is_enough boolean,
  drawn_on date,
  text text check (length(text) between 1 and 500),
  evidence text check (length(evidence) between 1 and 500),
  -- Days on which the draw was to be held and was not.
  missed date[],
  seed bytea check (length(seed) = 32),
  drawn_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, grant_round_id, number),
  foreign key (fund_id, grant_round_id) references grant_round,
  check (num_nonnulls(committed_at, terms_digest, pool_digest, is_enough) in (0, 4)),
  check (num_nonnulls(drawn_on, text, evidence, missed, seed, drawn_at) in (0, 6)),
  -- Nobody knows the seed when the pool is fixed.
  constraint grant_draw_later check (draw_on > (committed_at at time zone 'UTC')::date),
  constraint grant_draw_fixed check (committed_at is null or fixed_at is not null),
  constraint grant_draw_of_pool check (drawn_at is null or committed_at is not null and not is_enough and drawn_on >= draw_on)
);
create unique index grant_draw_pending on grant_draw (fund_id, grant_round_id) where drawn_at is null and is_enough is distinct from true;

-- What each administrator typed as the result; one who types the same as another confirms it.
create table draw_result (
  fund_id uuid not null,
  draw_id uuid not null,
  entered_by uuid not null references account,
  drawn_on date not null,
  text text not null check (length(text) between 1 and 500),
  evidence text not null check (length(evidence) between 1 and 500),
  missed date[] not null default '{}',
  entered_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, draw_id, entered_by),
  foreign key (fund_id, draw_id) references grant_draw,
  check ((confirmed_by is null) = (confirmed_at is null)),
  constraint draw_result_two_people check (confirmed_by <> entered_by)
);
create unique index draw_result_confirmed on draw_result (fund_id, draw_id) where confirmed_by is not null;
create function hold_draw_result() returns trigger language plpgsql as $$ begin
  if old.confirmed_by is not null then raise exception 'a confirmed draw stands' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger draw_result_hold before update on draw_result for each row execute function hold_draw_result();
create trigger draw_result_stays before delete on draw_result for each row execute function refuse_change();

-- Named before anybody asks, committed to when nobody asks any more, drawn by the word of two; then it stands.
create function hold_grant_draw() returns trigger language plpgsql as $$
declare
  round grant_round;
begin
  if tg_op = 'DELETE' then raise exception 'a draw is not deleted' using errcode = 'restrict_violation'; end if;
  select * into round from grant_round r where r.fund_id = new.fund_id and r.id = new.grant_round_id;
  if tg_op = 'INSERT' then
    if num_nonnulls(new.committed_at, new.drawn_at) > 0 then raise exception 'a draw begins by its name' using errcode = 'restrict_violation'; end if;
    return new;
  end if;
  if row(new.fund_id, new.id, new.grant_round_id, new.number) is distinct from row(old.fund_id, old.id, old.grant_round_id, old.number)
    or old.drawn_at is not null or old.is_enough then
    raise exception 'a draw stays as it was drawn' using errcode = 'restrict_violation';
  end if;
  if round.phase <> 'draft' and (row(new.draw_name, new.named_by, new.named_at, new.fixed_at, new.reserve_minor) is distinct from row(old.draw_name, old.named_by, old.named_at, old.fixed_at, old.reserve_minor)
    -- A pool that is committed to late waits for a later draw of the same name.
    or new.draw_on <> old.draw_on and (old.committed_at is not null or new.committed_at is null or new.draw_on < old.draw_on)) then
    raise exception 'the public draw was named before anybody asked' using errcode = 'restrict_violation';
  end if;
  if old.committed_at is not null and row(new.committed_at, new.terms_digest, new.pool_digest, new.is_enough) is distinct from row(old.committed_at, old.terms_digest, old.pool_digest, old.is_enough) then
    raise exception 'a pool stays as it was committed to' using errcode = 'restrict_violation';
  end if;
  if new.committed_at is not null and round.kind = 'window' and round.phase in ('draft', 'open') then
    raise exception 'a pool is committed to when nobody can ask any more' using errcode = 'restrict_violation';
  end if;
  if new.drawn_at is not null and not exists (select from draw_result r where r.fund_id = new.fund_id and r.draw_id = new.id and r.confirmed_by is not null
      and row(r.drawn_on, r.text, r.missed) is not distinct from row(new.drawn_on, new.text, new.missed)) then
    raise exception 'a seed is the word of two' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger grant_draw_hold before insert or update or delete on grant_draw for each row execute function hold_grant_draw();

-- One request of a pool, as it is published, with the place that the draw gave it; or one that two people let through because it cannot wait.
create table draw_entry (
  fund_id uuid not null,
  draw_id uuid not null,
  request_id uuid not null,
  -- What is published in its place: never the reference, which somebody else may know who asked in a person's name.
  code text not null check (length(code) between 4 and 20),
  -- Null: let through without being in the pool. None: the person stands in the pool already.
  tickets integer check (tickets between 0 and 20),
  first_time boolean not null default false,
  missed_before integer not null default 0 check (missed_before >= 0),
  asked_again boolean not null default false,
  -- In the order of the draw, from 1.
  place integer check (place > 0),
  -- When there was money for it, and why it was let through to be decided.
  let_at timestamptz,
  let_as text check (let_as in ('enough', 'place', 'reserve')),
  primary key (fund_id, draw_id, request_id),
  -- A request is in one draw.
  unique (fund_id, request_id),
  unique (fund_id, draw_id, code),
  unique (fund_id, draw_id, place),
  foreign key (fund_id, draw_id) references grant_draw,
  check ((let_at is null) = (let_as is null)),
  constraint draw_entry_pool check (tickets is not null or place is null and let_as = 'reserve')
);
create index draw_entry_waiting on draw_entry (fund_id, draw_id, place) where let_at is null;

-- Two who say that a request cannot wait.
create table reserve_pick (
  fund_id uuid not null,
  request_id uuid not null,
  draw_id uuid not null,
  picked_by uuid not null references account,
  picked_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, request_id),
  foreign key (fund_id, request_id) references request,
  foreign key (fund_id, draw_id) references grant_draw,
  check ((confirmed_by is null) = (confirmed_at is null)),
  constraint reserve_pick_two_people check (confirmed_by <> picked_by)
);
create index reserve_pick_by_draw on reserve_pick (fund_id, draw_id);
create function hold_reserve_pick() returns trigger language plpgsql as $$
declare
  who uuid;
begin
  if tg_op = 'UPDATE' and (old.confirmed_by is not null or row(new.fund_id, new.request_id, new.draw_id, new.picked_by, new.picked_at) is distinct from row(old.fund_id, old.request_id, old.draw_id, old.picked_by, old.picked_at)) then
    raise exception 'what two people said stays' using errcode = 'restrict_violation';
  end if;
  select r.applicant_id into who from request r where r.fund_id = new.fund_id and r.id = new.request_id;
  if knows_applicant(new.fund_id, coalesce(new.confirmed_by, new.picked_by), who, coalesce(new.confirmed_at, new.picked_at)) is not null then
    raise exception 'nobody picks somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger reserve_pick_hold before insert or update on reserve_pick for each row execute function hold_reserve_pick();
create trigger reserve_pick_stays before delete on reserve_pick for each row execute function refuse_change();

create function hold_draw_entry() returns trigger language plpgsql as $$
declare
  draw grant_draw;
begin
  if tg_op = 'DELETE' then raise exception 'an entry of a pool stays' using errcode = 'restrict_violation'; end if;
  select * into draw from grant_draw d where d.fund_id = new.fund_id and d.id = new.draw_id;
  if tg_op = 'INSERT' then
    -- Looked at once, because requests are not deleted: a key would wait for everybody who looks at theirs.
    if not exists (select from request r where r.fund_id = new.fund_id and r.id = new.request_id and r.grant_round_id = draw.grant_round_id) then
      raise exception 'an entry is a request of its round' using errcode = 'foreign_key_violation';
    end if;
    if new.tickets is not null and (draw.committed_at is not null or num_nonnulls(new.place, new.let_at) > 0) then
      raise exception 'a pool that was committed to takes nobody in' using errcode = 'restrict_violation';
    end if;
  elsif row(new.fund_id, new.draw_id, new.request_id, new.code, new.tickets, new.first_time, new.missed_before, new.asked_again)
      is distinct from row(old.fund_id, old.draw_id, old.request_id, old.code, old.tickets, old.first_time, old.missed_before, old.asked_again)
    or old.place is not null and new.place is distinct from old.place or old.let_at is not null and row(new.let_at, new.let_as) is distinct from row(old.let_at, old.let_as) then
    raise exception 'an entry stays as it was drawn' using errcode = 'restrict_violation';
  end if;
  if new.place is not null and draw.drawn_at is null or new.let_as = 'place' and new.place is null or new.let_as = 'enough' and draw.is_enough is not true
    or new.let_as = 'reserve' and not exists (select from reserve_pick p where p.fund_id = new.fund_id and p.request_id = new.request_id and p.confirmed_by is not null) then
    raise exception 'nobody passes the draw by' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger draw_entry_hold before insert or update or delete on draw_entry for each row execute function hold_draw_entry();

-- Whether a request waits for the draw, or for money to come down the list to it: nobody decides it until then. In a
-- rolling round whatever somebody had begun to decide goes on.
create function awaits_draw(fund uuid, round uuid, asked uuid) returns boolean language sql stable as $$
  select coalesce((select e.let_at is null from draw_entry e where e.fund_id = fund and e.request_id = asked),
    exists (select from grant_draw d join grant_round g on g.fund_id = d.fund_id and g.id = d.grant_round_id join request r on r.fund_id = d.fund_id and r.id = asked
      where d.fund_id = fund and d.grant_round_id = round and d.fixed_at is not null and r.state = 'asked'
        and (g.kind = 'window' or not exists (select from request_decision s where s.fund_id = fund and s.request_id = asked)
          and (d.drawn_at is null
            or exists (select from draw_entry e join request l on l.fund_id = e.fund_id and l.id = e.request_id where e.fund_id = fund and e.draw_id = d.id and e.let_at is null and l.state in ('asked', 'listed'))))))
$$;
create function hold_awaiting() returns trigger language plpgsql as $$ begin
  if awaits_draw(new.fund_id, new.grant_round_id, new.id) then
    raise exception 'nobody is given anything before their turn' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_awaiting_hold before update of state on request for each row
  when (new.state in ('half', 'awarded') and old.state in ('asked', 'listed')) execute function hold_awaiting();
create function hold_early_decision() returns trigger language plpgsql as $$ begin
  if exists (select from request r where r.fund_id = new.fund_id and r.id = new.request_id and awaits_draw(r.fund_id, r.grant_round_id, r.id)) then
    raise exception 'nobody is decided before their turn' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_decision_turn before insert on request_decision for each row execute function hold_early_decision();

-- From the list a request comes back to those who decide when the money has come to it.
create or replace function hold_request() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' then raise exception 'a request is not deleted' using errcode = 'restrict_violation'; end if;
  if tg_op = 'INSERT' then
    if new.state <> 'asked' or new.state_version <> 0 then raise exception 'a request begins by asking' using errcode = 'restrict_violation'; end if;
    return new;
  end if;
  if new.state <> old.state and (new.state_version <> old.state_version + 1 or (old.state, new.state) not in (
      ('asked', 'half'), ('asked', 'listed'), ('asked', 'awarded'), ('asked', 'declined'), ('asked', 'withdrawn'),
      ('half', 'awarded'), ('half', 'declined'), ('half', 'withdrawn'),
      ('listed', 'asked'), ('listed', 'awarded'), ('listed', 'declined'), ('listed', 'withdrawn'),
      ('declined', 'appealed'), ('appealed', 'awarded'), ('appealed', 'upheld'), ('appealed', 'withdrawn'),
      ('awarded', 'returned'))) then
    raise exception 'a request does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if new.state = old.state and new.state_version <> old.state_version
    or row(new.fund_id, new.id, new.grant_round_id, new.applicant_id, new.reference, new.client_key, new.amount_minor, new.agree, new.cumulative_minor, new.asked_at)
      is distinct from row(old.fund_id, old.id, old.grant_round_id, old.applicant_id, old.reference, old.client_key, old.amount_minor, old.agree, old.cumulative_minor, old.asked_at)
    or old.erased_at is not null and (new.erased_at is distinct from old.erased_at or new.sealed_words is not null) then
    raise exception 'what was asked stays as it was asked' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

do $$ declare name text; begin
  foreach name in array array['grant_draw', 'draw_result', 'draw_entry', 'reserve_pick'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
grant update (draw_name, draw_on, named_by, named_at, fixed_at, reserve_minor, committed_at, terms_digest, pool_digest, is_enough, drawn_on, text, evidence, missed, seed, drawn_at) on grant_draw to commonpot_app;
grant update (drawn_on, text, evidence, missed, entered_at, confirmed_by, confirmed_at) on draw_result to commonpot_app;
grant update (place, let_at, let_as) on draw_entry to commonpot_app;
grant update (confirmed_by, confirmed_at) on reserve_pick to commonpot_app;
