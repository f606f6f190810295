-- Where an officer wants to be told of lists, an address of their own; gone when they take it back.
create table officer_notice (
  fund_id uuid not null references fund,
  account_id uuid not null references account,
  sealed_contact bytea,
  since timestamptz not null,
  primary key (fund_id, account_id)
);
-- What an officer was told about a list: that it was put before their body, and that its date is near. Each once.
create table adoption_told (
  fund_id uuid not null,
  adoption_id uuid not null,
  account_id uuid not null references account,
  what text not null check (what in ('presented', 'soon')),
  at timestamptz not null,
  primary key (fund_id, adoption_id, account_id, what),
  foreign key (fund_id, adoption_id) references adoption
);
do $$ declare name text; begin
  foreach name in array array['officer_notice', 'adoption_told'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_no_truncate before truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;
create trigger adoption_told_append_only before update or delete on adoption_told for each row execute function refuse_change();
grant update (sealed_contact, since) on officer_notice to commonpot_app;
