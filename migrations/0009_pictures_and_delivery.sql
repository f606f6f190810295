-- Pictures, stored only as we made them ourselves; and what becomes of the projects that won.

create table picture (
  fund_id uuid not null references fund,
  id uuid not null,
  -- What it belongs to: an idea, or a piece of news about a project.
  owner_kind text not null check (owner_kind in ('idea', 'news')),
  owner_id uuid not null,
  idea_id uuid generated always as (case when owner_kind = 'idea' then owner_id end) stored,
  news_id uuid generated always as (case when owner_kind = 'news' then owner_id end) stored,
  -- What it shows, for whoever does not see it.
  words text not null check (length(words) between 1 and 300),
  -- SHA-256 of the file as it was sent: the same file twice is one picture.
  digest bytea not null check (octet_length(digest) = 32),
  state text not null default 'waiting' check (state in ('waiting', 'ready', 'refused')),
  -- Each try is counted before it begins, so that a file that ends the process is not tried for ever.
  tries integer not null default 0 check (tries between 0 and 3),
  taken_until timestamptz,
  added_by uuid not null references account,
  added_at timestamptz not null,
  removed_at timestamptz,
  hidden_at timestamptz,
  hidden_by uuid references account,
  -- Public, in the picture's place.
  hidden_reason text check (length(hidden_reason) between 1 and 500),
  primary key (fund_id, id),
  foreign key (fund_id, idea_id) references proposal,
  check (num_nulls(hidden_at, hidden_by, hidden_reason) in (0, 3))
);
create index picture_by_owner on picture (fund_id, owner_kind, owner_id, id);
create unique index picture_once on picture (fund_id, owner_kind, owner_id, digest) where removed_at is null;
create index picture_by_account on picture (fund_id, added_by, added_at);
create index picture_waiting on picture (fund_id, id) where state = 'waiting';
alter table picture enable row level security;
alter table picture force row level security;
create policy picture_scope on picture using (fund_id = current_fund());
create trigger picture_no_delete before delete or truncate on picture execute function refuse_change();
grant select, insert, update (state, tries, taken_until, removed_at, hidden_at, hidden_by, hidden_reason) on picture to commonpot_app;

-- The file as it was sent, with whatever a phone wrote into it: kept until it is re-encoded, and no longer.
create table picture_original (
  fund_id uuid not null,
  picture_id uuid not null,
  bytes bytea not null check (octet_length(bytes) between 1 and 10485760),
  primary key (fund_id, picture_id),
  foreign key (fund_id, picture_id) references picture
);
-- Nothing to gain by compressing a photo once more.
alter table picture_original alter column bytes set storage external;
alter table picture_original enable row level security;
alter table picture_original force row level security;
create policy picture_original_scope on picture_original using (fund_id = current_fund());
create trigger picture_original_no_change before update or truncate on picture_original execute function refuse_change();
grant select, insert, delete on picture_original to commonpot_app;

-- What is served.
create table picture_file (
  fund_id uuid not null,
  picture_id uuid not null,
  -- Pixels of the square that it was fitted into.
  size integer not null check (size in (480, 960, 1600)),
  format text not null check (format in ('avif', 'webp')),
  width integer not null check (width between 1 and size),
  height integer not null check (height between 1 and size),
  bytes bytea not null,
  primary key (fund_id, picture_id, size, format),
  foreign key (fund_id, picture_id) references picture
);
alter table picture_file alter column bytes set storage external;
alter table picture_file enable row level security;
alter table picture_file force row level security;
create policy picture_file_scope on picture_file using (fund_id = current_fund());
create trigger picture_file_no_change before update or truncate on picture_file execute function refuse_change();
grant select, insert, delete on picture_file to commonpot_app;

-- Ideas take pictures while ideas are gathered; what was settled, removed or hidden stays so.
create function hold_picture() returns trigger language plpgsql as $$ begin
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
  if row(new.fund_id, new.id, new.owner_kind, new.owner_id, new.words, new.digest, new.added_by, new.added_at)
    is distinct from row(old.fund_id, old.id, old.owner_kind, old.owner_id, old.words, old.digest, old.added_by, old.added_at)
    or (old.state <> 'waiting' and new.state <> old.state)
    or (old.removed_at is not null and new.removed_at is distinct from old.removed_at)
    or (old.hidden_at is not null and row(new.hidden_at, new.hidden_by, new.hidden_reason) is distinct from row(old.hidden_at, old.hidden_by, old.hidden_reason))
    or (new.removed_at is not null and new.owner_kind = 'news') then
    raise exception 'this picture does not change that way' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger picture_hold before insert or update on picture for each row execute function hold_picture();

