-- The seed of a panel that no beacon gives is the word of two, like a list's: whoever types it alone could choose among the ways to write it.
alter table panel add column typed_seed text check (length(typed_seed) between 3 and 200), add column typed_by uuid references account,
  add constraint panel_typed check (num_nonnulls(typed_seed, typed_by) in (0, 2));
grant update (typed_seed, typed_by) on panel to commonpot_app;
do $$ declare name text; begin
  for name in select conname from pg_constraint where conrelid = 'panel'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%drawn_by <> committed_by%' loop
    execute format('alter table panel drop constraint %I', name);
  end loop;
end $$;
alter table panel add constraint panel_drawn_after check (drawn_at >= draw_at);
create or replace function hold_panel() returns trigger language plpgsql as $$ begin
  if tg_op = 'DELETE' or old.seed is not null then raise exception 'a panel that was drawn stays as it was drawn' using errcode = 'restrict_violation'; end if;
  if new.seed is not null and is_beacon_draw(new.draw_name) and not is_beacon_result(new.fund_id, new.draw_name, new.seed) then
    raise exception 'a seed is the value that was named' using errcode = 'restrict_violation';
  end if;
  if new.seed is not null and not is_beacon_draw(new.draw_name) and (old.typed_by = new.drawn_by or old.typed_seed is distinct from new.seed) then
    raise exception 'a seed is the word of two' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
