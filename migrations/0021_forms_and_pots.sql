-- Ballots of points and rankings, and rounds in which areas have money of their own.

alter table round drop constraint round_ballot_form_check;
alter table round add constraint round_ballot_form_check check (ballot_form is null or coalesce(case ballot_form ->> 'kind'
  when 'knapsack' then ballot_form - 'kind' = '{}'
  when 'one' then ballot_form - 'kind' = '{}'
  when 'up-to' then ballot_form - 'kind' - 'k' = '{}' and (ballot_form ->> 'k')::integer > 0
  when 'at-least' then ballot_form - 'kind' - 'k' = '{}' and (ballot_form ->> 'k')::integer > 0
  -- Up to k projects in order of preference.
  when 'ranking' then ballot_form - 'kind' - 'k' = '{}' and (ballot_form ->> 'k')::integer between 1 and 100
  -- So many points in all, so many of them at most on one project.
  when 'points' then ballot_form - 'kind' - 'total' - 'most' = '{}' and (ballot_form ->> 'total')::integer <= 1000
    and (ballot_form ->> 'most')::integer between 1 and (ballot_form ->> 'total')::integer
  -- So many points at most to each project.
  when 'scores' then ballot_form - 'kind' - 'most' = '{}' and (ballot_form ->> 'most')::integer between 1 and 100
  else false end, false));

-- Where an area's own money comes from, when not from the round's pot. How much it is stands in the rule.
create table area_pot (
  fund_id uuid not null,
  round_id uuid not null,
  area text not null check (length(area) between 1 and 60),
  pot_id uuid not null,
  primary key (fund_id, round_id, area),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, pot_id) references pot (fund_id, id)
);
alter table area_pot enable row level security;
alter table area_pot force row level security;
create policy area_pot_scope on area_pot using (fund_id = current_fund());
grant select, insert, delete on area_pot to commonpot_app;

-- Frozen with the round; the lock makes a change and the opening of voting wait for each other.
create function hold_area_pots() returns trigger language plpgsql as $$ begin
  perform from round r where r.fund_id = coalesce(new.fund_id, old.fund_id) and r.id = coalesce(new.round_id, old.round_id) and r.frozen_at is null for share;
  if not found or tg_op = 'UPDATE' then
    raise exception 'the pots of a round were frozen when voting opened' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger area_pot_hold before insert or update or delete on area_pot for each row execute function hold_area_pots();
create trigger area_pot_no_truncate before truncate on area_pot execute function refuse_change();
