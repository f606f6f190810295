-- What there is: a ledger of two-legged transfers, the pots it fills, and the contributions that fill them.

-- What money is bound to, in words. The row whose three words are empty stands for money that is bound to nothing.
create table restriction (
  fund_id uuid not null references fund,
  id uuid not null,
  theme text not null check (length(theme) <= 120),
  area text not null check (length(area) <= 120),
  people text not null check (length(people) <= 120),
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, theme, area, people)
);
alter table restriction enable row level security;
alter table restriction force row level security;
create policy restriction_scope on restriction using (fund_id = current_fund());
create trigger restriction_append_only before update or delete or truncate on restriction execute function refuse_change();
grant select, insert on restriction to commonpot_app;

create table pot (
  fund_id uuid not null references fund,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  purpose text not null check (length(purpose) <= 2000),
  restriction_id uuid not null,
  account_id uuid not null,
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, name),
  unique (fund_id, id, restriction_id),
  foreign key (fund_id, restriction_id) references restriction
);
alter table pot enable row level security;
alter table pot force row level security;
create policy pot_scope on pot using (fund_id = current_fund());
create trigger pot_append_only before update or delete or truncate on pot execute function refuse_change();
grant select, insert on pot to commonpot_app;

-- Where money can be. Everything but the outside belongs to the pot its money came from and carries that pot's restriction.
create table ledger_account (
  fund_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('outside', 'pot', 'reservation', 'voucher', 'payable')),
  subject_id uuid not null,
  pot_id uuid,
  currency text not null,
  restriction_id uuid not null,
  created_at timestamptz not null,
  primary key (fund_id, id),
  constraint ledger_account_once unique nulls not distinct (fund_id, kind, subject_id, pot_id, restriction_id),
  constraint ledger_account_leg unique (fund_id, currency, restriction_id, id),
  constraint ledger_account_currency foreign key (fund_id, currency) references fund (id, currency),
  foreign key (fund_id, restriction_id) references restriction,
  constraint ledger_account_pot foreign key (fund_id, pot_id, restriction_id) references pot (fund_id, id, restriction_id),
  constraint ledger_account_outside check ((kind = 'outside') = (pot_id is null) and (kind = 'outside') = (subject_id = fund_id)),
  constraint ledger_account_of_pot check (kind <> 'pot' or subject_id = pot_id)
);
alter table ledger_account enable row level security;
alter table ledger_account force row level security;
create policy ledger_account_scope on ledger_account using (fund_id = current_fund());
create trigger ledger_account_append_only before update or delete or truncate on ledger_account execute function refuse_change();
grant select, insert on ledger_account to commonpot_app;
create index ledger_account_by_pot on ledger_account (fund_id, pot_id);
alter table pot add constraint pot_account foreign key (fund_id, account_id) references ledger_account deferrable initially deferred;

-- What an account holds, for every account that must not go below zero. Only the triggers below write here.
create table ledger_level (
  fund_id uuid not null,
  account_id uuid not null,
  balance_minor bigint not null,
  primary key (fund_id, account_id),
  foreign key (fund_id, account_id) references ledger_account,
  constraint ledger_level_not_below_zero check (balance_minor >= 0),
  constraint ledger_level_exact check (balance_minor <= 9007199254740991)
);
alter table ledger_level enable row level security;
alter table ledger_level force row level security;
create policy ledger_level_scope on ledger_level using (fund_id = current_fund());
create trigger ledger_level_only_by_transfers before insert or update or delete or truncate on ledger_level
  for each statement when (pg_trigger_depth() = 0) execute function refuse_change();
grant select on ledger_level to commonpot_app;

create function open_level() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$ begin
  insert into ledger_level (fund_id, account_id, balance_minor) values (new.fund_id, new.id, 0);
  return null;
end $$;
create trigger ledger_account_level after insert on ledger_account for each row when (new.kind <> 'outside') execute function open_level();

