-- Asking: whom to tell of news and how, who asked for somebody and with what consent, and the fund's list of local help.

alter table request
  -- Somebody said that a message there is safe.
  add column may_write boolean not null default false,
  add column language text not null default 'en' check (language ~ '^[a-z]{2}$'),
  -- The last state that a message was sent about.
  add column told_version integer not null default 0,
  -- Asks, in private, not to be held to what others at the door were given; two people settle it.
  add column asks_apart boolean not null default false,
  -- A group without a constitution, through the host.
  add column for_group boolean not null default false,
  -- How the person agreed that somebody asks for them.
  add column consent text check (consent in ('there', 'phone', 'written')),
  add constraint request_consent_of_helper check (consent is null or helper_account_id is not null),
  add constraint request_apart_by_two check (not asks_apart or agree in ('two', 'panel'));
create index request_untold on request (fund_id, id) where may_write and state_version > told_version;
grant update (told_version) on request to commonpot_app;

create table signpost (
  fund_id uuid not null references fund,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  words text not null check (length(words) <= 400),
  phone text check (phone ~ '^[+0-9][0-9 ]{2,29}$'),
  url text check (url ~ '^https?://' and length(url) <= 300),
  made_at timestamptz not null,
  primary key (fund_id, id),
  unique (fund_id, name)
);
alter table signpost enable row level security;
alter table signpost force row level security;
create policy signpost_scope on signpost using (fund_id = current_fund());
create trigger signpost_no_truncate before truncate on signpost execute function refuse_change();
grant select, insert, delete on signpost to commonpot_app;

-- Whom the fund names for worries about somebody's safety; they read what nobody who decides sees.
create table safeguarding_lead (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  name text not null check (length(name) between 1 and 120),
  -- Where to tell them that something waits.
  sealed_contact bytea not null,
  named_by uuid not null references account,
  named_at timestamptz not null,
  ended_at timestamptz,
  primary key (fund_id, id),
  -- Nobody lets themselves in.
  check (named_by <> account_id)
);
create unique index safeguarding_lead_once on safeguarding_lead (fund_id, account_id) where ended_at is null;
alter table safeguarding_lead enable row level security;
alter table safeguarding_lead force row level security;
create policy safeguarding_lead_scope on safeguarding_lead using (fund_id = current_fund());
create trigger safeguarding_lead_no_truncate before truncate on safeguarding_lead execute function refuse_change();
grant select, insert, update (ended_at) on safeguarding_lead to commonpot_app;

-- A worry, apart from the decision, with an end date of its own. Anybody may put one in; a lead alone, by their own account, takes one out.
create table disclosure (
  fund_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  -- Words, name and address as they were, for the lead alone.
  sealed bytea not null,
  -- Null when the person said it themselves.
  raised_by uuid references account,
  raised_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (fund_id, id),
  foreign key (fund_id, request_id) references request,
  check (ends_at > raised_at)
);
create index disclosure_by_end on disclosure (fund_id, ends_at);
create function forget_before() returns timestamptz language sql stable parallel safe
  as $$ select nullif(current_setting('commonpot.forget_before', true), '')::timestamptz $$;
alter table disclosure enable row level security;
alter table disclosure force row level security;
create policy disclosure_put on disclosure for insert with check (fund_id = current_fund());
create policy disclosure_of_leads on disclosure for select using (fund_id = current_fund() and (coalesce(ends_at <= forget_before(), false)
  or exists (select from safeguarding_lead l where l.fund_id = disclosure.fund_id and l.account_id = current_account() and l.ended_at is null)));
create policy disclosure_end on disclosure for delete using (fund_id = current_fund() and (coalesce(ends_at <= forget_before(), false)
  or exists (select from safeguarding_lead l where l.fund_id = disclosure.fund_id and l.account_id = current_account() and l.ended_at is null)));
create trigger disclosure_no_truncate before truncate on disclosure execute function refuse_change();
create trigger disclosure_no_update before update on disclosure for each row execute function refuse_change();
grant select, insert, delete on disclosure to commonpot_app;
