-- From an idea to the ballot: what residents propose and support, what reviewers answer, and the project it becomes.

-- The dates of gathering and reviewing, and what the money may pay: settled before anybody sends an idea.
alter table round
  add ideas_open_at timestamptz,
  add ideas_close_at timestamptz,
  -- The day by which reviewers promised to have answered every idea.
  add review_due_at timestamptz,
  -- Whether this money may pay for running something; money for things that are bought or built once may not.
  add running_costs_allowed boolean not null default false,
  add check (ideas_close_at > ideas_open_at),
  add check (review_due_at >= ideas_close_at);
grant update (ideas_open_at, ideas_close_at, review_due_at, running_costs_allowed) on round to commonpot_app;

create function hold_running_costs() returns trigger language plpgsql as $$ begin
  if new.running_costs_allowed is distinct from old.running_costs_allowed and old.phase <> 'draft' then
    raise exception 'what the money may pay was settled before ideas were gathered' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger round_running_costs before update of running_costs_allowed on round for each row execute function hold_running_costs();

create table proposal (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  -- The public number, as people say it at a meeting.
  number integer not null check (number > 0),
  title text not null check (length(title) between 1 and 120),
  description text not null check (length(description) between 1 and 4000),
  -- What its proposer thinks it costs.
  rough_cost_minor bigint check (rough_cost_minor > 0),
  place text check (length(place) between 1 and 200),
  -- Who sent it; null for an idea that an administrator typed in after a meeting.
  author_id uuid references account,
  entered_by uuid not null references account,
  -- Drawn by the phone: the same idea sent twice is one.
  draft_id uuid not null,
  sent_at timestamptz not null,
  changed_at timestamptz,
  withdrawn_at timestamptz,
  -- The idea whose review answers for this one too. That one is joined to no other.
  joined_to uuid,
  leads boolean generated always as (joined_to is null) stored,
  joined_to_leads boolean generated always as (case when joined_to is not null then true end) stored,
  primary key (fund_id, id),
  unique (fund_id, round_id, id),
  unique (fund_id, round_id, number),
  unique (fund_id, round_id, entered_by, draft_id),
  unique (fund_id, round_id, id, leads),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, round_id, joined_to, joined_to_leads) references proposal (fund_id, round_id, id, leads),
  check (author_id is null or author_id = entered_by),
  check (withdrawn_at is null or joined_to is null),
  check (joined_to <> id)
);
create index proposal_by_author on proposal (fund_id, author_id, id) where author_id is not null;
create index proposal_by_joined_to on proposal (fund_id, round_id, joined_to) where joined_to is not null;
alter table proposal enable row level security;
alter table proposal force row level security;
create policy proposal_scope on proposal using (fund_id = current_fund());
grant select, insert, update (title, description, rough_cost_minor, place, changed_at, withdrawn_at, joined_to) on proposal to commonpot_app;

-- Who is behind an idea: kept apart, so that it can be forgotten. The name is public only by consent, the rest never.
create table proposal_person (
  fund_id uuid not null,
  proposal_id uuid not null,
  name text check (length(name) between 1 and 120),
  show_name boolean not null,
  contact text check (length(contact) between 1 and 300),
  primary key (fund_id, proposal_id),
  foreign key (fund_id, proposal_id) references proposal,
  check (not show_name or name is not null)
);
alter table proposal_person enable row level security;
alter table proposal_person force row level security;
create policy proposal_person_scope on proposal_person using (fund_id = current_fund());
create trigger proposal_person_no_truncate before truncate on proposal_person execute function refuse_change();
grant select, insert, delete, update (name, show_name, contact) on proposal_person to commonpot_app;

-- One per account and idea, taken back the same way. No time and no order: only how many.
create table proposal_support (
  fund_id uuid not null,
  round_id uuid not null,
  proposal_id uuid not null,
  account_id uuid not null references account,
  primary key (fund_id, proposal_id, account_id),
  foreign key (fund_id, round_id, proposal_id) references proposal (fund_id, round_id, id)
);
alter table proposal_support enable row level security;
alter table proposal_support force row level security;
create policy proposal_support_scope on proposal_support using (fund_id = current_fund());
create trigger proposal_support_no_truncate before truncate on proposal_support execute function refuse_change();
grant select, insert, delete on proposal_support to commonpot_app;

-- Words change while ideas are gathered; joining is the reviewers' work. The lock makes a change and the phase's end wait for each other.
create function hold_proposal() returns trigger language plpgsql as $$
declare
  here text;
