-- Project texts in other languages and read aloud, rounds for practice, and a parent's consent.

-- A practice round goes the whole way of a round, and no money with it.
alter table round
  add is_practice boolean not null default false,
  -- People under this age cast a ballot only with a parent's consent; null asks nobody.
  add consent_below_age integer check (consent_below_age between 2 and 21),
  add check (not is_practice or pot_id is null);
do $$ declare
  complete text;
begin
  select conname into strict complete from pg_constraint where conrelid = 'round'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%num_nulls(pot_id%';
  execute format('alter table round drop constraint %I', complete);
end $$;
alter table round add check (frozen_at is null
  or num_nulls(budget_minor, ballot_form, rule, voting_closes_at) = 0 and credentials <> '{}' and (is_practice or pot_id is not null));
grant update (consent_below_age) on round to commonpot_app;

create function refuse_round_change() returns trigger language plpgsql as $$ begin
  raise exception 'this does not change in a round' using errcode = 'restrict_violation';
end $$;
create trigger round_practice before update on round for each row
  when (new.is_practice is distinct from old.is_practice) execute function refuse_round_change();
create trigger round_consent before update on round for each row
  when (old.phase <> 'draft' and new.consent_below_age is distinct from old.consent_below_age) execute function refuse_round_change();

create function refuse_practice_money() returns trigger language plpgsql as $$ begin
  if exists (select from round r where r.fund_id = new.fund_id and r.id = (to_jsonb(new) ->> tg_argv[0])::uuid and r.is_practice) then
    raise exception 'no money moves in a practice round' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger award_practice before insert on award for each row execute function refuse_practice_money('round_id');
create trigger ledger_account_practice before insert on ledger_account for each row when (new.kind = 'reservation') execute function refuse_practice_money('subject_id');

-- The language a project was written in; null is its fund's.
alter table project add language text check (language ~ '^[a-z]{2,3}$');
grant update (language) on project to commonpot_app;

-- A text in another language, by a named person. Each change is a version beside the ones before; the original is never touched.
create table translation (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  -- Null for the round's own words.
  project_id uuid,
  language text not null check (language ~ '^[a-z]{2,3}$'),
  version integer not null check (version > 0),
  title text not null check (length(title) between 1 and 200),
  summary text not null default '' check (length(summary) <= 4000),
  description text not null default '' check (length(description) <= 8000),
  translator_name text not null check (length(translator_name) between 1 and 120),
  -- Made after the ballot was published: shown with its date and the words before it.
  is_correction boolean not null,
  made_by uuid not null references account,
  made_at timestamptz not null,
  primary key (fund_id, id),
  unique nulls not distinct (fund_id, round_id, project_id, language, version),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id) on delete cascade
);

-- A text read aloud: the sound alone, without what a telephone writes beside it. Whoever reads may take it back.
create table recording (
  fund_id uuid not null,
  round_id uuid not null,
  id uuid not null,
  project_id uuid,
  language text not null check (language ~ '^[a-z]{2,3}$'),
  reader_name text not null check (length(reader_name) between 1 and 120),
  media_type text not null check (media_type in ('audio/mpeg', 'audio/ogg', 'audio/mp4', 'audio/wav')),
  seconds integer not null check (seconds between 0 and 300),
  sound bytea not null check (length(sound) between 1 and 5242880),
  made_by uuid not null references account,
  made_at timestamptz not null,
  primary key (fund_id, id),
  unique nulls not distinct (fund_id, round_id, project_id, language),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, round_id, project_id) references project (fund_id, round_id, id) on delete cascade
);

-- Read in pieces, as a telephone asks for them.
alter table recording alter column sound set storage external;

-- Until voting closes; once the ballot is published, as a correction. The lock makes a change and the phase's end wait for each other.
create function hold_words() returns trigger language plpgsql as $$
declare
  here text;
begin
  select r.phase into here from round r where r.fund_id = new.fund_id and r.id = new.round_id for share;
  if here not in ('draft', 'ideas', 'review', 'notice', 'voting') then
    raise exception 'words are added until voting closes' using errcode = 'restrict_violation';
  end if;
  if tg_table_name = 'translation' then
    if (to_jsonb(new) ->> 'is_correction')::boolean is distinct from (here in ('notice', 'voting')) then
      raise exception 'a change to a published ballot is a correction' using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end $$;
create function hold_translation() returns trigger language plpgsql as $$ begin
  -- A project that leaves the ballot takes its translations along; nothing else does.
  if tg_op = 'UPDATE' or exists (select from project p where p.fund_id = old.fund_id and p.id = old.project_id) or old.project_id is null then
    raise exception 'a translation is corrected by another' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger translation_kept before update or delete on translation for each row execute function hold_translation();
create trigger translation_no_truncate before truncate on translation execute function refuse_change();
grant select, insert on translation to commonpot_app;
create trigger recording_no_truncate before truncate on recording execute function refuse_change();
grant select, insert, delete on recording to commonpot_app;

-- A parent's yes or no for one elector of a round, before that elector casts. Names nobody: an address is written to and
-- forgotten, a paper form is known by its reference, days stand in the place of times. It goes with the round.
create table consent (
  fund_id uuid not null,
  round_id uuid not null,
  elector_id uuid not null,
  state text not null check (state in ('needed', 'given', 'refused', 'withdrawn')),
  how text check (how in ('message', 'paper', 'list')),
  -- What stands on a paper form, and on the young person's screen.
  reference text not null check (length(reference) between 4 and 40),
  -- HMAC of the token in the link that a parent was sent last.
  token_hash bytea check (length(token_hash) = 32),
  asks integer not null default 0 check (asks between 0 and 3),
  -- The administrator who saw the form.
  seen_by uuid references account,
  decided_on date,
  forget_at timestamptz not null,
  primary key (fund_id, round_id, elector_id),
  unique (fund_id, round_id, reference),
  unique (token_hash),
  foreign key (fund_id, round_id, elector_id) references elector on delete cascade,
  check ((state = 'needed') = (decided_on is null)),
  check ((state = 'needed') = (how is null)),
  check (how is distinct from 'message' or token_hash is not null),
  check (how not in ('paper', 'list') or seen_by is not null)
);
create function hold_consent() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.phase in ('draft', 'ideas', 'review', 'notice', 'voting') for share;
  if not found or tg_op = 'UPDATE' and row(new.fund_id, new.round_id, new.elector_id, new.reference) is distinct from row(old.fund_id, old.round_id, old.elector_id, old.reference) then
    raise exception 'consent is given before voting closes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger consent_hold before insert or update on consent for each row execute function hold_consent();
create trigger consent_no_truncate before truncate on consent execute function refuse_change();
create index consent_by_end on consent (fund_id, forget_at);
grant select, insert, delete, update (state, how, token_hash, asks, seen_by, decided_on) on consent to commonpot_app;

do $$ declare name text; begin
  foreach name in array array['translation', 'recording', 'consent'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund())', name);
  end loop;
  foreach name in array array['translation', 'recording'] loop
    execute format('create trigger %1$s_hold before insert on %1$I for each row execute function hold_words()', name);
  end loop;
end $$;
