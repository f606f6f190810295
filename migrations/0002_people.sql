-- Who: accounts known by keyed hashes of their addresses, sign-in challenges, sessions, memberships per fund.

create function current_contact() returns bytea language sql stable parallel safe
  as $$ select decode(nullif(current_setting('commonpot.contact', true), ''), 'hex') $$;

create table account (
  id uuid primary key,
  -- How it is safe to reach this person: by any way they gave, only when they ask for a code, or not at all.
  contact_wish text not null default 'codes-only' check (contact_wish in ('any', 'codes-only', 'none')),
  created_at timestamptz not null
);
alter table account enable row level security;
alter table account force row level security;
create policy account_scope on account using (id = current_account());
create policy account_create on account for insert with check (true);
grant select, insert, update (contact_wish) on account to commonpot_app;

create table account_contact (
  channel text not null check (channel in ('email', 'sms')),
  contact_hash bytea not null check (length(contact_hash) = 32),
  account_id uuid not null references account,
  created_at timestamptz not null,
  primary key (channel, contact_hash)
);
create index account_contact_by_account on account_contact (account_id);
alter table account_contact enable row level security;
alter table account_contact force row level security;
create policy account_contact_scope on account_contact using (account_id = current_account() or contact_hash = current_contact());
create policy account_contact_create on account_contact for insert with check (true);
grant select, insert on account_contact to commonpot_app;

-- A six-digit code that was sent: bound to the browser that asked, ten minutes, five tries.
create table sign_in_challenge (
  id uuid primary key,
  browser_hash bytea not null,
  channel text not null check (channel in ('email', 'sms')),
  contact_hash bytea not null,
  code_hash bytea not null,
  tries integer not null default 0 check (tries between 0 and 5),
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_challenge_by_contact on sign_in_challenge (contact_hash, asked_at);
create index sign_in_challenge_by_time on sign_in_challenge (asked_at);
grant select, insert, update (tries, used_at), delete on sign_in_challenge to commonpot_app;

-- A printed code that signs one account in, once.
create table sign_in_card (
  code_hash bytea primary key check (length(code_hash) = 32),
  account_id uuid not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);
grant select, insert, update (used_at) on sign_in_card to commonpot_app;

-- A session stands for an account, or for one elector who came with a printed code; never for both.
create table session (
  id uuid primary key,
  account_id uuid references account,
  fund_id uuid references fund,
  round_id uuid,
  elector_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  check ((account_id is not null) = (elector_id is null)),
  check ((elector_id is null) = (round_id is null) and (elector_id is null) = (fund_id is null))
);
create index session_by_account on session (account_id) where account_id is not null;
create index session_by_expiry on session (expires_at);
grant select, insert, update (ended_at), delete on session to commonpot_app;

create table agency (
  fund_id uuid not null references fund,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, name)
);
alter table agency enable row level security;
alter table agency force row level security;
create policy agency_scope on agency using (fund_id = current_fund());
grant select, insert on agency to commonpot_app;

create table shop (
  fund_id uuid not null references fund,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, name)
);
alter table shop enable row level security;
alter table shop force row level security;
create policy shop_scope on shop using (fund_id = current_fund());
grant select, insert on shop to commonpot_app;

create table membership (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  role text not null check (role in ('resident', 'administrator', 'reviewer', 'officer', 'shop')),
  name text not null check (length(name) between 1 and 120),
  agency_id uuid,
  shop_id uuid,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (fund_id, id),
  foreign key (fund_id, agency_id) references agency,
  foreign key (fund_id, shop_id) references shop,
  check ((role = 'officer') = (agency_id is not null)),
  check ((role = 'shop') = (shop_id is not null))
);
create unique index membership_once on membership (fund_id, account_id, role, agency_id, shop_id) nulls not distinct where ended_at is null;
create index membership_by_account on membership (account_id);
alter table membership enable row level security;
alter table membership force row level security;
create policy membership_scope on membership using (fund_id = current_fund() or account_id = current_account())
  with check (fund_id = current_fund());
grant select, insert, update (ended_at) on membership to commonpot_app;