-- One movement: out of one account, into another. Both legs are in one fund, currency and restriction,
-- and are one row, so that entries sum to zero by construction.
create table transfer (
  fund_id uuid not null,
  id uuid not null,
  from_account_id uuid not null,
  to_account_id uuid not null,
  currency text not null,
  restriction_id uuid not null,
  amount_minor bigint not null,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*$' and length(kind) <= 40),
  subject_id uuid,
  reverses uuid,
  actor_id uuid,
  at timestamptz not null,
  primary key (fund_id, id),
  constraint transfer_positive check (amount_minor between 1 and 1000000000000),
  constraint transfer_two_accounts check (from_account_id <> to_account_id),
  constraint transfer_from foreign key (fund_id, currency, restriction_id, from_account_id) references ledger_account (fund_id, currency, restriction_id, id),
  constraint transfer_to foreign key (fund_id, currency, restriction_id, to_account_id) references ledger_account (fund_id, currency, restriction_id, id),
  -- A reversal mirrors what it reverses: the same money the other way, at most once, and is never reversed itself.
  constraint transfer_mirror unique (fund_id, id, from_account_id, to_account_id, currency, restriction_id, amount_minor),
  constraint transfer_reverses foreign key (fund_id, reverses, to_account_id, from_account_id, currency, restriction_id, amount_minor)
    references transfer (fund_id, id, from_account_id, to_account_id, currency, restriction_id, amount_minor),
  constraint transfer_reversed_once unique (fund_id, reverses),
  constraint transfer_reversal_kind check ((kind = 'reversal') = (reverses is not null))
);
create index transfer_by_from on transfer (fund_id, from_account_id);
create index transfer_by_to on transfer (fund_id, to_account_id);
create index transfer_by_subject on transfer (fund_id, subject_id) where subject_id is not null;
-- A contribution enters the ledger at most once.
create unique index transfer_contribution_once on transfer (fund_id, subject_id) where kind = 'contribution';
alter table transfer enable row level security;
alter table transfer force row level security;
create policy transfer_scope on transfer using (fund_id = current_fund());
create trigger transfer_append_only before update or delete or truncate on transfer execute function refuse_change();
grant select, insert on transfer to commonpot_app;

-- Moves the levels of all accounts that one statement touched, locking them in the order of their ids, so that two
-- postings can wait for each other and never both ways. A second posting in one transaction would break that order.
create function change_levels() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$ begin
  if not exists (select from posted) then return null; end if;
  if current_setting('commonpot.posted', true) = pg_current_xact_id()::text then
    raise exception 'transfers are posted once per transaction, all in one call' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform set_config('commonpot.posted', pg_current_xact_id()::text, true);
  perform 1 from ledger_level
    where (fund_id, account_id) in (select fund_id, from_account_id from posted union select fund_id, to_account_id from posted)
    order by fund_id, account_id for update;
  update ledger_level l set balance_minor = l.balance_minor + change.amount_minor
    from (
      select fund_id, account_id, sum(amount_minor) as amount_minor from (
        select fund_id, to_account_id as account_id, amount_minor from posted
        union all select fund_id, from_account_id, -amount_minor from posted
      ) leg group by fund_id, account_id
    ) change
    where l.fund_id = change.fund_id and l.account_id = change.account_id;
  return null;
end $$;
create trigger transfer_levels after insert on transfer referencing new table as posted for each statement execute function change_levels();

create function refuse_second_reversal() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$ begin
  if exists (select from transfer where fund_id = new.fund_id and id = new.reverses and kind = 'reversal') then
    raise exception 'a reversal is not reversed' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger transfer_no_second_reversal after insert on transfer for each row when (new.reverses is not null) execute function refuse_second_reversal();

-- Nobody else may hang these on a table of their own and have the owner's hand write levels.
revoke execute on function open_level(), change_levels(), refuse_second_reversal() from public;

-- A promise of an agency to send money, with the reference its finance office puts on the bank transfer.
create table pledge (
  fund_id uuid not null,
  id uuid not null,
  agency_id uuid not null,
  -- Null: wherever it is needed.
  pot_id uuid,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  reference text not null check (length(reference) between 4 and 35),
  pledged_by uuid not null references account,
  pledged_at timestamptz not null,
  withdrawn_by uuid references account,
  withdrawn_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, reference),
  unique (fund_id, id, agency_id),
  foreign key (fund_id, agency_id) references agency,
  foreign key (fund_id, pot_id) references pot,
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
create index pledge_by_agency on pledge (fund_id, agency_id);
alter table pledge enable row level security;
alter table pledge force row level security;
create policy pledge_scope on pledge using (fund_id = current_fund());
grant select, insert, update (withdrawn_by, withdrawn_at) on pledge to commonpot_app;

