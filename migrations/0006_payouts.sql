-- How money goes out: awards that set it aside, disbursements in stages, vouchers, what shops are owed and paid.

-- The decision to give, and the reservation that holds its money.
create table award (
  fund_id uuid not null,
  id uuid not null,
  round_id uuid not null,
  subject_kind text not null check (subject_kind in ('project', 'person')),
  subject_id uuid not null,
  title text not null check (length(title) between 1 and 200),
  recipient_name text not null check (length(recipient_name) between 1 and 200),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  reservation_id uuid not null,
  made_by uuid references account,
  made_at timestamptz not null,
  primary key (fund_id, id),
  constraint award_once unique (fund_id, round_id, subject_kind, subject_id),
  unique (fund_id, reservation_id),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, reservation_id) references ledger_account
);
alter table award enable row level security;
alter table award force row level security;
create policy award_scope on award using (fund_id = current_fund());
create trigger award_append_only before update or delete or truncate on award execute function refuse_change();
grant select, insert on award to commonpot_app;

-- How one reservation is paid out, part by part. A plan nobody has acted on may be replaced by another.
create table disbursement_plan (
  fund_id uuid not null,
  id uuid not null,
  reservation_id uuid not null,
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  planned_by uuid not null references account,
  planned_at timestamptz not null,
  replaced_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, id, reservation_id),
  foreign key (fund_id, reservation_id) references ledger_account
);
create unique index disbursement_plan_live on disbursement_plan (fund_id, reservation_id) where replaced_at is null;
alter table disbursement_plan enable row level security;
alter table disbursement_plan force row level security;
create policy disbursement_plan_scope on disbursement_plan using (fund_id = current_fund());
grant select, insert, update (replaced_at) on disbursement_plan to commonpot_app;

-- The instruction to pay an amount out of one account to a named recipient: a stage of a plan, or what a shop is owed.
create table disbursement (
  fund_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('stage', 'settlement')),
  plan_id uuid,
  stage_number integer check (stage_number between 1 and 20),
  title text check (length(title) between 1 and 200),
  shop_id uuid,
  source_account_id uuid not null,
  recipient_name text not null check (length(recipient_name) between 1 and 200),
  amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
  created_by uuid not null references account,
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, id, kind, amount_minor),
  unique (fund_id, id, shop_id, source_account_id),
  unique (fund_id, plan_id, stage_number),
  foreign key (fund_id, plan_id, source_account_id) references disbursement_plan (fund_id, id, reservation_id),
  foreign key (fund_id, shop_id) references shop,
  foreign key (fund_id, source_account_id) references ledger_account,
  check ((kind = 'stage') = (plan_id is not null) and (kind = 'stage') = (stage_number is not null) and (kind = 'stage') = (title is not null)),
  check ((kind = 'settlement') = (shop_id is not null))
);
create index disbursement_by_source on disbursement (fund_id, source_account_id);
create index disbursement_by_shop on disbursement (fund_id, shop_id) where shop_id is not null;
alter table disbursement enable row level security;
alter table disbursement force row level security;
create policy disbursement_scope on disbursement using (fund_id = current_fund());
create trigger disbursement_append_only before update or delete or truncate on disbursement execute function refuse_change();
grant select, insert on disbursement to commonpot_app;

-- The parts of a plan sum exactly to it, and a plan is for exactly what its reservation holds.
create function plan_adds_up() returns trigger language plpgsql as $$
declare
  plan disbursement_plan;
  planned bigint;
  held bigint;
begin
  if tg_table_name = 'disbursement_plan' then
    plan := new;
    select balance_minor into held from ledger_level where fund_id = plan.fund_id and account_id = plan.reservation_id;
    if held is distinct from plan.amount_minor then
      raise exception 'the plan is for %, and the reservation holds %', plan.amount_minor, held using errcode = 'check_violation';
    end if;
  else
    select * into plan from disbursement_plan where fund_id = new.fund_id and id = new.plan_id;
  end if;
  select coalesce(sum(amount_minor), 0) into planned from disbursement where fund_id = plan.fund_id and plan_id = plan.id;
  if planned <> plan.amount_minor then
    raise exception 'the stages sum to %, and the plan to %', planned, plan.amount_minor using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger disbursement_plan_adds_up after insert on disbursement_plan deferrable initially deferred for each row execute function plan_adds_up();
create constraint trigger disbursement_adds_up after insert on disbursement deferrable initially deferred for each row when (new.plan_id is not null) execute function plan_adds_up();

