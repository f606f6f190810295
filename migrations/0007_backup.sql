-- What a backup may read beside the funds: accounts belong to no fund, and forced row-level security hides them from
-- their owner too. The owner sees all of them in a transaction that says it is a backup, and in no other.
do $$ declare name text; begin
  foreach name in array array['account', 'account_contact'] loop
    execute format('create policy %I on %I for select to %I using (current_setting(''commonpot.backup'', true) = ''on'')', name || '_backup', name, current_user);
  end loop;
end $$;
