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
