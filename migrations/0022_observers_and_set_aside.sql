-- Observers of rounds too small to be published ballot by ballot, and results that are set aside.

-- An observer of a round is one line of round.observers: a name, and behind it the key that they keep the other half of.
-- What each of them signed: that they verified the seal with the ballots before them.
create table observer_signature (
  fund_id uuid not null,
  round_id uuid not null,
  -- Their place in round.observers, from 1.
  place integer not null check (place between 1 and 16),
  note text not null check (length(note) <= 2000),
  at timestamptz not null,
  primary key (fund_id, round_id, place),
  foreign key (fund_id, round_id) references seal
);
-- A person's decision to publish without the signatures that are missing, for a reason that stands in the folder.
create table observer_waiver (
  fund_id uuid not null,
  round_id uuid not null,
  reason text not null check (length(reason) between 1 and 1000 and reason !~ '[[:cntrl:]]'),
  waived_by uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references seal
);

create function hold_round_observed() returns trigger language plpgsql as $$ begin
  if new.sealed_at is distinct from old.sealed_at
    and exists (select from seal s where s.fund_id = new.fund_id and s.round_id = new.id and (s.facts ->> 'totalsOnly')::boolean)
    and not exists (select from observer_waiver w where w.fund_id = new.fund_id and w.round_id = new.id)
    and exists (select from unnest(new.observers) with ordinality as observer (line, place) where line ~ ' ed25519:[0-9a-f]{64}$'
      and not exists (select from observer_signature s where s.fund_id = new.fund_id and s.round_id = new.id and s.place = observer.place)) then
    raise exception 'an observer has not signed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger round_observed before update on round for each row execute function hold_round_observed();

-- A sealed result that two people set aside. It stays as it is; what it awarded and nobody was paid goes back.
create table set_aside (
  fund_id uuid not null,
  round_id uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  proposed_by uuid not null references account,
  proposed_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> proposed_by)
);
create function hold_set_aside() returns trigger language plpgsql as $$ begin
  if tg_op <> 'INSERT' and old.confirmed_by is not null then
    raise exception 'a result that was set aside stays so' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and row(new.reason, new.proposed_by, new.proposed_at) is distinct from row(old.reason, old.proposed_by, old.proposed_at) then
    raise exception 'what the first person said stands' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' and (new.confirmed_by is not null or not exists (select from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.sealed_at is not null)) then
    raise exception 'only a sealed result is set aside, by one person after the other' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger set_aside_hold before insert or update or delete on set_aside for each row execute function hold_set_aside();
create trigger set_aside_no_truncate before truncate on set_aside execute function refuse_change();

-- What became of each award's money when its result was set aside.
create table set_aside_award (
  fund_id uuid not null,
  round_id uuid not null,
  award_id uuid not null,
  released_minor bigint not null check (released_minor >= 0),
  paid_minor bigint not null check (paid_minor >= 0),
  primary key (fund_id, round_id, award_id),
  foreign key (fund_id, round_id) references set_aside,
  foreign key (fund_id, award_id) references award
);
create function hold_awards_of_set_aside() returns trigger language plpgsql as $$ begin
  if exists (select from set_aside s where s.fund_id = new.fund_id and s.round_id = new.round_id and s.confirmed_by is not null) then
    raise exception 'this result was set aside' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger award_of_set_aside before insert on award for each row execute function hold_awards_of_set_aside();

-- No transfer is ordered out of an award whose result was set aside.
create function hold_payouts_of_set_aside() returns trigger language plpgsql as $$ begin
  if exists (select from disbursement d join award a on a.fund_id = d.fund_id and a.reservation_id = d.source_account_id
    join set_aside s on s.fund_id = a.fund_id and s.round_id = a.round_id and s.confirmed_by is not null
    where d.fund_id = new.fund_id and d.id = new.disbursement_id) then
    raise exception 'the result behind this payment was set aside' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_of_set_aside before insert on payout for each row execute function hold_payouts_of_set_aside();

do $$
declare
  name text;
begin
  foreach name in array array['observer_signature', 'observer_waiver', 'set_aside_award'] loop
    execute format('create trigger %1$s_append_only before update or delete or truncate on %1$I execute function refuse_change()', name);
  end loop;
  foreach name in array array['observer_signature', 'observer_waiver', 'set_aside', 'set_aside_award'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
grant update (confirmed_by, confirmed_at), delete on set_aside to commonpot_app;
