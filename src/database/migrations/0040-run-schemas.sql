-- An initial import worked in a schema of its own, which stayed with the rows it had read when it was killed or when
-- publishing failed. Runs work on temporary tables now, and nothing looks for these schemas any more.
do $$
declare
  name text;
begin
  for name in
    select nspname from pg_namespace
    where nspname ~ '^night_[0-9]{1,18}$' and pg_has_role(nspowner, 'usage')
  loop
    execute format('drop schema %I cascade', name);
  end loop;
end $$;
