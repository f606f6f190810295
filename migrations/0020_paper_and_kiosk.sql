-- Paper: sheets given out, people taken off the roll for one, every sheet read twice; and tablets that strangers share.

-- Sheets printed for one table or hall.
create table paper_batch (
  fund_id uuid not null,
  round_id uuid not null,
  number integer not null check (number > 0),
  place text not null check (length(place) between 1 and 200),
  sheets integer not null check (sheets between 1 and 20000),
  primary key (fund_id, round_id, number),
  foreign key (fund_id, round_id) references round
);
-- Who was given a sheet. No time, and nothing about a ballot that lay there before. Erased with the turnout roll.
create table paper_strike (
  fund_id uuid not null,
  round_id uuid not null,
  elector_id uuid not null,
  batch integer not null,
  struck_by uuid not null references account,
  primary key (fund_id, round_id, elector_id),
  foreign key (fund_id, round_id, elector_id) references elector,
  foreign key (fund_id, round_id, batch) references paper_batch
);
-- What one person counted of a batch afterwards; it holds when another counted the same.
create table paper_count (
  fund_id uuid not null,
  round_id uuid not null,
  batch integer not null,
  counted_by uuid not null references account,
  unused integer not null check (unused >= 0),
  -- Spoilt at the table and exchanged for a new one.
  exchanged integer not null check (exchanged >= 0),
  -- In the box.
  cast_sheets integer not null check (cast_sheets >= 0),
  primary key (fund_id, round_id, batch, counted_by),
  foreign key (fund_id, round_id, batch) references paper_batch
);
-- What one person read on one sheet, under the round's key. Sheets of all batches are mixed before they are numbered.
create table paper_entry (
  fund_id uuid not null,
  round_id uuid not null,
  sheet integer not null check (sheet > 0),
  entered_by uuid not null references account,
  box bytea not null,
  primary key (fund_id, round_id, sheet, entered_by),
  foreign key (fund_id, round_id) references round
);
-- The paper lies in the box with the others, and the count may begin.
create table paper_done (
  fund_id uuid not null,
  round_id uuid not null,
  people integer not null check (people >= 0),
  counted integer not null check (counted >= 0),
  spoiled integer not null check (spoiled >= 0),
  missing integer not null check (missing >= 0),
  finished_by uuid not null references account,
  finished_at timestamptz not null,
  primary key (fund_id, round_id),
  foreign key (fund_id, round_id) references round,
  check (people = counted + spoiled + missing)
);
create trigger paper_done_append_only before update or delete or truncate on paper_done execute function refuse_change();

-- Once the paper is in, nothing of it changes. The round's row is locked by whoever writes.
create function hold_paper() returns trigger language plpgsql as $$ begin
  if exists (select from paper_done d where d.fund_id = new.fund_id and d.round_id = new.round_id) then
    raise exception 'the paper of this round is in' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function hold_paper_strike() returns trigger language plpgsql as $$ begin
  if tg_op = 'UPDATE' or not exists (select from round r where r.fund_id = old.fund_id and r.id = old.round_id and r.sealed_at is not null) then
    raise exception 'whoever was given a paper ballot was given one' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
-- A struck ballot stays as it is: nothing online undoes it, and nobody here can.
create function hold_struck() returns trigger language plpgsql as $$ begin
  if new is distinct from old then
    raise exception 'who voted on paper voted on paper' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger ballot_open_struck before update on ballot_open for each row when (old.struck) execute function hold_struck();

-- A tablet that strangers share: its cookie opens the ballot pages of one round, and nothing else.
create table kiosk (
  fund_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  token_hash bytea not null unique check (length(token_hash) = 32),
  made_by uuid not null references account,
  made_at timestamptz not null,
  ended_at timestamptz,
  primary key (fund_id, id),
  foreign key (fund_id, round_id) references round
);

do $$
declare
  name text;
begin
  foreach name in array array['paper_batch', 'paper_strike', 'paper_count', 'paper_entry'] loop
    execute format('create trigger %1$s_until_done before insert%2$s on %1$I for each row execute function hold_paper()', name,
      case when name in ('paper_count', 'paper_entry') then ' or update' else '' end);
  end loop;
  foreach name in array array['paper_batch', 'paper_strike', 'paper_count', 'paper_entry', 'paper_done', 'kiosk'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
create trigger paper_batch_append_only before update or delete or truncate on paper_batch execute function refuse_change();
create trigger paper_strike_hold before update or delete on paper_strike for each row execute function hold_paper_strike();
create trigger paper_strike_no_truncate before truncate on paper_strike execute function refuse_change();
grant delete on paper_strike to commonpot_app;
grant update (unused, exchanged, cast_sheets) on paper_count to commonpot_app;
grant update (box) on paper_entry to commonpot_app;
grant update (ended_at) on kiosk to commonpot_app;
