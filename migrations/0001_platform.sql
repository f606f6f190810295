-- What every floor stands on: the application's role, the row scope, the record of events, idempotent answers.

do $$ begin
  if not exists (select from pg_roles where rolname = 'commonpot_app') then
    create role commonpot_app nologin noinherit;
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant commonpot_app to %I with set true, inherit false', current_user);
  end if;
end $$;

revoke all on schema public from public;
grant usage on schema public to commonpot_app;

-- The scope of a transaction, set by SET LOCAL. Unset, or left empty by an earlier transaction, it is null and no row matches.
create function current_fund() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('commonpot.fund', true), '')::uuid $$;
create function current_account() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('commonpot.account', true), '')::uuid $$;

-- Stops everybody, the owner and TRUNCATE included.
create function refuse_change() returns trigger language plpgsql as $$ begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create table host (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null
);
grant select, insert on host to commonpot_app;

create table fund (
  id uuid primary key,
  host_id uuid not null references host,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  name text not null check (length(name) between 1 and 200),
  purpose text not null default '' check (length(purpose) <= 2000),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  language text not null default 'en',
  time_zone text not null default 'Europe/London',
  created_at timestamptz not null,
  unique (id, currency)
);
grant select, insert on fund to commonpot_app;

-- One line for each thing that happened: ids only, nothing personal, never a ballot.
create table event (
  id uuid primary key,
  fund_id uuid not null references fund,
  name text not null check (name ~ '^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$'),
  subject jsonb not null,
  actor_id uuid,
  at timestamptz not null
);
create index event_by_fund on event (fund_id, id);
alter table event enable row level security;
alter table event force row level security;
create policy event_scope on event using (fund_id = current_fund());
create trigger event_append_only before update or delete or truncate on event execute function refuse_change();
grant select, insert on event to commonpot_app;

-- The answer to an unsafe call, stored in the transaction of its effect, so that the same key gives the same answer.
create table idempotent_answer (
  fund_id uuid not null references fund,
  caller_id uuid not null,
  key text not null check (length(key) between 8 and 100),
  request_digest bytea not null,
  status integer,
  answer jsonb,
  at timestamptz not null,
  primary key (fund_id, caller_id, key)
);
alter table idempotent_answer enable row level security;
alter table idempotent_answer force row level security;
create policy idempotent_answer_scope on idempotent_answer using (fund_id = current_fund());
grant select, insert, update (status, answer) on idempotent_answer to commonpot_app;

-- What the demonstration sent, for its outbox page; nothing is ever written here in production.
create table demonstration_message (
  id uuid primary key,
  channel text not null check (channel in ('email', 'sms')),
  recipient text not null,
  subject text not null,
  body text not null,
  at timestamptz not null
);
grant select, insert on demonstration_message to commonpot_app;
