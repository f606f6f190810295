-- Money that is still the agency's: lists of awards that a named body adopts by a date; and charters that are being written.

-- Awards put before the body that their round's charter names. What it does not refuse by the date is adopted.
create table adoption (
  fund_id uuid not null,
  id uuid not null,
  grant_round_id uuid not null,
  -- The first list of its round, the second.
  number integer not null check (number > 0),
  -- How many awards are on it: all of them are put there with the list.
  awards integer not null check (awards > 0),
  presented_at timestamptz not null,
  due_at timestamptz not null,
  ended_as text check (ended_as in ('adopted', 'silence')),
  ended_by uuid references account,
  ended_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, grant_round_id, number),
  unique (fund_id, id, grant_round_id),
  foreign key (fund_id, grant_round_id) references grant_round,
  check (due_at > presented_at),
  constraint adoption_ends_once check ((ended_as is null) = (ended_at is null) and (ended_as is not distinct from 'adopted') = (ended_by is not null)),
  -- The body adopts before its date, and silence on it.
  constraint adoption_by_date check (ended_at is null or (ended_as = 'adopted') = (ended_at < due_at))
);
create index adoption_open on adoption (fund_id, due_at) where ended_at is null;

-- An award is put before the body once.
create table adoption_award (
  fund_id uuid not null,
  adoption_id uuid not null,
  award_id uuid not null,
  primary key (fund_id, award_id),
  foreign key (fund_id, adoption_id) references adoption,
  foreign key (fund_id, award_id) references award
);
create index adoption_award_by_list on adoption_award (fund_id, adoption_id);

-- A refusal names one of the reasons that were published before the round opened.
create table award_refusal (
  fund_id uuid not null,
  award_id uuid not null,
  reason text not null,
  refused_by uuid not null references account,
  refused_at timestamptz not null,
  primary key (fund_id, award_id),
  foreign key (fund_id, award_id) references adoption_award (fund_id, award_id)
);

-- Whether somebody speaks for the agency whose body adopts.
create function speaks_for_body(of_fund uuid, of_round uuid, of_account uuid) returns boolean language sql stable as $$
  select exists (select from grant_round g join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
    join agency a on a.fund_id = g.fund_id and a.name = c.content->'route'->>'agency'
    join membership m on m.fund_id = a.fund_id and m.agency_id = a.id and m.account_id = of_account and m.role = 'officer' and m.ended_at is null
    where g.fund_id = of_fund and g.id = of_round and c.content->'route'->>'kind' = 'agency-adopts')
$$;

create function hold_adoption() returns trigger language plpgsql as $$ begin
  if tg_op = 'INSERT' then
    if new.ended_as is not null or not exists (select from grant_round g join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
        where g.fund_id = new.fund_id and g.id = new.grant_round_id and c.content->'route'->>'kind' = 'agency-adopts'
          and new.due_at >= new.presented_at + make_interval(hours => 24 * (c.content->'route'->>'withinDays')::integer)) then
      raise exception 'a list stands before a body that the charter names, for as long as it says' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.ended_as is not null or row(new.fund_id, new.id, new.grant_round_id, new.number, new.awards, new.presented_at, new.due_at)
      is distinct from row(old.fund_id, old.id, old.grant_round_id, old.number, old.awards, old.presented_at, old.due_at) then
    raise exception 'a list ends once and stays as it was put' using errcode = 'restrict_violation';
  end if;
  if new.ended_by is not null and not speaks_for_body(new.fund_id, new.grant_round_id, new.ended_by) then
    raise exception 'only the body that the charter names adopts' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger adoption_hold before insert or update on adoption for each row execute function hold_adoption();
create trigger adoption_stays before delete on adoption for each row execute function refuse_change();

create function hold_adoption_award() returns trigger language plpgsql as $$ begin
  if not exists (select from adoption l join award a on a.fund_id = l.fund_id and a.grant_round_id = l.grant_round_id
      where l.fund_id = new.fund_id and l.id = new.adoption_id and a.id = new.award_id and l.ended_as is null) then
    raise exception 'a list holds awards of its own round' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger adoption_award_hold before insert on adoption_award for each row execute function hold_adoption_award();
-- All awards of a list come with it: nothing slips in later, with less time.
create function hold_adoption_whole() returns trigger language plpgsql as $$
declare
  of_list uuid := coalesce(to_jsonb(new)->>'adoption_id', to_jsonb(new)->>'id')::uuid;
begin
  if (select l.awards from adoption l where l.fund_id = new.fund_id and l.id = of_list)
      <> (select count(*) from adoption_award x where x.fund_id = new.fund_id and x.adoption_id = of_list) then
    raise exception 'a list is put whole' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger adoption_whole after insert on adoption deferrable initially deferred for each row execute function hold_adoption_whole();
create constraint trigger adoption_award_whole after insert on adoption_award deferrable initially deferred for each row execute function hold_adoption_whole();

create function hold_refusal() returns trigger language plpgsql as $$
declare
  of_list adoption;
begin
  -- Whoever adopts waits for this lock, and whoever refuses for theirs.
  select l.* into of_list from adoption l join adoption_award x on x.fund_id = l.fund_id and x.adoption_id = l.id
    where x.fund_id = new.fund_id and x.award_id = new.award_id for share of l;
  if not found or of_list.ended_as is not null or new.refused_at >= of_list.due_at then
    raise exception 'an award is refused by a date' using errcode = 'restrict_violation';
  end if;
  if not speaks_for_body(new.fund_id, of_list.grant_round_id, new.refused_by) then
    raise exception 'only the body that the charter names refuses' using errcode = 'restrict_violation';
  end if;
  if not exists (select from grant_round g join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where g.fund_id = new.fund_id and g.id = of_list.grant_round_id and c.content->'route'->'reasons' ? new.reason) then
    raise exception 'an award is refused only for a reason that was published' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger award_refusal_hold before insert on award_refusal for each row execute function hold_refusal();

-- An award out of the agency's own money is paid once it was adopted.
create function hold_unadopted() returns trigger language plpgsql as $$ begin
  if exists (select from award a join grant_round g on g.fund_id = a.fund_id and g.id = a.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id
      where a.fund_id = new.fund_id and a.id = new.award_id and c.content->'route'->>'kind' = 'agency-adopts')
    and not exists (select from adoption l join adoption_award x on x.fund_id = l.fund_id and x.adoption_id = l.id
      where x.fund_id = new.fund_id and x.award_id = new.award_id and l.ended_as is not null
        and not exists (select from award_refusal r where r.fund_id = x.fund_id and r.award_id = x.award_id)) then
    raise exception 'what was not adopted is not paid' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger award_payment_adopted before insert on award_payment for each row execute function hold_unadopted();

-- A charter that one administrator is writing, question by question.
create table charter_draft (
  fund_id uuid not null references fund,
  account_id uuid not null references account,
  content jsonb not null,
  -- The version it is written from; null for the first.
  after_version integer check (after_version > 0),
  changed_at timestamptz not null,
  primary key (fund_id, account_id)
);

do $$ declare name text; begin
  foreach name in array array['adoption', 'adoption_award', 'award_refusal', 'charter_draft'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['adoption_award', 'award_refusal'] loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I for each row execute function refuse_change()', name);
  end loop;
end $$;
grant update (ended_as, ended_by, ended_at) on adoption to commonpot_app;
grant update (content, after_version, changed_at), delete on charter_draft to commonpot_app;