-- A line of the bank statement, as one administrator entered it. It is money only once a second one confirmed it.
create table contribution (
  fund_id uuid not null,
  id uuid not null,
  pledge_id uuid,
  agency_id uuid,
  pot_id uuid not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  received_on date not null,
  reference text not null check (length(reference) between 1 and 140),
  -- How many entries of this same line were dropped or reversed before; two that stand at once collide.
  attempt integer not null check (attempt >= 0),
  entered_by uuid not null references account,
  entered_at timestamptz not null,
  primary key (fund_id, id),
  constraint contribution_once unique (fund_id, received_on, amount_minor, reference, attempt),
  unique (fund_id, id, entered_by, amount_minor),
  foreign key (fund_id, agency_id) references agency,
  foreign key (fund_id, pot_id) references pot,
  foreign key (fund_id, pledge_id, agency_id) references pledge (fund_id, id, agency_id),
  check (pledge_id is null or agency_id is not null)
);
create index contribution_by_pledge on contribution (fund_id, pledge_id);
create index contribution_by_agency on contribution (fund_id, agency_id);
alter table contribution enable row level security;
alter table contribution force row level security;
create policy contribution_scope on contribution using (fund_id = current_fund());
create trigger contribution_append_only before update or delete or truncate on contribution execute function refuse_change();
grant select, insert on contribution to commonpot_app;

-- Confirmed by another account that typed the same amount, or dropped by anybody with a reason; either one once.
create table contribution_decision (
  fund_id uuid not null,
  contribution_id uuid not null,
  decision text not null check (decision in ('confirmed', 'dropped')),
  entered_by uuid not null,
  amount_minor bigint,
  reason text check (length(reason) between 1 and 1000),
  decided_by uuid not null references account,
  decided_at timestamptz not null,
  primary key (fund_id, contribution_id),
  foreign key (fund_id, contribution_id) references contribution,
  constraint contribution_same_amount foreign key (fund_id, contribution_id, entered_by, amount_minor) references contribution (fund_id, id, entered_by, amount_minor),
  constraint contribution_two_people check (decision = 'dropped' or (amount_minor is not null and decided_by <> entered_by)),
  check ((decision = 'dropped') = (reason is not null))
);
alter table contribution_decision enable row level security;
alter table contribution_decision force row level security;
create policy contribution_decision_scope on contribution_decision using (fund_id = current_fund());
create trigger contribution_decision_append_only before update or delete or truncate on contribution_decision execute function refuse_change();
grant select, insert on contribution_decision to commonpot_app;

-- A confirmed contribution that turned out to be a mistake: asked by one, done by another.
create table contribution_reversal (
  fund_id uuid not null,
  id uuid not null,
  contribution_id uuid not null,
  reason text not null check (length(reason) between 1 and 1000),
  -- How many earlier requests for this contribution were dropped; two that stand at once collide.
  attempt integer not null check (attempt >= 0),
  asked_by uuid not null references account,
  asked_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, id, asked_by),
  constraint contribution_reversal_once unique (fund_id, contribution_id, attempt),
  foreign key (fund_id, contribution_id) references contribution_decision
);
alter table contribution_reversal enable row level security;
alter table contribution_reversal force row level security;
create policy contribution_reversal_scope on contribution_reversal using (fund_id = current_fund());
create trigger contribution_reversal_append_only before update or delete or truncate on contribution_reversal execute function refuse_change();
grant select, insert on contribution_reversal to commonpot_app;

create table contribution_reversal_decision (
  fund_id uuid not null,
  reversal_id uuid not null,
  decision text not null check (decision in ('done', 'dropped')),
  asked_by uuid not null,
  decided_by uuid not null references account,
  decided_at timestamptz not null,
  primary key (fund_id, reversal_id),
  foreign key (fund_id, reversal_id, asked_by) references contribution_reversal (fund_id, id, asked_by),
  constraint contribution_reversal_two_people check (decision = 'dropped' or decided_by <> asked_by)
);
alter table contribution_reversal_decision enable row level security;
alter table contribution_reversal_decision force row level security;
create policy contribution_reversal_decision_scope on contribution_reversal_decision using (fund_id = current_fund());
create trigger contribution_reversal_decision_append_only before update or delete or truncate on contribution_reversal_decision execute function refuse_change();
grant select, insert on contribution_reversal_decision to commonpot_app;