-- What is told to everybody before a stage is released.
create table disbursement_update (
  fund_id uuid not null,
  id uuid not null,
  disbursement_id uuid not null,
  words text not null check (length(words) between 10 and 2000),
  published_by uuid not null references account,
  published_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, id, disbursement_id),
  foreign key (fund_id, disbursement_id) references disbursement
);
create index disbursement_update_by_disbursement on disbursement_update (fund_id, disbursement_id);
alter table disbursement_update enable row level security;
alter table disbursement_update force row level security;
create policy disbursement_update_scope on disbursement_update using (fund_id = current_fund());
create trigger disbursement_update_append_only before update or delete or truncate on disbursement_update execute function refuse_change();
grant select, insert on disbursement_update to commonpot_app;

-- One try to carry out a disbursement. Open: recorded, not confirmed. Unknown: nobody can say, and nobody may try again.
create table payout (
  fund_id uuid not null,
  id uuid not null,
  disbursement_id uuid not null,
  kind text not null,
  amount_minor bigint not null,
  rail text not null check (rail in ('bank')),
  reference text not null check (length(reference) between 1 and 140),
  update_id uuid,
  state text not null check (state in ('open', 'paid', 'failed', 'unknown', 'returned')),
  recorded_by uuid not null references account,
  recorded_at timestamptz not null,
  confirmed_by uuid references account,
  confirmed_at timestamptz,
  transfer_id uuid,
  return_transfer_id uuid,
  primary key (fund_id, id),
  foreign key (fund_id, disbursement_id, kind, amount_minor) references disbursement (fund_id, id, kind, amount_minor),
  foreign key (fund_id, update_id, disbursement_id) references disbursement_update (fund_id, id, disbursement_id),
  foreign key (fund_id, transfer_id) references transfer,
  foreign key (fund_id, return_transfer_id) references transfer,
  unique (fund_id, transfer_id),
  unique (fund_id, return_transfer_id),
  constraint payout_stage_has_update check (kind <> 'stage' or update_id is not null),
  constraint payout_two_people check (confirmed_by <> recorded_by),
  constraint payout_moved check (
    (state in ('paid', 'returned')) = (transfer_id is not null) and (transfer_id is null) = (confirmed_by is null)
    and (confirmed_by is null) = (confirmed_at is null) and (state = 'returned') = (return_transfer_id is not null))
);
-- At most one payout of a disbursement is under way, in doubt or done.
create unique index payout_once on payout (fund_id, disbursement_id) where state in ('open', 'unknown', 'paid');
create index payout_by_disbursement on payout (fund_id, disbursement_id);
create index payout_waiting on payout (fund_id, state) where state in ('open', 'unknown');
alter table payout enable row level security;
alter table payout force row level security;
create policy payout_scope on payout using (fund_id = current_fund());
create function refuse_payout_move() returns trigger language plpgsql as $$ begin
  if (old.state, new.state) not in (('open', 'paid'), ('open', 'failed'), ('open', 'unknown'), ('unknown', 'paid'), ('unknown', 'failed'), ('paid', 'returned')) then
    raise exception 'a payout does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if old.transfer_id is not null and (old.transfer_id, old.confirmed_by, old.confirmed_at) is distinct from (new.transfer_id, new.confirmed_by, new.confirmed_at) then
    raise exception 'what was confirmed stays' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_moves before update on payout for each row execute function refuse_payout_move();
create trigger payout_stays before delete or truncate on payout execute function refuse_change();
grant select, insert, update (state, confirmed_by, confirmed_at, transfer_id, return_transfer_id) on payout to commonpot_app;

-- Every step of a payout, with who and, where something went wrong, why.
create table payout_change (
  fund_id uuid not null,
  id uuid not null,
  payout_id uuid not null,
  state text not null check (state in ('open', 'paid', 'failed', 'unknown', 'returned')),
  note text not null check (length(note) <= 500),
  actor_id uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, payout_id) references payout
);
create index payout_change_by_payout on payout_change (fund_id, payout_id);
alter table payout_change enable row level security;
alter table payout_change force row level security;
create policy payout_change_scope on payout_change using (fund_id = current_fund());
create trigger payout_change_append_only before update or delete or truncate on payout_change execute function refuse_change();
grant select, insert on payout_change to commonpot_app;

