-- Who is a second pair of eyes is not one administrator's to say: else whoever wants to move money alone invites an address of
-- their own as the second person. Such an invitation waits until another administrator agrees.
create table member_invitation (
  fund_id uuid not null references fund,
  id uuid not null,
  account_id uuid not null references account,
  role text not null check (role in ('administrator', 'officer')),
  name text not null check (length(name) between 1 and 120),
  organisation text check (length(organisation) between 1 and 200),
  invited_by uuid not null references account,
  invited_at timestamptz not null,
  agreed_by uuid references account,
  dropped_by uuid references account,
  settled_at timestamptz,
  primary key (fund_id, id),
  constraint member_invitation_two_people check (agreed_by <> invited_by and agreed_by <> account_id),
  check (num_nonnulls(agreed_by, dropped_by) = num_nonnulls(settled_at))
);
create unique index member_invitation_once on member_invitation (fund_id, account_id, role) where settled_at is null;
alter table member_invitation enable row level security;
alter table member_invitation force row level security;
create policy member_invitation_scope on member_invitation using (fund_id = current_fund());
grant select, insert, update (agreed_by, dropped_by, settled_at) on member_invitation to commonpot_app;

create function refuse_invitation_change() returns trigger language plpgsql as $$ begin
  if old.settled_at is not null or row(new.account_id, new.role, new.organisation, new.invited_by, new.invited_at) is distinct from row(old.account_id, old.role, old.organisation, old.invited_by, old.invited_at) then
    raise exception 'an invitation is settled once, as it was made' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger member_invitation_changes before update of account_id, role, organisation, invited_by, invited_at, agreed_by, dropped_by, settled_at on member_invitation for each row execute function refuse_invitation_change();
create trigger member_invitation_stays before delete or truncate on member_invitation execute function refuse_change();
