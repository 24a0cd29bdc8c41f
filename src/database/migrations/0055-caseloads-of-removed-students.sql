-- A user's list of students is part of a student's record: a merge moves it, deleting a student takes it along, and
-- undoing either brings it back. It used to prevent a manual student from being deleted.

create or replace function student_parts() returns table (part regclass, is_record boolean, is_single boolean, key text)
language sql stable set search_path to 'public', 'pg_temp' as $$
  select c.oid::regclass,
    k.columns is not null and k.columns <@ '{district_id,student_id}'
      or c.relname in ('guardians', 'enrollments', 'student_changes', 'hand_changes',
        'student_staff_values', 'student_staff_changes', 'caseload_students'),
    k.columns is not null and k.columns <@ '{district_id,student_id}',
    coalesce('jsonb_build_object(' || (
        select string_agg(format('%L, t.%I', name, name), ', ') from unnest(k.columns) as name
        where name not in ('district_id', 'student_id')) || ')',
      case when k.columns is null then 'to_jsonb(t)' else '''{}''::jsonb' end)
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'student_id' and not a.attisdropped
  left join lateral (
    select array_agg(ka.attname::text) as columns
    from pg_index i join pg_attribute ka on ka.attrelid = c.oid and ka.attnum = any (i.indkey)
    where i.indrelid = c.oid and i.indisprimary
    having count(*) > 0
  ) k on true
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in ('audit_events', 'import_plan_changes')
  order by c.relname
$$;

create or replace function put_row_back(part regclass, given jsonb) returns void
language plpgsql set search_path to 'public', 'pg_temp' as $$
declare
  columns text;
begin
  -- The user may have been removed since.
  if part = 'caseload_students'::regclass
    and not exists (select from accounts where id = (given ->> 'account_id')::uuid) then
    return;
  end if;
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
  from pg_attribute
  where attrelid = part and attnum > 0 and not attisdropped and attgenerated = '' and given ? attname;
  execute format('insert into %1$s (%2$s) overriding system value
    select %2$s from jsonb_populate_record(null::%1$s, $1)', part, columns) using given;
end $$;