-- A voucher is an account in the ledger and a code that is known here only as a keyed hash and a sealed copy.
create table voucher (
  fund_id uuid not null,
  id uuid not null,
  reservation_id uuid not null,
  account_id uuid not null,
  -- Null: whoever holds the paper.
  holder_account_id uuid references account,
  title text not null check (length(title) between 1 and 120),
  value_minor bigint not null check (value_minor between 1 and 1000000000000),
  code_hash bytea not null check (length(code_hash) = 32),
  sealed_code bytea not null,
  issued_by uuid not null references account,
  issued_at timestamptz not null,
  last_day date not null,
  expires_at timestamptz not null,
  printed_at timestamptz,
  ended_as text check (ended_as in ('expired', 'cancelled')),
  ended_at timestamptz,
  ended_by uuid references account,
  returned_minor bigint check (returned_minor >= 0),
  return_transfer_id uuid,
  primary key (fund_id, id),
  unique (fund_id, code_hash),
  unique (fund_id, account_id),
  unique (fund_id, return_transfer_id),
  foreign key (fund_id, reservation_id) references ledger_account,
  foreign key (fund_id, account_id) references ledger_account,
  foreign key (fund_id, return_transfer_id) references transfer,
  check (expires_at > issued_at),
  check ((ended_as is null) = (ended_at is null) and (ended_as is null) = (returned_minor is null)),
  check ((ended_as is not distinct from 'cancelled') = (ended_by is not null)),
  constraint voucher_return_moved check ((coalesce(returned_minor, 0) > 0) = (return_transfer_id is not null)),
  constraint voucher_return_within check (returned_minor <= value_minor)
);
create index voucher_by_holder on voucher (holder_account_id) where holder_account_id is not null;
create index voucher_due on voucher (fund_id, expires_at) where ended_as is null;
alter table voucher enable row level security;
alter table voucher force row level security;
create policy voucher_scope on voucher using (fund_id = current_fund() or holder_account_id = current_account()) with check (fund_id = current_fund());
create function refuse_voucher_change() returns trigger language plpgsql as $$ begin
  if old.ended_as is not null then raise exception 'an ended voucher stays ended' using errcode = 'restrict_violation'; end if;
  if old.printed_at is not null and new.printed_at is distinct from old.printed_at then
    raise exception 'a voucher is printed once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger voucher_changes before update on voucher for each row execute function refuse_voucher_change();
create trigger voucher_stays before delete or truncate on voucher execute function refuse_change();
grant select, insert, update (printed_at, ended_as, ended_at, ended_by, returned_minor, return_transfer_id) on voucher to commonpot_app;

-- What a shop took from a voucher. It is undone, or settled with the shop, or neither yet; never both.
create table redemption (
  fund_id uuid not null,
  id uuid not null,
  voucher_id uuid not null,
  shop_id uuid not null,
  payable_account_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  transfer_id uuid not null,
  taken_by uuid not null references account,
  taken_at timestamptz not null,
  undone_by uuid references account,
  undone_at timestamptz,
  undo_transfer_id uuid,
  settlement_id uuid,
  primary key (fund_id, id),
  unique (fund_id, transfer_id),
  unique (fund_id, undo_transfer_id),
  foreign key (fund_id, voucher_id) references voucher,
  foreign key (fund_id, shop_id) references shop,
  foreign key (fund_id, payable_account_id) references ledger_account,
  foreign key (fund_id, transfer_id) references transfer,
  foreign key (fund_id, undo_transfer_id) references transfer,
  foreign key (fund_id, settlement_id, shop_id, payable_account_id) references disbursement (fund_id, id, shop_id, source_account_id),
  check ((undone_at is null) = (undo_transfer_id is null) and (undone_at is null) = (undone_by is null)),
  constraint redemption_undone_or_settled check (undone_at is null or settlement_id is null)
);
create index redemption_by_voucher on redemption (fund_id, voucher_id);
create index redemption_by_shop on redemption (fund_id, shop_id, id);
create index redemption_by_settlement on redemption (fund_id, settlement_id) where settlement_id is not null;
create index redemption_unsettled on redemption (fund_id, payable_account_id) where undone_at is null and settlement_id is null;
alter table redemption enable row level security;
alter table redemption force row level security;
create policy redemption_scope on redemption using (fund_id = current_fund());
create function refuse_redemption_change() returns trigger language plpgsql as $$ begin
  if old.undone_at is not null or old.settlement_id is not null then
    raise exception 'a redemption is undone or settled once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger redemption_changes before update on redemption for each row execute function refuse_redemption_change();
create trigger redemption_stays before delete or truncate on redemption execute function refuse_change();
grant select, insert, update (undone_by, undone_at, undo_transfer_id, settlement_id) on redemption to commonpot_app;
