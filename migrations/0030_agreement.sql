-- As many agree as the charter asks for, the first time and on appeal; and what was agreed to while there was no money waits for it in its turn.

-- On appeal as many look again as the band asks for, each of them somebody else.
drop index request_seat_once;
create unique index request_seat_once on request_decision (fund_id, request_id, seat) where seat not in ('panel', 'appeal');

-- A request that a panel decides is decided by those who sit on it, on appeal too, and no other request is.
create or replace function hold_panel_decision() returns trigger language plpgsql as $$ begin
  if new.seat = 'appeal' and not exists (select from request r where r.fund_id = new.fund_id and r.id = new.request_id and r.agree = 'panel') then return new; end if;
  if not exists (select from request r join panel p on p.fund_id = r.fund_id and p.grant_round_id = r.grant_round_id
      join panel_seat s on s.fund_id = p.fund_id and s.panel_id = p.id and s.account_id = new.account_id and s.state = 'accepted'
      where r.fund_id = new.fund_id and r.id = new.request_id and r.agree = 'panel') then
    raise exception 'only a member of the panel decides for it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop trigger request_decision_panel on request_decision;
create trigger request_decision_panel before insert on request_decision for each row when (new.seat in ('panel', 'appeal')) execute function hold_panel_decision();

-- How many must have said yes to a request, and how many have: of those who looked again, where it was appealed.
create function agreement_lacks(fund uuid, asked uuid) returns integer language sql stable as $$
  select case r.agree when 'at-once' then appealed.times when 'one' then 1 when 'two' then 2 else ((c.content->>'panelSeats')::integer + 1) / 2 end
    - (select count(distinct d.account_id)::integer from request_decision d where d.fund_id = fund and d.request_id = asked and d.verdict = 'yes' and (d.seat = 'appeal') = (appealed.times > 0))
  from request r join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id join charter c on c.fund_id = g.fund_id and c.id = g.charter_id,
    lateral (select count(*)::integer as times from request_move m where m.fund_id = r.fund_id and m.request_id = r.id and m.to_state = 'appealed') as appealed
  where r.fund_id = fund and r.id = asked
$$;
create function hold_agreement() returns trigger language plpgsql as $$ begin
  if agreement_lacks(new.fund_id, new.id) > 0 then
    raise exception 'fewer agreed than the charter asks for' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger request_agreement before update of state on request for each row when (new.state = 'awarded' and old.state <> 'awarded') execute function hold_agreement();

-- What was agreed to while there was no money is listed, from wherever it stood.
create or replace function hold_request() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' then raise exception 'a request is not deleted' using errcode = 'restrict_violation'; end if;
  if tg_op = 'INSERT' then
    if new.state <> 'asked' or new.state_version <> 0 then raise exception 'a request begins by asking' using errcode = 'restrict_violation'; end if;
    return new;
  end if;
  if new.state <> old.state and (new.state_version <> old.state_version + 1 or (old.state, new.state) not in (
      ('asked', 'half'), ('asked', 'listed'), ('asked', 'awarded'), ('asked', 'declined'), ('asked', 'withdrawn'),
      ('half', 'listed'), ('half', 'awarded'), ('half', 'declined'), ('half', 'withdrawn'),
      ('listed', 'asked'), ('listed', 'awarded'), ('listed', 'declined'), ('listed', 'withdrawn'),
      ('declined', 'appealed'), ('appealed', 'listed'), ('appealed', 'awarded'), ('appealed', 'upheld'), ('appealed', 'withdrawn'),
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

-- The most that one person is thanked with in a year is raised by two: one states it, another agrees. Until then the lower one holds.
create table thanks_limit_word (
  fund_id uuid not null,
  terms_id uuid not null,
  account_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, terms_id),
  foreign key (fund_id, terms_id) references paying_terms
);
create function hold_thanks_limit_word() returns trigger language plpgsql as $$ begin
  if exists (select from paying_terms t where t.fund_id = new.fund_id and t.id = new.terms_id and t.stated_by = new.account_id) then
    raise exception 'nobody raises a limit alone' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger thanks_limit_word_hold before insert on thanks_limit_word for each row execute function hold_thanks_limit_word();
create trigger thanks_limit_word_append_only before update or delete or truncate on thanks_limit_word execute function refuse_change();
alter table thanks_limit_word enable row level security;
alter table thanks_limit_word force row level security;
create policy thanks_limit_word_scope on thanks_limit_word using (fund_id = current_fund());
grant select, insert on thanks_limit_word to commonpot_app;

-- The limit that two agreed to, in minor units: a lower one holds at once.
create function thanks_limit(fund uuid) returns bigint language plpgsql stable as $$
declare
  held bigint := 0;
  stated record;
begin
  for stated in select t.thanks_limit_minor as minor, exists (select from thanks_limit_word w where w.fund_id = t.fund_id and w.terms_id = t.id) as agreed from paying_terms t where t.fund_id = fund order by t.id loop
    if stated.agreed or stated.minor < held then held := stated.minor; end if;
  end loop;
  return held;
end $$;
create function hold_thanks_limit() returns trigger language plpgsql as $$ begin
  if new.amount_minor + (select coalesce(sum(t.amount_minor), 0) from thank_you t where t.fund_id = new.fund_id and t.account_id = new.account_id and t.way is distinct from 'none'
      and t.given_at > new.given_at - interval '365 days') > thanks_limit(new.fund_id) then
    raise exception 'nobody is thanked with more than two people agreed to' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger thank_you_limit before insert on thank_you for each row execute function hold_thanks_limit();
