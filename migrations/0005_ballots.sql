-- Ballots: fixed-length ciphertext beside a keyed slot, and nothing that orders, times or names. One partition a round.

create table ballot_open (
  fund_id uuid not null,
  round_id uuid not null,
  slot bytea not null check (length(slot) = 32),
  mark bytea not null check (length(mark) = 32),
  box bytea not null,
  struck boolean not null default false,
  primary key (round_id, slot),
  unique (round_id, mark)
) partition by list (round_id);
alter table ballot_open enable row level security;
alter table ballot_open force row level security;
create policy ballot_open_scope on ballot_open using (fund_id = current_fund());
grant select, insert, update (mark, box, struck) on ballot_open to commonpot_app;

create table replaced_open (
  fund_id uuid not null,
  round_id uuid not null,
  mark bytea not null check (length(mark) = 32),
  box bytea not null,
  primary key (round_id, mark)
) partition by list (round_id);
alter table replaced_open enable row level security;
alter table replaced_open force row level security;
create policy replaced_open_scope on replaced_open using (fund_id = current_fund());
grant select, insert on replaced_open to commonpot_app;

-- Makes a round's two partitions; the application owns no table and so cannot. Each partition holds its
-- round to its fund by a check, in the place of a foreign key that would lock the round's row at every ballot,
-- and its boxes to one length. Calling it again changes nothing.
create function open_ballot_box(given_fund uuid, given_round uuid, box_bytes integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  suffix text := replace(given_round::text, '-', '');
  parent text;
begin
  if not exists (select from round where fund_id = given_fund and id = given_round) then
    raise exception 'there is no such round in this fund';
  end if;
  foreach parent in array array['ballot_open', 'replaced_open'] loop
    if to_regclass(parent || '_' || suffix) is null then
      execute format('create table %I partition of %I (check (fund_id = %L), check (length(box) = %s)) for values in (%L)',
        parent || '_' || suffix, parent, given_fund, box_bytes, given_round);
      execute format('alter table %I enable row level security', parent || '_' || suffix);
      execute format('alter table %I force row level security', parent || '_' || suffix);
    end if;
  end loop;
end $$;
revoke all on function open_ballot_box(uuid, uuid, integer) from public;
grant execute on function open_ballot_box(uuid, uuid, integer) to commonpot_app;

-- The outcome of a count, with what it was counted from. Never edited: a round is counted once.
create table tally (
  fund_id uuid not null,
  round_id uuid not null,
  rule_digest bytea not null check (length(rule_digest) = 32),
  input_digest bytea not null check (length(input_digest) = 32),
  ballots integer not null check (ballots >= 0),
  outcome jsonb not null,
  counted_at timestamptz not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round (fund_id, id)
);
alter table tally enable row level security;
alter table tally force row level security;
create policy tally_scope on tally using (fund_id = current_fund());
create trigger tally_append_only before update or delete or truncate on tally execute function refuse_change();
grant select, insert on tally to commonpot_app;
