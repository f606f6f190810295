-- Who decides, and asks for money: a fund's charter, grant rounds, requests, and what was decided about them.

-- The fund's answer to "who decides?". A change is a new version; a round keeps the version it opened with.
create table charter (
  fund_id uuid not null references fund,
  id uuid not null,
  version integer not null check (version > 0),
  content jsonb not null,
  -- SHA-256 of the content with its names in order.
  digest bytea not null check (length(digest) = 32),
  -- Why it changed, for everybody to read.
  note text not null check (length(note) <= 1000),
  published_by uuid not null references account,
  published_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, version)
);

-- What the host has checked about a pot's money and the people who may get it; the newest counts.
create table pot_statement (
  fund_id uuid not null,
  id uuid not null,
  pot_id uuid not null,
  public_funds text not null check (public_funds in ('no', 'yes', 'unknown')),
  benefits text not null check (length(benefits) between 1 and 1000),
  -- Who was asked, and when.
  adviser text not null check (length(adviser) between 1 and 200),
  checked_on date not null,
  stated_by uuid not null references account,
  stated_at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, pot_id) references pot (fund_id, id)
);
create index pot_statement_by_pot on pot_statement (fund_id, pot_id, id);

-- Rolling: open while its pot holds money. Window: closes on a date, and the money is set aside when it opens.
create table grant_round (
  fund_id uuid not null references fund,
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  title text not null check (length(title) between 1 and 120),
  summary text not null default '' check (length(summary) <= 4000),
  kind text not null check (kind in ('rolling', 'window')),
  phase text not null default 'draft' check (phase in ('draft', 'open', 'deciding', 'paying', 'closed')),
  phase_version integer not null default 0,
  pot_id uuid not null,
  currency text not null,
  -- A window's money, all of it.
  budget_minor bigint check (budget_minor between 1 and 1000000000000),
  closes_at timestamptz,
  charter_id uuid,
  -- Until then nobody can ask: the people who decide have a night off.
  paused_until timestamptz,
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, slug),
  foreign key (fund_id, pot_id) references pot (fund_id, id),
  foreign key (fund_id, currency) references fund (id, currency),
  foreign key (fund_id, charter_id) references charter,
  check ((kind = 'window') = (budget_minor is not null) and (kind = 'window') = (closes_at is not null)),
  -- It opens with the charter it keeps.
  check ((phase = 'draft') = (charter_id is null))
);
create function hold_grant_round() returns trigger language plpgsql as $$
declare
  steps constant text[] := array['draft', 'open', 'deciding', 'paying', 'closed'];
begin
  if tg_op = 'DELETE' then
    raise exception 'a round is not deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.phase <> 'draft' or new.phase_version <> 0 then raise exception 'a round begins as a draft' using errcode = 'restrict_violation'; end if;
    return new;
  end if;
  if row(new.fund_id, new.id, new.slug, new.kind, new.currency, new.created_at) is distinct from row(old.fund_id, old.id, old.slug, old.kind, old.currency, old.created_at)
    or old.phase <> 'draft' and row(new.charter_id, new.pot_id, new.budget_minor, new.closes_at) is distinct from row(old.charter_id, old.pot_id, old.budget_minor, old.closes_at) then
    raise exception 'what people were promised does not change' using errcode = 'restrict_violation';
  end if;
  if new.phase = old.phase and new.phase_version <> old.phase_version
    or new.phase <> old.phase and (new.phase_version <> old.phase_version + 1 or array_position(steps, new.phase) <> array_position(steps, old.phase) + 1) then
    raise exception 'a round does not go from % to %', old.phase, new.phase using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger grant_round_hold before insert or update or delete on grant_round for each row execute function hold_grant_round();

-- Who asks. Known by a keyed hash of the address; name and address lie sealed until their end date, and then go.
create table applicant (
  fund_id uuid not null references fund,
  id uuid not null,
  contact_hash bytea check (length(contact_hash) = 32),
  sealed_contact bytea,
  sealed_name bytea,
  -- Kept only until the household's cooldown ends.
  household_hash bytea check (length(household_hash) = 32),
  household_until timestamptz,
  -- Somebody who must not be held to what others at the address were given; known to those who decide, and to nobody else.
  stands_apart boolean not null default false,
  made_at timestamptz not null,
  erased_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, contact_hash),
  check ((household_hash is null) = (household_until is null)),
  check (erased_at is null or num_nonnulls(contact_hash, sealed_contact, sealed_name, household_hash) = 0)
);
create index applicant_by_household on applicant (fund_id, household_hash) where household_hash is not null;

create table request (
  fund_id uuid not null,
  id uuid not null,
  grant_round_id uuid not null,
  applicant_id uuid not null,
  -- What stands on every public and printed page in the place of a person.
  reference text not null check (length(reference) between 4 and 20),
  -- Drawn by the page that asks: sent twice, it is one request.
  client_key bytea not null check (length(client_key) = 32),
  -- HMAC of the private link's token.
  token_hash bytea not null unique check (length(token_hash) = 32),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  way text not null check (way in ('voucher', 'cash', 'bank')),
  -- Never asked for, and erased on its date.
  sealed_words bytea,
  -- The address is known under another name: shown to whoever decides, and decides nothing.
  other_name boolean not null default false,
  -- A 360Giving purpose code, when somebody wants to say.
  purpose text check (length(purpose) between 1 and 40),
  helper_account_id uuid references account,
  helper_collects boolean not null default false,
  -- What the charter made of it when it came: who agrees, and what this person was given in the period, this included.
  agree text not null check (agree in ('at-once', 'one', 'two', 'panel')),
  cumulative_minor bigint not null check (cumulative_minor >= amount_minor),
  state text not null default 'asked' check (state in ('asked', 'half', 'listed', 'awarded', 'declined', 'appealed', 'upheld', 'withdrawn', 'returned')),
  state_version integer not null default 0,
  asked_at timestamptz not null,
  erased_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, reference),
  unique (fund_id, grant_round_id, client_key),
  unique (fund_id, id, grant_round_id),
  foreign key (fund_id, grant_round_id) references grant_round,
  foreign key (fund_id, applicant_id) references applicant,
  check (not helper_collects or helper_account_id is not null),
  check (erased_at is null or sealed_words is null)
);
create index request_waiting on request (fund_id, grant_round_id, asked_at, id) where state in ('asked', 'half', 'listed', 'appealed');
create index request_by_applicant on request (fund_id, applicant_id, asked_at);