-- At the end of every transaction: an original belongs to a picture that waits, and files to one that is ready and was not removed.
create function check_picture_bytes() returns trigger language plpgsql as $$
declare
  fund uuid := new.fund_id;
  -- Read as JSON, for the tables name it differently.
  picture uuid := coalesce(to_jsonb(new) ->> 'picture_id', to_jsonb(new) ->> 'id')::uuid;
begin
  if exists (select from picture_original o join picture p on p.fund_id = o.fund_id and p.id = o.picture_id
      where o.fund_id = fund and o.picture_id = picture and (p.state <> 'waiting' or p.removed_at is not null)) then
    raise exception 'an original is kept beyond its time' using errcode = 'restrict_violation';
  end if;
  if exists (select from picture_file f join picture p on p.fund_id = f.fund_id and p.id = f.picture_id
      where f.fund_id = fund and f.picture_id = picture and (p.state <> 'ready' or p.removed_at is not null)) then
    raise exception 'files without a picture that is ready' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger picture_bytes after insert or update of state, removed_at on picture deferrable initially deferred for each row execute function check_picture_bytes();
create constraint trigger picture_original_bytes after insert on picture_original deferrable initially deferred for each row execute function check_picture_bytes();
create constraint trigger picture_file_bytes after insert on picture_file deferrable initially deferred for each row execute function check_picture_bytes();

-- What a project that won promised to do, by when, and who does it.
create table delivery_milestone (
  fund_id uuid not null,
  round_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  title text not null check (length(title) between 1 and 200),
  who text not null check (length(who) between 1 and 200),
  due_on date not null,
  draft_id uuid not null,
  planned_by uuid not null references account,
  planned_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, project_id, id),
  unique (fund_id, project_id, draft_id),
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id)
);

-- What was told about it, in the order in which it was told. A correction is a new piece of news that takes back an earlier one.
create table delivery_news (
  fund_id uuid not null,
  round_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('news', 'done', 'delayed', 'correction')),
  milestone_id uuid,
  words text not null check (length(words) between 1 and 2000),
  -- Of a delay: why, and the new day.
  reason text check (length(reason) between 1 and 1000),
  new_due_on date,
  corrects_id uuid,
  draft_id uuid not null,
  published_by uuid not null references account,
  published_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, project_id, id),
  unique (fund_id, project_id, draft_id),
  unique (fund_id, corrects_id),
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id),
  foreign key (fund_id, project_id, milestone_id) references delivery_milestone (fund_id, project_id, id),
  foreign key (fund_id, project_id, corrects_id) references delivery_news (fund_id, project_id, id),
  check (milestone_id is not null or kind in ('news', 'correction')),
  check ((kind = 'delayed') = (reason is not null and new_due_on is not null)),
  check ((kind = 'correction') = (corrects_id is not null))
);
create index delivery_news_by_project on delivery_news (fund_id, project_id, id);
create index delivery_milestone_by_round on delivery_milestone (fund_id, round_id);
alter table picture add foreign key (fund_id, news_id) references delivery_news (fund_id, id);

-- Only what was awarded is delivered, and only until the round is closed. The project's round is locked, so that news come one after the other.
create function hold_delivery() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.phase in ('results', 'delivery') for update;
  if not found then
    raise exception 'this round is not being delivered' using errcode = 'restrict_violation';
  end if;
  if not exists (select from award a where a.fund_id = new.fund_id and a.round_id = new.round_id and a.subject_kind = 'project' and a.subject_id = new.project_id) then
    raise exception 'this project was not awarded' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function hold_delivery_news() returns trigger language plpgsql as $$ begin
  if new.kind in ('done', 'delayed') and exists (select from delivery_news n where n.fund_id = new.fund_id and n.milestone_id = new.milestone_id and n.kind = 'done'
      and not exists (select from delivery_news c where c.fund_id = n.fund_id and c.corrects_id = n.id)) then
    raise exception 'this milestone is done' using errcode = 'restrict_violation';
  end if;
  if new.kind = 'correction' and exists (select from delivery_news n where n.fund_id = new.fund_id and n.id = new.corrects_id and n.kind = 'correction') then
    raise exception 'a correction is not corrected: what is right is told anew' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
do $$ declare name text; begin
  foreach name in array array['delivery_milestone', 'delivery_news'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_hold before insert on %1$I for each row execute function hold_delivery();
      create trigger %1$s_append_only before update or delete or truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
create trigger delivery_news_rule before insert on delivery_news for each row execute function hold_delivery_news();
