-- Students kept by hand, statuses set by people, duplicates and how they were settled.

-- The status of a student whom Skyward doesn't cover, as a person set it. In force while students.status_rule
-- is null; from adoption on the import derives the status and this row is only history.
create table hand_set_statuses (
  district_id bigint not null,
  student_id bigint not null,
  reason text,
  since date not null,
  set_at timestamptz not null default now(),
  set_by uuid,
  set_by_name text not null,
  primary key (district_id, student_id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);
call protect_by_district('hand_set_statuses', 'student');
grant select, insert, update, delete on hand_set_statuses to daybreak_web;

-- What people changed, value by value, as student_changes has it for the import's runs.
create table hand_changes (
  district_id bigint not null,
  student_id bigint not null,
  id bigint generated always as identity,
  changed_at timestamptz not null default now(),
  account_id uuid,
  account_name text not null,
  action text not null,
  field text,
  old_value jsonb,
  new_value jsonb,
  primary key (district_id, student_id, id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade,
  constraint hand_changes_action_known
    check (action in ('created', 'edited', 'status-set', 'status-released', 'restored', 'merged', 'merge-undone'))
);
call protect_by_district('hand_changes', 'student');
grant select, insert on hand_changes to daybreak_web;

-- Removed records, whole, so that removing can be undone for thirty days; after that the line stays without them.
create table removed_students (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  removed_id bigint not null,
  -- The record that it was merged into; null: deleted.
  merged_into bigint,
  entity_id bigint,
  removed_at timestamptz not null default now(),
  removed_by uuid,
  removed_by_name text not null,
  restored_at timestamptz,
  record jsonb,
  primary key (district_id, id)
);
alter table removed_students enable row level security;
create policy by_district on removed_students to daybreak_web
  using (district_id = (select current_district_id())
    and ((select current_schools()) is null or entity_id = any ((select current_schools())::bigint[])));
grant select on removed_students to daybreak_web;

-- Pairs that an administrator has judged to be two students; not listed again.
create table kept_apart (
  district_id bigint not null references districts (id) on delete cascade,
  pair_key text not null,
  kept_at timestamptz not null default now(),
  kept_by uuid,
  kept_by_name text not null,
  primary key (district_id, pair_key)
);
call protect_by_district('kept_apart', 'district');
grant select, insert, delete on kept_apart to daybreak_web;

-- Delivered students whom a run set aside because of their number, as delivered, so that both can be compared.
create table number_clashes (
  district_id bigint not null,
  run_id bigint not null,
  skyward_student_id bigint not null,
  student_number text not null,
  first_name text,
  middle_name text,
  last_name text,
  suffix text,
  birth_date date,
  gender text,
  state_id text,
  grade text,
  primary key (district_id, run_id, skyward_student_id),
  foreign key (district_id, run_id) references import_runs (district_id, id) on delete cascade
);
call protect_by_district('number_clashes', 'district');
-- Whoever is bound to schools has no business with students of whom the school is not even known.
create policy whole_district on number_clashes as restrictive to daybreak_web
  using ((select current_schools()) is null);
grant select on number_clashes to daybreak_web;

-- The web writes students whom Skyward doesn't know, and of them what people keep; skyward_id is in no grant.
create policy by_hand_added on students as restrictive for insert to daybreak_web
  with check (skyward_id is null);
create policy by_hand_changed on students as restrictive for update to daybreak_web
  using (skyward_id is null) with check (skyward_id is null);
grant insert (district_id, student_number, state_id, legal_first_name, legal_middle_name, legal_last_name,
    legal_suffix, first_name, middle_name, last_name, suffix, birth_date, gender, home_language, addresses,
    phones, emails, grade, entity_id, entity_name, school_name, school_state_id, status),
  update (student_number, state_id, legal_first_name, legal_middle_name, legal_last_name,
    legal_suffix, first_name, middle_name, last_name, suffix, birth_date, gender, home_language, addresses,
    phones, emails, grade, entity_id, entity_name, school_name, school_state_id, updated_at)
  on students to daybreak_web;

-- Guardians of such students. Skyward's numbers are positive; one entered by hand has a negative one.
create policy by_hand_added on guardians as restrictive for insert to daybreak_web
  with check (skyward_id < 0 and exists (select from students s
    where s.district_id = guardians.district_id and s.id = guardians.student_id and s.skyward_id is null));
create policy by_hand_removed on guardians as restrictive for delete to daybreak_web
  using (exists (select from students s
    where s.district_id = guardians.district_id and s.id = guardians.student_id and s.skyward_id is null));
grant insert, delete on guardians to daybreak_web;

/*
 * Sets the status of a student whom Skyward doesn't cover: kept by hand, or no longer delivered. Gives the
 * number of students changed: 0 when Skyward covers the student, or there is none of this number for the caller.
 */
create function set_status_by_hand(student bigint, new_status text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed integer;
begin
  update students set status = new_status, status_rule = null, status_decided_by = null,
    status_left_out = '[]', status_changes_on = null, status_decided_on = null,
    status_decided_under = null, status_same_through = null, updated_at = clock_timestamp()
  where district_id = current_district_id() and id = student
    and (current_schools() is null or entity_id = any (current_schools()))
    and (skyward_id is null or missing_since_run_id is not null);
  get diagnostics changed = row_count;
  return changed;
end $$;

/*
 * Students of the district who may be the one described: of the same number, or of the same name and birth
 * date. Those whom the caller may not see are told by `is_visible` alone.
 */
create function likely_duplicates(number text, first text, last text, born date, except_id bigint)
returns table (student_id bigint, has_number boolean, has_name boolean, is_visible boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id, coalesce(s.student_number = number, false),
    coalesce(s.birth_date = born and starts_with(s.name_key, search_form(last || '  ' || first || '  ')), false),
    current_schools() is null or coalesce(s.entity_id = any (current_schools()), false)
  from students s
  where s.district_id = current_district_id() and s.id is distinct from except_id
    and s.id in (
      select n.id from students n where n.district_id = current_district_id() and n.student_number = number
      union all
      select n.id from students n where n.district_id = current_district_id() and n.birth_date = born
        and starts_with(n.name_key, search_form(last || '  ' || first || '  ')))
  order by s.id limit 20
$$;

/*
 * Every table with rows of a student, whichever migration made it; the audit trail and the plans of imports
 * speak of students but belong to none.
 *   is_record  the rows are the record itself: removed with it and brought back with it
 *   is_single  at most one row a student: merged value by value
 *   key        the primary key beside district and student, as SQL that gives JSON for row `t`
 * What is not of the record (documents and the like) keeps a student from being deleted.
 */
create function student_parts()
returns table (part regclass, is_record boolean, is_single boolean, key text)
language sql stable set search_path = public, pg_temp as $$
  select c.oid::regclass,
    k.columns is not null and k.columns <@ '{district_id,student_id}'
      or c.relname in ('guardians', 'enrollments', 'student_changes', 'hand_changes',
        'student_staff_values', 'student_staff_changes'),
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

/** The rows of a student in one table, as JSON. */
create function rows_of_student(part regclass, district bigint, student bigint) returns jsonb
language plpgsql stable set search_path = public, pg_temp as $$
declare
  found jsonb;
begin
  execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from %s t
    where district_id = $1 and student_id = $2', part) into found using district, student;
  return found;
end $$;

/** Puts a row back as it was; what the database computes, it computes again. */
create function put_row_back(part regclass, given jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  columns text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
  from pg_attribute
  where attrelid = part and attnum > 0 and not attisdropped and attgenerated = '' and given ? attname;
  execute format('insert into %1$s (%2$s) overriding system value
    select %2$s from jsonb_populate_record(null::%1$s, $1)', part, columns) using given;
end $$;

/*
 * What refers to a student beside the record itself, with its number of rows: the tables' names.
 */
create function what_depends_on(student bigint) returns table (part text, count bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  one record;
begin
  for one in select * from student_parts() p where not p.is_record loop
    part := one.part::text;
    count := jsonb_array_length(rows_of_student(one.part, current_district_id(), student));
    if count > 0 then return next; end if;
  end loop;
end $$;

/** Forgets the contents of what was removed more than thirty days ago; the line itself stays. */
create function forget_old_removals() returns void
language sql security definer set search_path = public, pg_temp as $$
  update removed_students set record = null
  where district_id = current_district_id() and record is not null and removed_at < now() - interval '30 days'
$$;

/*
 * Removes a student kept by hand with everything that is the record, and keeps all of it for undoing. Gives the
 * number of the entry in removed_students; null when there is no such student kept by hand for the caller.
 * Fails on a foreign key when anything else refers to the student.
 */
create function remove_student(student bigint, account uuid, person text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  district bigint := current_district_id();
  one students;
  part record;
  parts jsonb := '{}';
  entry bigint;
begin
  select * into one from students
  where district_id = district and id = student and skyward_id is null
    and (current_schools() is null or entity_id = any (current_schools()))
  for update;
  if not found then return null; end if;
  for part in select * from student_parts() p where p.is_record loop
    parts := parts || jsonb_build_object(part.part::text, rows_of_student(part.part, district, student));
  end loop;
  perform forget_old_removals();
  insert into removed_students (district_id, removed_id, entity_id, removed_by, removed_by_name, record)
  values (district, student, one.entity_id, account, person,
    jsonb_build_object('student', to_jsonb(one), 'parts', parts))
  returning id into entry;
  delete from students where district_id = district and id = student;
  return entry;
end $$;

/*
 * Merges two records into `kept` and gives the number of the entry in removed_students. `taken` names what comes
 * from the removed one where both have something: 'students.column', 'guardians' as a whole, and of what staff
 * own 'table.column' (one row a student) or 'table:key' (a row for each field). All other rows of the removed
 * one move over; what would stand twice stays behind with it. Skyward's rows (guardians, enrollments) never mix.
 */
create function merge_students(kept bigint, removed bigint, taken text[], account uuid, person text)
returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  district bigint := current_district_id();
  k students;
  r students;
  part record;
  entry bigint;
  one_key jsonb;
  moved jsonb := '{}';
  kept_parts jsonb := '{}';
  removed_parts jsonb := '{}';
  changes jsonb := '{}';
  before jsonb;
  after jsonb;
  names text;
begin
  if current_schools() is not null then return null; end if;
  perform from students where district_id = district and id in (kept, removed) order by id for update;
  select * into k from students where district_id = district and id = kept;
  select * into r from students where district_id = district and id = removed;
  if k.id is null or r.id is null or k.id = r.id then return null; end if;
  if r.skyward_id is not null and (r.missing_since_run_id is null or k.skyward_id is null) then
    raise exception 'merge_students would remove a record that Skyward keeps';
  end if;
  for part in select * from student_parts() loop
    if part.is_single or part.part::text in ('guardians', 'student_staff_values') then
      kept_parts := kept_parts
        || jsonb_build_object(part.part::text, rows_of_student(part.part, district, kept));
    end if;
    removed_parts := removed_parts
      || jsonb_build_object(part.part::text, rows_of_student(part.part, district, removed));
  end loop;
  set constraints all deferred;

  -- The record's own columns, of students kept by hand only.
  select string_agg(quote_ident(split_part(t, '.', 2)), ', ') into names
  from unnest(taken) t where t like 'students.%' and split_part(t, '.', 2) in (
    'student_number', 'state_id', 'legal_first_name', 'legal_middle_name', 'legal_last_name', 'legal_suffix',
    'first_name', 'middle_name', 'last_name', 'suffix', 'birth_date', 'gender', 'home_language', 'addresses',
    'phones', 'emails', 'grade', 'entity_id', 'entity_name', 'school_name', 'school_state_id', 'status')
    and (k.skyward_id is null or k.missing_since_run_id is not null and t = 'students.status');
  if names is not null then
    execute format('update students s set (%1$s) = row(%2$s) from students o
      where s.district_id = $1 and s.id = $2 and o.district_id = $1 and o.id = $3',
      names, regexp_replace(names, '([^, ]+)', 'o.\1', 'g')) using district, kept, removed;
  end if;
  if 'students.status' = any (taken) then
    update students set status_rule = null, status_decided_by = null, status_left_out = '[]',
      status_changes_on = null, status_decided_on = null, status_decided_under = null,
      status_same_through = null
    where district_id = district and id = kept;
    delete from hand_set_statuses where district_id = district and student_id = kept;
  end if;
  update students set updated_at = clock_timestamp() where district_id = district and id = kept;
  select jsonb_object_agg(field, jsonb_build_array(to_jsonb(k) -> field, to_jsonb(s) -> field))
  into before from students s, jsonb_object_keys(to_jsonb(s)) field
  where s.district_id = district and s.id = kept and field <> 'updated_at'
    and not exists (select from pg_attribute a
      where a.attrelid = 'students'::regclass and a.attname = field and a.attgenerated <> '')
    and to_jsonb(k) -> field is distinct from to_jsonb(s) -> field;
  changes := jsonb_build_object('students', coalesce(before, '{}'));

  if 'guardians' = any (taken) and k.skyward_id is null then
    delete from guardians where district_id = district and student_id = kept;
    perform put_row_back('guardians', one || jsonb_build_object('student_id', kept))
    from jsonb_array_elements(removed_parts -> 'guardians') one;
  end if;

  for part in select * from student_parts() loop
    -- Skyward's own rows stay with the record that they were delivered for.
    continue when part.part::text in ('guardians', 'enrollments');
    if part.is_single and kept_parts -> part.part::text <> '[]'
      and part.part::text <> 'hand_set_statuses' then
      select string_agg(quote_ident(split_part(t, '.', 2)), ', ') into names
      from unnest(taken) t where split_part(t, '.', 1) = part.part::text
        and split_part(t, '.', 2) not in ('district_id', 'student_id');
      if names is not null then
        execute format('update %1$s t set (%2$s) = row(%3$s) from %1$s o
          where t.district_id = $1 and t.student_id = $2 and o.district_id = $1 and o.student_id = $3',
          part.part, names, regexp_replace(names, '([^, ]+)', 'o.\1', 'g')) using district, kept, removed;
        before := kept_parts -> part.part::text -> 0;
        after := rows_of_student(part.part, district, kept) -> 0;
        changes := changes || jsonb_build_object(part.part::text, (
          select jsonb_object_agg(field, jsonb_build_array(before -> field, after -> field))
          from jsonb_object_keys(after) field where before -> field is distinct from after -> field));
      end if;
    else
      -- The status that somebody set comes along only when it was chosen.
      continue when part.part::text = 'hand_set_statuses' and not 'students.status' = any (taken);
      for one_key in execute format(
        'select %s from %s t where district_id = $1 and student_id = $2', part.key, part.part)
        using district, removed
      loop
        if part.part::text || ':' || (select string_agg(value, ',') from jsonb_each_text(one_key))
          = any (taken) then
          execute format('delete from %s t
            where district_id = $1 and student_id = $2 and to_jsonb(t) @> $3', part.part)
            using district, kept, one_key;
        end if;
        begin
          execute format('update %s t set student_id = $3
            where district_id = $1 and student_id = $2 and to_jsonb(t) @> $4', part.part)
            using district, removed, kept, one_key;
          moved := jsonb_set(moved, array[part.part::text],
            coalesce(moved -> part.part::text, '[]') || jsonb_build_array(one_key));
        exception when unique_violation then
          -- The kept record has its own; this one stays in the removed record.
          null;
        end;
      end loop;
    end if;
  end loop;

  perform forget_old_removals();
  insert into removed_students
    (district_id, removed_id, merged_into, entity_id, removed_by, removed_by_name, record)
  values (district, removed, kept, r.entity_id, account, person, jsonb_build_object(
    'student', to_jsonb(r), 'parts', removed_parts, 'moved', moved,
    'changes', changes, 'keptParts', kept_parts, 'taken', to_jsonb(taken)))
  returning id into entry;
  delete from students where district_id = district and id = removed;
  return entry;
end $$;

/*
 * Brings a removed record back, and after a merge gives back what had come from it; what people or the import
 * have changed since stays changed. Gives the student's number; null when there is nothing (any more) to bring
 * back, or the record it was merged into is gone itself. Fails on students_number_once when the number has been
 * given to somebody else.
 */
create function restore_student(entry bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  district bigint := current_district_id();
  e removed_students;
  target bigint;
  part record;
  field record;
  one jsonb;
  one_key jsonb;
  is_there boolean;
begin
  select * into e from removed_students
  where district_id = district and id = entry and restored_at is null and record is not null
    and removed_at >= now() - interval '30 days'
    and (current_schools() is null or entity_id = any (current_schools()))
  for update;
  if not found then return null; end if;
  target := e.merged_into;
  set constraints all deferred;
  if target is not null then
    perform from students where district_id = district and id = target for update;
    if not found then return null; end if;
    for part in select key as name, value as fields from jsonb_each(e.record -> 'changes')
      where value <> 'null' loop
      for field in select key as name, value as pair from jsonb_each(part.fields) loop
        execute format('update %1$s t set %2$I = (jsonb_populate_record(t, $3)).%2$I
          where district_id = $1 and %3$I = $2 and to_jsonb(t) -> %4$L is not distinct from $4',
          part.name::regclass, field.name,
          case when part.name = 'students' then 'id' else 'student_id' end, field.name)
          using district, target, jsonb_build_object(field.name, field.pair -> 0), field.pair -> 1;
      end loop;
    end loop;
    update students set updated_at = clock_timestamp() where district_id = district and id = target;
  end if;
  perform put_row_back('students', e.record -> 'student');
  for part in select * from student_parts() loop
    for one in select value from jsonb_array_elements(e.record -> 'moved' -> part.part::text) loop
      execute format('update %s t set student_id = $3
        where district_id = $1 and student_id = $2 and to_jsonb(t) @> $4', part.part)
        using district, target, e.removed_id, one;
    end loop;
    for one in select value from jsonb_array_elements(e.record -> 'parts' -> part.part::text) loop
      -- What had moved over has just come back, or was removed since.
      continue when exists (
        select from jsonb_array_elements(e.record -> 'moved' -> part.part::text) m where one @> m.value);
      perform put_row_back(part.part, one);
    end loop;
  end loop;
  if target is not null then
    if e.record -> 'taken' ? 'guardians' then
      delete from guardians g where g.district_id = district and g.student_id = target
        and exists (select from students s
          where s.district_id = district and s.id = target and s.skyward_id is null);
      if found or e.record -> 'parts' -> 'guardians' = '[]' then
        perform put_row_back('guardians', value)
        from jsonb_array_elements(e.record -> 'keptParts' -> 'guardians');
      end if;
    end if;
    if e.record -> 'taken' ? 'students.status' and not exists (
      select from hand_set_statuses where district_id = district and student_id = target) then
      perform put_row_back('hand_set_statuses', value)
      from jsonb_array_elements(e.record -> 'keptParts' -> 'hand_set_statuses');
    end if;
  end if;
  -- A row that the kept record had given up for one that has just gone back.
  for part in select * from student_parts() p where not p.is_single and p.part::text <> 'guardians' loop
    for one in select value from jsonb_array_elements(e.record -> 'keptParts' -> part.part::text) loop
      execute format('select %s from jsonb_populate_record(null::%s, $1) t', part.key, part.part)
        into one_key using one;
      execute format('select exists (select from %s t
        where district_id = $1 and student_id = $2 and to_jsonb(t) @> $3)', part.part)
        into is_there using district, target, one_key;
      if not is_there and e.record -> 'moved' -> part.part::text @> jsonb_build_array(one_key) then
        perform put_row_back(part.part, one);
      end if;
    end loop;
  end loop;
  -- What triggers have just noted of rows that came back is no history.
  for part in select * from student_parts() loop
    execute format('delete from %s t where district_id = $1 and student_id = $2
      and not exists (select from jsonb_array_elements($3) k where k.value @> %s)', part.part, part.key)
      using district, e.removed_id, coalesce(e.record -> 'parts' -> part.part::text, '[]');
  end loop;
  update removed_students set restored_at = now() where district_id = district and id = entry;
  set constraints students_number_once, students_skyward_id_once immediate;
  return e.removed_id;
end $$;

revoke execute on function set_status_by_hand, likely_duplicates, what_depends_on, forget_old_removals,
  remove_student, merge_students, restore_student, put_row_back, rows_of_student from public;
grant execute on function set_status_by_hand, likely_duplicates, what_depends_on,
  remove_student, merge_students, restore_student to daybreak_web;