begin
  if tg_op = 'DELETE' then
    raise exception 'an idea is withdrawn, not deleted' using errcode = 'restrict_violation';
  end if;
  select r.phase into here from round r where r.fund_id = new.fund_id and r.id = new.round_id for share;
  if tg_op = 'INSERT' then
    if not (here = 'ideas' or here = 'review' and new.author_id is null) or new.joined_to is not null or new.withdrawn_at is not null then
      raise exception 'ideas are not being gathered' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if row(new.fund_id, new.round_id, new.id, new.number, new.author_id, new.entered_by, new.draft_id, new.sent_at)
    is distinct from row(old.fund_id, old.round_id, old.id, old.number, old.author_id, old.entered_by, old.draft_id, old.sent_at) then
    raise exception 'what names an idea does not change' using errcode = 'restrict_violation';
  end if;
  if row(new.title, new.description, new.rough_cost_minor, new.place, new.changed_at, new.withdrawn_at)
    is distinct from row(old.title, old.description, old.rough_cost_minor, old.place, old.changed_at, old.withdrawn_at)
    and (here <> 'ideas' or old.withdrawn_at is not null) then
    raise exception 'an idea changes only while ideas are gathered' using errcode = 'restrict_violation';
  end if;
  if new.joined_to is distinct from old.joined_to and here <> 'review' then
    raise exception 'ideas are joined and split during the review' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger proposal_hold before insert or update or delete on proposal for each row execute function hold_proposal();
create trigger proposal_no_truncate before truncate on proposal execute function refuse_change();

create function hold_support() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = coalesce(new.fund_id, old.fund_id) and r.id = coalesce(new.round_id, old.round_id) and r.phase in ('ideas', 'review') for share;
  if not found then
    raise exception 'support is shown while ideas are gathered and reviewed' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    perform from proposal p where p.fund_id = new.fund_id and p.id = new.proposal_id and p.withdrawn_at is null for share;
    if not found then
      raise exception 'a withdrawn idea takes no support' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  return old;
end $$;
create trigger proposal_support_hold before insert or delete on proposal_support for each row execute function hold_support();

-- What a reviewer or administrator has to do with an idea, or with the round where no idea is named. Public, and never taken back.
create table review_interest (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  proposal_id uuid,
  account_id uuid not null references account,
  -- As which role they speak in public, and their name only if they agree.
  role_words text not null check (length(role_words) between 1 and 120),
  name text check (length(name) between 1 and 120),
  words text not null check (length(words) between 1 and 1000),
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, round_id, proposal_id) references proposal (fund_id, round_id, id)
);
create index review_interest_by_proposal on review_interest (fund_id, proposal_id, account_id);

-- A reviewer's answer to an idea and to those joined with it. Revising adds a version; none is changed.
create table review_version (
  fund_id uuid not null,
  round_id uuid not null,
  proposal_id uuid not null,
  version integer not null check (version > 0),
  feasible text not null check (feasible in ('yes', 'changes', 'no')),
  reasons text not null check (length(reasons) between 1 and 4000),
  -- What would have to be different.
  changes text check (length(changes) between 1 and 2000),
  -- As it would stand on the ballot.
  title text check (length(title) between 1 and 200),
  cost_minor bigint check (cost_minor > 0),
  -- How much of it pays for running the thing, not for buying or building it.
  running_minor bigint check (running_minor between 0 and cost_minor),
  cost_holds text check (length(cost_holds) between 1 and 2000),
  vat text check (vat in ('included', 'none', 'reclaimed')),
  deliverer_name text check (length(deliverer_name) between 1 and 200),
  keeper_name text check (length(keeper_name) between 1 and 200),
  reviewer_id uuid not null references account,
  role_words text not null check (length(role_words) between 1 and 120),
  reviewer_name text check (length(reviewer_name) between 1 and 120),
  at timestamptz not null,
  primary key (fund_id, proposal_id, version),
  unique (fund_id, round_id, proposal_id, version),
  foreign key (fund_id, round_id, proposal_id) references proposal (fund_id, round_id, id),
  check ((feasible = 'changes') = (changes is not null)),
  -- What can be done has a cost, what it holds, and somebody for now and for later; what cannot has none of these.
  check (num_nulls(title, cost_minor, running_minor, cost_holds, vat, deliverer_name, keeper_name) = case feasible when 'no' then 7 else 0 end)
);

-- The proposer's right of reply to one version, public beside it.
create table review_reply (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  proposal_id uuid not null,
  version integer not null,
  -- Whose idea of those joined.
  from_proposal_id uuid not null,
  words text not null check (length(words) between 1 and 2000),
  at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, proposal_id, version, from_proposal_id),
  foreign key (fund_id, round_id, proposal_id, version) references review_version (fund_id, round_id, proposal_id, version),
  foreign key (fund_id, round_id, from_proposal_id) references proposal (fund_id, round_id, id)
);

