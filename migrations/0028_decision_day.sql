-- Decision day in a hall: the order of projects, drawn in public. Letters by the batch. Mirrors by the fund. A deliverer's
-- own link. A hidden picture that is shown again.

-- The draw of the order: announced with a promise (the hash of a secret that nobody has seen), then held in public and typed
-- by two. Neither whoever knows the secret nor whoever types can steer it.
create table hall_order (
  fund_id uuid not null,
  round_id uuid not null,
  secret bytea not null check (length(secret) = 32),
  -- What will be drawn, where and when, as people read it beforehand.
  how text not null check (length(how) between 1 and 500),
  announced_by uuid not null references account,
  announced_at timestamptz not null,
  -- What was drawn, as two people typed it.
  drawn text check (length(drawn) between 1 and 500),
  drawn_by uuid[] check (cardinality(drawn_by) = 2 and drawn_by[1] <> drawn_by[2]),
  drawn_at timestamptz,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round,
  check (num_nulls(drawn, drawn_by, drawn_at) in (0, 3))
);
create table hall_draw (
  fund_id uuid not null,
  round_id uuid not null,
  entered_by uuid not null references account,
  drawn text not null check (length(drawn) between 1 and 500),
  entered_at timestamptz not null,
  primary key (fund_id, round_id, entered_by),
  foreign key (fund_id, round_id) references hall_order
);
create function hold_hall_order() returns trigger language plpgsql as $$ begin
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
  return new;
end $$;
create trigger hall_order_hold before insert or update on hall_order for each row execute function hold_hall_order();
create trigger hall_order_kept before delete or truncate on hall_order execute function refuse_change();
create trigger hall_draw_kept before delete or truncate on hall_draw execute function refuse_change();

-- Whoever could add, remove or renumber a project after the announcement could steer its place.
create function hold_announced_projects() returns trigger language plpgsql as $$ begin
  if (tg_op <> 'UPDATE' or new.number <> old.number or new.round_id <> old.round_id)
    and exists (select from hall_order h where h.fund_id = coalesce(new.fund_id, old.fund_id) and h.round_id = coalesce(new.round_id, old.round_id)) then
    raise exception 'the projects whose order is drawn are fixed' using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger project_announced before insert or update or delete on project for each row execute function hold_announced_projects();

-- Codes that were made together, so that all of them can be made anew when their letters are lost.
create table code_batch (
  fund_id uuid not null,
  round_id uuid not null,
  number integer not null check (number > 0),
  made_at timestamptz not null,
  primary key (fund_id, round_id, number),
  foreign key (fund_id, round_id) references round
);
create trigger code_batch_append_only before update or delete or truncate on code_batch execute function refuse_change();
alter table elector_code add batch integer, add foreign key (fund_id, round_id, batch) references code_batch;
create index elector_code_by_batch on elector_code (fund_id, round_id, batch);

-- Where a fund's new rounds send copies of their heads.
create table fund_mirror (
  fund_id uuid not null references fund,
  id uuid not null,
  mirror text not null check (length(mirror) between 1 and 500),
  added_by uuid not null references account,
  added_at timestamptz not null,
  ended_by uuid references account,
  ended_at timestamptz,
  primary key (fund_id, id),
  check ((ended_by is null) = (ended_at is null))
);
create unique index fund_mirror_once on fund_mirror (fund_id, mirror) where ended_at is null;
create function hold_fund_mirror() returns trigger language plpgsql as $$ begin
  if old.ended_at is not null or row(new.id, new.mirror, new.added_by, new.added_at) is distinct from row(old.id, old.mirror, old.added_by, old.added_at) then
    raise exception 'a mirror is added and ended, and nothing else' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger fund_mirror_hold before update on fund_mirror for each row execute function hold_fund_mirror();
create trigger fund_mirror_kept before delete or truncate on fund_mirror execute function refuse_change();

-- Whoever delivers a project tells its news by a link of their own.
create table delivery_link (
  fund_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  project_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  made_by uuid not null references account,
  made_at timestamptz not null,
  ended_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, project_id, id),
  unique (fund_id, token_hash),
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id)
);
create unique index delivery_link_one on delivery_link (fund_id, project_id) where ended_at is null;
create function hold_delivery_link() returns trigger language plpgsql as $$ begin
  if old.ended_at is not null or row(new.id, new.round_id, new.project_id, new.token_hash, new.made_by, new.made_at)
    is distinct from row(old.id, old.round_id, old.project_id, old.token_hash, old.made_by, old.made_at) then
    raise exception 'a link is made and ended, and nothing else' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger delivery_link_hold before update on delivery_link for each row execute function hold_delivery_link();
create trigger delivery_link_kept before delete or truncate on delivery_link execute function refuse_change();
-- `published_by` is then whoever handed the link out.
alter table delivery_news add link_id uuid, add foreign key (fund_id, project_id, link_id) references delivery_link (fund_id, project_id, id);

do $$ declare name text; begin
  foreach name in array array['hall_order', 'hall_draw', 'code_batch', 'fund_mirror', 'delivery_link'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
grant update (drawn, drawn_by, drawn_at) on hall_order to commonpot_app;
grant update (drawn, entered_at) on hall_draw to commonpot_app;
grant update (ended_by, ended_at) on fund_mirror to commonpot_app;
grant update (ended_at) on delivery_link to commonpot_app;

-- A hidden picture may be shown again, and hidden again after that; each time for a reason that is public.
alter table picture
  add shown_at timestamptz,
  add shown_by uuid references account,
  add shown_reason text check (length(shown_reason) between 1 and 500),
  add check (num_nulls(shown_at, shown_by, shown_reason) in (0, 3)),
  add check (shown_at is null or hidden_at is not null);
grant update (shown_at, shown_by, shown_reason) on picture to commonpot_app;
create or replace function hold_picture() returns trigger language plpgsql as $$
declare
  is_hiding boolean;
  is_showing boolean;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' or new.removed_at is not null or new.hidden_at is not null then
      raise exception 'a picture begins by waiting' using errcode = 'restrict_violation';
    end if;
    if new.owner_kind = 'idea' then
      perform from proposal p join round r on r.fund_id = p.fund_id and r.id = p.round_id
        where p.fund_id = new.fund_id and p.id = new.owner_id and p.withdrawn_at is null and r.phase = 'ideas' for share;
      if not found then
        raise exception 'this idea takes no pictures now' using errcode = 'restrict_violation';
      end if;
    end if;
    return new;
  end if;
  is_hiding := (old.hidden_at is null or old.shown_at is not null) and new.hidden_at is not null and new.shown_at is null;
  is_showing := old.hidden_at is not null and old.shown_at is null and new.shown_at is not null
    and row(new.hidden_at, new.hidden_by, new.hidden_reason) is not distinct from row(old.hidden_at, old.hidden_by, old.hidden_reason);
  if row(new.fund_id, new.id, new.owner_kind, new.owner_id, new.words, new.digest, new.added_by, new.added_at)
    is distinct from row(old.fund_id, old.id, old.owner_kind, old.owner_id, old.words, old.digest, old.added_by, old.added_at)
    or (old.state <> 'waiting' and new.state <> old.state)
    or (old.removed_at is not null and new.removed_at is distinct from old.removed_at)
    or (row(new.hidden_at, new.hidden_by, new.hidden_reason, new.shown_at, new.shown_by, new.shown_reason)
      is distinct from row(old.hidden_at, old.hidden_by, old.hidden_reason, old.shown_at, old.shown_by, old.shown_reason) and not is_hiding and not is_showing)
    or (new.removed_at is not null and new.owner_kind = 'news') then
    raise exception 'this picture does not change that way' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
