-- The frame of a decision: rounds and their phases, the projects on the ballot, and the roll of who may take part.

create table round (
  fund_id uuid not null references fund,
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  kind text not null check (kind in ('vote')),
  title text not null check (length(title) between 1 and 120),
  summary text not null default '' check (length(summary) <= 4000),
  phase text not null default 'draft'
    check (phase in ('draft', 'ideas', 'review', 'notice', 'voting', 'counting', 'results', 'delivery', 'closed')),
  -- Counts the moves made so far.
  phase_version integer not null default 0,
  pot_id uuid,
  budget_minor bigint check (budget_minor > 0),
  currency text not null,
  notice_at timestamptz,
  voting_opens_at timestamptz,
  voting_closes_at timestamptz,
  results_at timestamptz,
  ballot_form jsonb check (
    (ballot_form ->> 'kind' in ('knapsack', 'one') and not ballot_form ? 'k')
    or (ballot_form ->> 'kind' in ('up-to', 'at-least') and (ballot_form ->> 'k')::integer > 0)),
  rule jsonb,
  -- SHA-256 of the rule with its names in order; published before voting opens.
  rule_digest bytea check (length(rule_digest) = 32),
  minimum_age integer check (minimum_age between 1 and 120),
  -- Postcodes or districts; empty means everybody.
  area text[] not null default '{}',
  credentials text[] not null default '{}' check (credentials <@ array['sign-in', 'roll', 'code']),
  -- Who accepted by name that the round runs without a recovery sheet.
  key_accepted_by uuid references account,
  frozen_at timestamptz,
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, slug),
  foreign key (fund_id, pot_id) references pot (fund_id, id),
  foreign key (fund_id, currency) references fund (id, currency),
  check ((rule is null) = (rule_digest is null)),
  check (voting_closes_at > voting_opens_at),
  -- Frozen from the moment voting opens, and then complete.
  check ((frozen_at is null) = (phase in ('draft', 'ideas', 'review', 'notice'))),
  check (frozen_at is null or num_nulls(pot_id, budget_minor, ballot_form, rule, voting_closes_at) = 0 and credentials <> '{}')
);
alter table round enable row level security;
alter table round force row level security;
create policy round_scope on round using (fund_id = current_fund());
grant select, insert, update (title, summary, phase, phase_version, pot_id, budget_minor, notice_at, voting_opens_at, voting_closes_at,
  results_at, ballot_form, rule, rule_digest, minimum_age, area, credentials, key_accepted_by, frozen_at) on round to commonpot_app;

-- Phases go forward one at a time; a round that gathers no ideas goes from draft to notice. What was frozen stays.
create function hold_round() returns trigger language plpgsql as $$
declare
  steps constant text[] := array['draft', 'ideas', 'review', 'notice', 'voting', 'counting', 'results', 'delivery', 'closed'];
begin
  if tg_op = 'INSERT' then
    if new.phase <> 'draft' or new.phase_version <> 0 then
      raise exception 'a round begins as a draft' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a round is not deleted' using errcode = 'restrict_violation';
  end if;
  if row(new.fund_id, new.id, new.slug, new.kind, new.currency, new.created_at)
    is distinct from row(old.fund_id, old.id, old.slug, old.kind, old.currency, old.created_at) then
    raise exception 'what names a round does not change' using errcode = 'restrict_violation';
  end if;
  if new.phase = old.phase and new.phase_version <> old.phase_version
    or new.phase <> old.phase and (new.phase_version <> old.phase_version + 1
      or not (array_position(steps, new.phase) = array_position(steps, old.phase) + 1 or (old.phase = 'draft' and new.phase = 'notice'))) then
    raise exception 'a round does not go from % to %', old.phase, new.phase using errcode = 'restrict_violation';
  end if;
  if old.frozen_at is not null and row(new.pot_id, new.budget_minor, new.ballot_form, new.rule, new.rule_digest, new.voting_opens_at, new.voting_closes_at,
      new.minimum_age, new.area, new.credentials, new.key_accepted_by, new.frozen_at)
    is distinct from row(old.pot_id, old.budget_minor, old.ballot_form, old.rule, old.rule_digest, old.voting_opens_at, old.voting_closes_at,
      old.minimum_age, old.area, old.credentials, old.key_accepted_by, old.frozen_at) then
    raise exception 'this was frozen when voting opened' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger round_hold before insert or update or delete on round for each row execute function hold_round();
create trigger round_no_truncate before truncate on round execute function refuse_change();

-- How a round came to its phase: on its date, by a person's step where no date is due, or by a person's override with a reason.
create table round_move (
  fund_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  from_phase text not null,
  to_phase text not null,
  at timestamptz not null,
  by text not null check (by in ('date', 'step', 'override')),
  actor_id uuid references account,
  reason text check (length(reason) between 1 and 1000),
  primary key (fund_id, id),
  foreign key (fund_id, round_id) references round,
  -- Each phase is left and entered once, so that the moves are one chain.
  unique (fund_id, round_id, from_phase),
  unique (fund_id, round_id, to_phase),
  check ((by = 'date') = (actor_id is null)),
  check (by <> 'override' or reason is not null)
);
alter table round_move enable row level security;
alter table round_move force row level security;
create policy round_move_scope on round_move using (fund_id = current_fund());
create trigger round_move_append_only before update or delete or truncate on round_move execute function refuse_change();
grant select, insert on round_move to commonpot_app;

