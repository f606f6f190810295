-- Draws by the public random beacon: a value that the network signed stands for the word of two people, whoever brings it.

-- A value is kept once it is checked against the network's public key; who brought it is null where the job did.
create table beacon_value (
  fund_id uuid not null references fund,
  -- The network's hash.
  chain text not null check (chain ~ '^[0-9a-f]{64}$'),
  round bigint not null check (round > 0),
  signature text not null check (signature ~ '^[0-9a-f]{96}$'),
  brought_by uuid references account,
  brought_at timestamptz not null,
  primary key (fund_id, chain, round)
);
create trigger beacon_value_append_only before update or delete or truncate on beacon_value execute function refuse_change();
alter table beacon_value enable row level security;
alter table beacon_value force row level security;
create policy beacon_value_scope on beacon_value using (fund_id = current_fund());
grant select, insert on beacon_value to commonpot_app;

-- Whether a draw's name waits for a value of the beacon.
create function is_beacon_draw(name text) returns boolean language sql immutable as $$
  select name ~ '^drand round [1-9][0-9]* of [0-9TZ:-]+, network [0-9a-f]{64}$'
$$;
-- Whether a result is the kept value that the name waits for.
create function is_beacon_result(fund uuid, name text, result text) returns boolean language sql stable as $$
  select is_beacon_draw(name) and exists (select from beacon_value v where v.fund_id = fund
    and v.chain = right(name, 64) and v.round = split_part(name, ' ', 3)::bigint and result = format('drand round %s signature %s', v.round, v.signature))
$$;

-- The draw of a waiting list. A pool that is committed to late waits for a later value.
create or replace function hold_grant_draw() returns trigger language plpgsql as $$
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
  if round.phase <> 'draft' and (row(new.named_by, new.named_at, new.fixed_at, new.reserve_minor) is distinct from row(old.named_by, old.named_at, old.fixed_at, old.reserve_minor)
    -- A pool that is committed to late waits for a later draw of the same name, or a later value of the same network.
    or new.draw_name <> old.draw_name and (old.committed_at is not null or new.committed_at is null or not (is_beacon_draw(old.draw_name) and is_beacon_draw(new.draw_name)
      and right(old.draw_name, 64) = right(new.draw_name, 64) and split_part(new.draw_name, ' ', 3)::bigint > split_part(old.draw_name, ' ', 3)::bigint))
    or new.draw_on <> old.draw_on and (old.committed_at is not null or new.committed_at is null or new.draw_on < old.draw_on)) then
    raise exception 'the public draw was named before anybody asked' using errcode = 'restrict_violation';
  end if;
  if old.committed_at is not null and row(new.committed_at, new.terms_digest, new.pool_digest, new.is_enough) is distinct from row(old.committed_at, old.terms_digest, old.pool_digest, old.is_enough) then
    raise exception 'a pool stays as it was committed to' using errcode = 'restrict_violation';
  end if;
  if new.committed_at is not null and round.kind = 'window' and round.phase in ('draft', 'open') then
    raise exception 'a pool is committed to when nobody can ask any more' using errcode = 'restrict_violation';
  end if;
  if new.drawn_at is not null and is_beacon_draw(new.draw_name) and not (is_beacon_result(new.fund_id, new.draw_name, new.text) and new.drawn_on = new.draw_on and cardinality(new.missed) = 0) then
    raise exception 'a seed is the value that was named' using errcode = 'restrict_violation';
  end if;
  if new.drawn_at is not null and not is_beacon_draw(new.draw_name) and not exists (select from draw_result r where r.fund_id = new.fund_id and r.draw_id = new.id and r.confirmed_by is not null
      and row(r.drawn_on, r.text, r.missed) is not distinct from row(new.drawn_on, new.text, new.missed)) then
    raise exception 'a seed is the word of two' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- A panel: by somebody else than who published the pool, or by the beacon.
do $$ declare name text; begin
  for name in select conname from pg_constraint where conrelid = 'panel'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%num_nonnulls(seed, drawn_by, drawn_at)%' loop
    execute format('alter table panel drop constraint %I', name);
  end loop;
end $$;
alter table panel add constraint panel_drawn check (num_nonnulls(seed, drawn_at) in (0, 2) and (seed is not null) >= (drawn_by is not null) and (seed is null or (drawn_by is null) = is_beacon_draw(draw_name)));
create or replace function hold_panel() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' or old.seed is not null then raise exception 'a panel that was drawn stays as it was drawn' using errcode = 'restrict_violation'; end if;
  if new.seed is not null and is_beacon_draw(new.draw_name) and not is_beacon_result(new.fund_id, new.draw_name, new.seed) then
    raise exception 'a seed is the value that was named' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- The order in a hall: typed by two, or by the beacon.
do $$ declare name text; begin
  for name in select conname from pg_constraint where conrelid = 'hall_order'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%cardinality(drawn_by)%' loop
    execute format('alter table hall_order drop constraint %I', name);
  end loop;
end $$;
alter table hall_order add constraint hall_order_by_two check (case when is_beacon_draw(how) then drawn_by = '{}' else cardinality(drawn_by) = 2 and drawn_by[1] <> drawn_by[2] end);
create or replace function hold_hall_order() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.phase in ('notice', 'voting') for share;
  if not found then
    raise exception 'the order is drawn once the ballot is published, and before the vote closes' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' and new.drawn is not null then
    raise exception 'the draw is announced first' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and (old.drawn is not null
    or row(new.secret, new.how, new.announced_by, new.announced_at) is distinct from row(old.secret, old.how, old.announced_by, old.announced_at)) then
    raise exception 'the order is drawn once' using errcode = 'restrict_violation';
  end if;
  if new.drawn is not null and is_beacon_draw(new.how) and not is_beacon_result(new.fund_id, new.how, new.drawn) then
    raise exception 'the order follows from the value that was named' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