-- The project that a review became. Taking the project off the ballot ends it.
create table review_project (
  fund_id uuid not null,
  round_id uuid not null,
  proposal_id uuid not null,
  project_id uuid not null,
  version integer not null,
  accepted_by uuid not null references account,
  accepted_at timestamptz not null,
  primary key (fund_id, proposal_id),
  unique (fund_id, round_id, project_id),
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id) on delete cascade,
  foreign key (fund_id, round_id, proposal_id, version) references review_version (fund_id, round_id, proposal_id, version)
);

-- An idea and those joined to it.
create function ideas_with(fund uuid, lead uuid) returns table (id uuid, author_id uuid) language sql stable
  as $$ select p.id, p.author_id from proposal p where p.fund_id = fund and lead in (p.id, p.joined_to) $$;

-- Whoever has an interest in one of these ideas, or proposed it.
create function is_concerned(fund uuid, lead uuid, account uuid) returns boolean language sql stable
  as $$ select exists (select from ideas_with(fund, lead) i where i.author_id = account
    or exists (select from review_interest n where n.fund_id = fund and n.proposal_id = i.id and n.account_id = account)) $$;

-- The round's lock puts reviews, interests, joins and acceptances in one order, so that none of them looks past another.
create function hold_review() returns trigger language plpgsql as $$
declare
  here round%rowtype;
begin
  select * into here from round r where r.fund_id = new.fund_id and r.id = new.round_id for update;
  if tg_table_name = 'review_interest' then
    if here.frozen_at is not null then
      raise exception 'interests are declared before voting opens' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if here.phase <> 'review' and not (tg_table_name in ('review_reply', 'review_project') and here.phase = 'notice') then
    raise exception 'ideas are not being reviewed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function hold_review_version() returns trigger language plpgsql as $$ begin
  if is_concerned(new.fund_id, new.proposal_id, new.reviewer_id) then
    raise exception 'whoever has an interest in an idea does not review it' using errcode = 'restrict_violation';
  end if;
  if not exists (select from proposal p where p.fund_id = new.fund_id and p.id = new.proposal_id and p.leads and p.withdrawn_at is null)
    or new.version <> 1 + (select count(*) from review_version v where v.fund_id = new.fund_id and v.proposal_id = new.proposal_id) then
    raise exception 'this review does not follow the one before' using errcode = 'restrict_violation';
  end if;
  if new.running_minor > 0 and not exists (select from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.running_costs_allowed) then
    raise exception 'capital money does not pay running costs' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function hold_review_project() returns trigger language plpgsql as $$ begin
  if not exists (select from review_version v where v.fund_id = new.fund_id and v.proposal_id = new.proposal_id and v.version = new.version and v.feasible <> 'no'
      and not is_concerned(new.fund_id, new.proposal_id, v.reviewer_id)
      and not exists (select from review_version newer where newer.fund_id = v.fund_id and newer.proposal_id = v.proposal_id and newer.version > v.version))
    or not exists (select from proposal p where p.fund_id = new.fund_id and p.id = new.proposal_id and p.leads)
    or is_concerned(new.fund_id, new.proposal_id, new.accepted_by) then
    raise exception 'only the newest review, by somebody without an interest, becomes a project' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
-- What is on the ballot stays as it was reviewed, and a reviewer's interest is not joined in behind their back.
create function hold_joined() returns trigger language plpgsql as $$ begin
  if exists (select from review_project a where a.fund_id = new.fund_id and a.proposal_id in (new.id, new.joined_to, old.joined_to)) then
    raise exception 'this idea is on the ballot' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger proposal_joined before update of joined_to on proposal for each row when (new.joined_to is distinct from old.joined_to) execute function hold_joined();

do $$ declare name text; begin
  foreach name in array array['review_interest', 'review_version', 'review_reply', 'review_project'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_hold before insert or update on %1$I for each row execute function hold_review();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['review_interest', 'review_version', 'review_reply'] loop
    execute format('create trigger %1$s_append_only before update or delete or truncate on %1$I execute function refuse_change()', name);
  end loop;
end $$;
create trigger review_project_no_truncate before truncate on review_project execute function refuse_change();
grant update (version, accepted_by, accepted_at) on review_project to commonpot_app;
-- Triggers of one event run in the order of their names: the lock first, then what it protects.
create trigger review_version_rule before insert on review_version for each row execute function hold_review_version();
create trigger review_project_rule before insert or update on review_project for each row execute function hold_review_project();