create function hold_round_moved() returns trigger language plpgsql as $$ begin
  if not exists (select from round_move m where m.fund_id = new.fund_id and m.round_id = new.id and m.from_phase = old.phase and m.to_phase = new.phase) then
    raise exception 'a round moves only with its move on record' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger round_moved after update of phase on round deferrable initially deferred
  for each row when (old.phase is distinct from new.phase) execute function hold_round_moved();

create table project (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  -- The public id, as it stands on the ballot.
  number text not null check (number ~ '^[^[:cntrl:][:space:]]{1,40}$'),
  title text not null check (length(title) between 1 and 200),
  summary text not null default '' check (length(summary) <= 500),
  description text not null default '' check (length(description) <= 8000),
  cost_minor bigint not null check (cost_minor > 0),
  category text check (length(category) between 1 and 120),
  area text check (length(area) between 1 and 120),
  deliverer_name text check (length(deliverer_name) between 1 and 200),
  deliverer_contact text check (length(deliverer_contact) between 1 and 300),
  position integer not null,
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, round_id, id),
  unique (fund_id, round_id, number),
  foreign key (fund_id, round_id) references round
);
alter table project enable row level security;
alter table project force row level security;
create policy project_scope on project using (fund_id = current_fund());
grant select, insert, delete, update (number, title, summary, description, cost_minor, category, area, deliverer_name, deliverer_contact, position) on project to commonpot_app;

-- The lock makes a change and the opening of voting wait for each other.
create function hold_projects() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = coalesce(new.fund_id, old.fund_id) and r.id = coalesce(new.round_id, old.round_id) and r.frozen_at is null for share;
  if not found or (tg_op = 'UPDATE' and row(new.fund_id, new.round_id, new.id) is distinct from row(old.fund_id, old.round_id, old.id)) then
    raise exception 'the projects were frozen when voting opened' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger project_hold before insert or update or delete on project for each row execute function hold_projects();
create trigger project_no_truncate before truncate on project execute function refuse_change();

-- The roll: who may take part. Random ids and no times, so that nothing says in which order people came.
create table elector (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  area text,
  primary key (fund_id, round_id, id),
  foreign key (fund_id, round_id) references round
);
-- A name that an administrator typed or pasted; one entry, one elector.
create table roll_entry (
  fund_id uuid not null,
  round_id uuid not null,
  elector_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  postcode text check (length(postcode) between 1 and 20),
  contact_hash bytea check (length(contact_hash) = 32),
  born_year integer check (born_year between 1880 and 2100),
  primary key (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id, elector_id) references elector,
  unique (fund_id, round_id, contact_hash)
);
create index roll_entry_by_name on roll_entry (fund_id, round_id, lower(name), elector_id);
-- A printed code opens its elector's place until voting closes; nothing says whether it was used.
create table elector_code (
  fund_id uuid not null,
  round_id uuid not null,
  code_hash bytea not null check (length(code_hash) = 32),
  elector_id uuid not null,
  primary key (fund_id, round_id, code_hash),
  unique (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id, elector_id) references elector
);
-- One elector per account, one account per elector. Checked at the end, so that of many joining at once one makes the elector.
create table elector_account (
  fund_id uuid not null,
  round_id uuid not null,
  account_id uuid not null references account,
  elector_id uuid not null,
  primary key (fund_id, round_id, account_id),
  unique (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id, elector_id) references elector deferrable initially deferred
);

-- The roll grows until voting closes, and nobody is taken off it while people vote and ballots are counted.
-- A lost code may be replaced while people vote: the elector stays the same.
create function hold_roll_open() returns trigger language plpgsql as $$ begin
  if exists (select from (select distinct fund_id, round_id from fresh) f
    left join round r on r.fund_id = f.fund_id and r.id = f.round_id and r.phase in ('draft', 'ideas', 'review', 'notice', 'voting') where r.id is null) then
    raise exception 'the roll is closed' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create function hold_roll_kept() returns trigger language plpgsql as $$ begin
  if tg_op = 'UPDATE' or not exists (select from round r
    where r.fund_id = old.fund_id and r.id = old.round_id and (r.phase not in ('voting', 'counting') or (r.phase = 'voting' and tg_table_name = 'elector_code'))) then
    raise exception 'the roll only grows while people vote' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
do $$
declare
  name text;
begin
  foreach name in array array['elector', 'roll_entry', 'elector_code', 'elector_account'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_open after insert on %1$I referencing new table as fresh for each statement execute function hold_roll_open();
      create trigger %1$s_kept before update or delete on %1$I for each row execute function hold_roll_kept();
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert, delete on %1$I to commonpot_app', name);
  end loop;
end $$;
