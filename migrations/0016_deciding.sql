-- Deciding: what a person has seen, who lives at a decider's door, and who stands apart from others at theirs.

-- That a proof of address was seen, or the person was met, and by whom. The proof itself is kept nowhere.
create table address_proof (
  fund_id uuid not null,
  id uuid not null,
  applicant_id uuid not null,
  -- 'unclear': somebody tried and it could not be told; after a few, meeting is offered instead.
  how text not null check (how in ('unclear', 'seen', 'met')),
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, applicant_id) references applicant
);
create unique index address_proof_once on address_proof (fund_id, applicant_id) where how <> 'unclear';
create index address_proof_by_applicant on address_proof (fund_id, applicant_id);

-- The door behind which somebody who decides lives, as a keyed hash: whoever asks from there is decided by others.
create table decider_door (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  -- Gone after its end date.
  household_hash bytea check (length(household_hash) = 32),
  declared_at timestamptz not null,
  until timestamptz not null check (until > declared_at),
  primary key (fund_id, id),
  unique (fund_id, account_id, household_hash)
);

-- One administrator's word that somebody must not be held to what others at the address were given. It takes two, or
-- an award to somebody who asked for it, because the same people agree to both.
create table apart_word (
  fund_id uuid not null,
  id uuid not null,
  applicant_id uuid not null,
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  constraint apart_word_once unique (fund_id, applicant_id, account_id),
  foreign key (fund_id, applicant_id) references applicant
);
create function hold_apart() returns trigger language plpgsql as $$ begin
  if (select count(*) from apart_word w where w.fund_id = new.fund_id and w.applicant_id = new.id) < 2
    and not exists (select from request r where r.fund_id = new.fund_id and r.applicant_id = new.id and r.asks_apart and r.state = 'awarded') then
    raise exception 'somebody stands apart only by the word of two' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger applicant_apart before insert or update of stands_apart on applicant for each row when (new.stands_apart) execute function hold_apart();

-- Why an account has no say about an applicant, or null: an interest it declared, its own address, its own door.
create function knows_applicant(fund uuid, decider uuid, who uuid, moment timestamptz) returns text language plpgsql as $$
declare
  own_hash bytea;
  door_hash bytea;
begin
  -- An address is seen by its own account alone.
  perform set_config('commonpot.account', decider::text, true);
  if exists (select from decider_interest i where i.fund_id = fund and i.applicant_id = who and i.account_id = decider) then return 'your-interest'; end if;
  select a.contact_hash, a.household_hash into own_hash, door_hash from applicant a where a.fund_id = fund and a.id = who;
  if exists (select from account_contact c where c.contact_hash = own_hash and c.account_id = decider) then return 'your-own'; end if;
  if door_hash is not null and (
      exists (select from decider_door d where d.fund_id = fund and d.account_id = decider and d.household_hash = door_hash and d.until > moment)
      or exists (select from applicant me join account_contact c on c.contact_hash = me.contact_hash and c.account_id = decider where me.fund_id = fund and me.household_hash = door_hash)) then
    return 'your-door';
  end if;
  return null;
end $$;

create or replace function hold_decider() returns trigger language plpgsql as $$
declare
  asked request;
begin
  select * into asked from request r where r.fund_id = new.fund_id and r.id = new.request_id;
  if asked.helper_account_id = new.account_id or knows_applicant(new.fund_id, new.account_id, asked.applicant_id, new.at) is not null then
    raise exception 'nobody decides on somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Nor does anybody vouch for themselves or for their household.
create function hold_witness() returns trigger language plpgsql as $$ begin
  if knows_applicant(new.fund_id, new.account_id, new.applicant_id, new.at) is not null then
    raise exception 'nobody vouches for somebody they have an interest in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger address_proof_hold before insert on address_proof for each row execute function hold_witness();
create trigger apart_word_hold before insert on apart_word for each row execute function hold_witness();

do $$ declare name text; begin
  foreach name in array array['address_proof', 'decider_door', 'apart_word'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
  foreach name in array array['address_proof', 'apart_word'] loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I for each row execute function refuse_change()', name);
  end loop;
end $$;
grant update (household_hash, until) on decider_door to commonpot_app;
