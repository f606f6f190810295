-- What people say about ideas and projects, and what people, never a machine, decide about it; and the second pair of eyes on the ballot.

-- The subject is named by kind and id: what it is, and whether it takes comments, the rooms that own it answer.
create table comment (
  fund_id uuid not null,
  round_id uuid not null,
  subject_kind text not null check (subject_kind in ('idea', 'project')),
  subject_id uuid not null,
  id uuid not null,
  -- The comment it answers, which answers none itself.
  reply_to uuid,
  is_first boolean generated always as (reply_to is null) stored,
  answers_first boolean generated always as (case when reply_to is not null then true end) stored,
  account_id uuid not null references account,
  -- The form it was typed in: sent twice, it is one comment.
  draft_id uuid not null,
  -- As its author chose to be shown; null is a neighbour.
  name text check (length(name) between 1 and 120),
  words text check (length(words) between 1 and 1000),
  at timestamptz not null,
  -- Taken back by its author, or taken away because they asked to be forgotten.
  gone text check (gone in ('withdrawn', 'erased')),
  gone_at timestamptz,
  primary key (fund_id, id),
  unique (fund_id, account_id, draft_id),
  unique (fund_id, subject_kind, subject_id, id, is_first),
  foreign key (fund_id, round_id) references round,
  foreign key (fund_id, subject_kind, subject_id, reply_to, answers_first) references comment (fund_id, subject_kind, subject_id, id, is_first),
  check ((words is null) = (gone is not null) and (gone is null) = (gone_at is null)),
  check (gone is null or name is null)
);
create index comment_by_account on comment (fund_id, account_id, at);
create index comment_by_reply_to on comment (fund_id, reply_to) where reply_to is not null;
alter table comment enable row level security;
alter table comment force row level security;
create policy comment_scope on comment using (fund_id = current_fund());
create trigger comment_no_truncate before truncate on comment execute function refuse_change();
grant select, insert, update (name, words, gone, gone_at) on comment to commonpot_app;

create function hold_comment() returns trigger language plpgsql as $$ begin
  if tg_op = 'INSERT' then
    perform from round r where r.fund_id = new.fund_id and r.id = new.round_id and r.phase in ('ideas', 'review', 'notice', 'voting') for share;
    if not found or new.gone is not null then
      raise exception 'this round takes no comments' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a comment is withdrawn, not deleted' using errcode = 'restrict_violation';
  end if;
  if old.gone is not null or new.gone is null
    or row(new.fund_id, new.round_id, new.subject_kind, new.subject_id, new.id, new.reply_to, new.account_id, new.draft_id, new.at)
    is distinct from row(old.fund_id, old.round_id, old.subject_kind, old.subject_id, old.id, old.reply_to, old.account_id, old.draft_id, old.at) then
    raise exception 'a comment is not changed, only taken away' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger comment_hold before insert or update or delete on comment for each row execute function hold_comment();

-- Somebody asks people to look at a comment, once each.
create table comment_report (
  fund_id uuid not null,
  comment_id uuid not null,
  account_id uuid not null references account,
  reason text not null check (reason in ('unkind', 'private', 'untrue', 'off-topic', 'advertising', 'threat')),
  at timestamptz not null,
  primary key (fund_id, comment_id, account_id),
  foreign key (fund_id, comment_id) references comment
);
create index comment_report_by_account on comment_report (fund_id, account_id, at);

-- What a person decided: the first look, and another person's where the author asked for one.
create table comment_decision (
  fund_id uuid not null,
  comment_id uuid not null,
  turn integer not null check (turn > 0),
  outcome text not null check (outcome in ('keep', 'hide')),
  -- Shown in the comment's place.
  reason text check (reason in ('unkind', 'private', 'untrue', 'off-topic', 'advertising', 'threat')),
  decided_by uuid not null references account,
  at timestamptz not null,
  primary key (fund_id, comment_id, turn),
  foreign key (fund_id, comment_id) references comment,
  check ((outcome = 'hide') = (reason is not null))
);

-- The author asks for another person to look again: once for a comment, about the decision that hid it.
create table comment_appeal (
  fund_id uuid not null,
  comment_id uuid not null,
  turn integer not null,
  at timestamptz not null,
  primary key (fund_id, comment_id),
  foreign key (fund_id, comment_id, turn) references comment_decision
);

-- The comment's lock puts reports, decisions and appeals in one order.
create function hold_moderation() returns trigger language plpgsql as $$
declare
  author uuid;
  latest comment_decision%rowtype;
begin
  select c.account_id into author from comment c where c.fund_id = new.fund_id and c.id = new.comment_id for update;
  select * into latest from comment_decision d where d.fund_id = new.fund_id and d.comment_id = new.comment_id order by d.turn desc limit 1;
  if tg_table_name = 'comment_report' then
    if new.account_id = author then
      raise exception 'nobody reports themselves' using errcode = 'restrict_violation';
    end if;
  elsif tg_table_name = 'comment_appeal' then
    if latest.outcome is distinct from 'hide' or latest.turn <> new.turn then
      raise exception 'only the decision that hides a comment is looked at again' using errcode = 'restrict_violation';
    end if;
  else
    if new.turn <> coalesce(latest.turn, 0) + 1 or new.decided_by = author then
      raise exception 'this decision does not follow the one before, or is its author''s' using errcode = 'restrict_violation';
    end if;
    if latest.outcome = 'hide' and not exists (select from comment_appeal a where a.fund_id = new.fund_id and a.comment_id = new.comment_id and a.turn = latest.turn and latest.decided_by <> new.decided_by) then
      raise exception 'what is hidden is looked at again when its author asks, and by another person' using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end $$;

do $$ declare name text; begin
  foreach name in array array['comment_report', 'comment_decision', 'comment_appeal'] loop
    execute format('alter table %1$I enable row level security; alter table %1$I force row level security;
      create policy %1$s_scope on %1$I using (fund_id = current_fund());
      create trigger %1$s_hold before insert on %1$I for each row execute function hold_moderation();
      create trigger %1$s_append_only before update or delete or truncate on %1$I execute function refuse_change();
      grant select, insert on %1$I to commonpot_app', name);
  end loop;
end $$;

-- Whoever wrote the review that says yes does not put it on the ballot.
create function hold_second_eyes() returns trigger language plpgsql as $$ begin
  if exists (select from review_version v where v.fund_id = new.fund_id and v.proposal_id = new.proposal_id and v.version = new.version and v.reviewer_id = new.accepted_by) then
    raise exception 'a second person puts a reviewed idea on the ballot' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger review_project_second_eyes before insert or update on review_project for each row execute function hold_second_eyes();