-- Where a request may go: nothing goes back, and what was given is not taken by a click.
create function hold_request() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' then raise exception 'a request is not deleted' using errcode = 'restrict_violation'; end if;
  if tg_op = 'INSERT' then
    if new.state <> 'asked' or new.state_version <> 0 then raise exception 'a request begins by asking' using errcode = 'restrict_violation'; end if;
    return new;
  end if;
  if new.state <> old.state and (new.state_version <> old.state_version + 1 or (old.state, new.state) not in (
      ('asked', 'half'), ('asked', 'listed'), ('asked', 'awarded'), ('asked', 'declined'), ('asked', 'withdrawn'),
      ('half', 'awarded'), ('half', 'declined'), ('half', 'withdrawn'),
      ('listed', 'awarded'), ('listed', 'declined'), ('listed', 'withdrawn'),
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
create trigger request_hold before insert or update or delete on request for each row execute function hold_request();

-- How a request came to its state, step by step, with the kind reason that was given.
create table request_move (
  fund_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  version integer not null check (version > 0),
  from_state text not null,
  to_state text not null,
  reason text check (length(reason) between 1 and 60),
  actor_id uuid references account,
  at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, request_id, version),
  foreign key (fund_id, request_id) references request
);
create function hold_request_moved() returns trigger language plpgsql as $$ begin
  if not exists (select from request_move m where m.fund_id = new.fund_id and m.request_id = new.id and m.version = new.state_version and m.from_state = old.state and m.to_state = new.state) then
    raise exception 'a request moves only with its move on record' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger request_moved after update of state on request deferrable initially deferred
  for each row when (old.state is distinct from new.state) execute function hold_request_moved();

-- One person's yes or no to one request: nobody twice, so the second is never the first and an appeal goes to somebody else.
create table request_decision (
  fund_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  seat text not null check (seat in ('first', 'second', 'panel', 'appeal')),
  verdict text not null check (verdict in ('yes', 'no')),
  reason text check (length(reason) between 1 and 60),
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  constraint request_decided_once unique (fund_id, request_id, account_id),
  foreign key (fund_id, request_id) references request,
  check ((verdict = 'no') = (reason is not null))
);
create unique index request_seat_once on request_decision (fund_id, request_id, seat) where seat <> 'panel';

-- Somebody who decides and knows this person: they are passed over from then on.
create table decider_interest (
  fund_id uuid not null,
  id uuid not null,
  account_id uuid not null references account,
  applicant_id uuid not null,
  declared_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, account_id, applicant_id),
  foreign key (fund_id, applicant_id) references applicant
);
-- The database holds it too: no decision by somebody who declared an interest, helped with the asking, or asked.
create function hold_decider() returns trigger language plpgsql as $$ begin
  -- An address is seen by its own account alone.
  perform set_config('commonpot.account', new.account_id::text, true);
  if exists (select from request r join decider_interest i on i.fund_id = r.fund_id and i.applicant_id = r.applicant_id and i.account_id = new.account_id
      where r.fund_id = new.fund_id and r.id = new.request_id)
    or exists (select from request r where r.fund_id = new.fund_id and r.id = new.request_id and r.helper_account_id = new.account_id)
    or exists (select from request r join applicant a on a.fund_id = r.fund_id and a.id = r.applicant_id join account_contact c on c.contact_hash = a.contact_hash and c.account_id = new.account_id
      where r.fund_id = new.fund_id and r.id = new.request_id) then
    raise exception 'nobody decides on somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_decision_hold before insert on request_decision for each row execute function hold_decider();

-- An award for a person comes from a grant round, one for a project from a vote round.
alter table award alter column round_id drop not null,
  add column grant_round_id uuid,
  add constraint award_of_grant foreign key (fund_id, grant_round_id) references grant_round,
  add constraint award_of_request foreign key (fund_id, subject_id, grant_round_id) references request (fund_id, id, grant_round_id),
  add constraint award_one_round check (num_nonnulls(round_id, grant_round_id) = 1),
  add constraint award_person_once unique (fund_id, grant_round_id, subject_id);

do $$ declare name text; begin
  foreach name in array array['charter', 'pot_statement', 'grant_round', 'applicant', 'request', 'request_move', 'request_decision', 'decider_interest'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['charter', 'pot_statement', 'request_move', 'request_decision', 'decider_interest'] loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I for each row execute function refuse_change()', name);
  end loop;
end $$;
grant update (title, summary, phase, phase_version, pot_id, budget_minor, closes_at, charter_id, paused_until) on grant_round to commonpot_app;
grant update (contact_hash, sealed_contact, sealed_name, household_hash, household_until, stands_apart, erased_at) on applicant to commonpot_app;
grant update (token_hash, way, sealed_words, purpose, state, state_version, erased_at) on request to commonpot_app;
