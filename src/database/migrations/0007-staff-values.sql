-- What staff keep about a student: preferred gender, pronouns, notes. The nightly import has no statement that
-- names these tables, so nothing that Skyward delivers can touch them.

create table student_staff_values (
  district_id bigint not null,
  student_id bigint not null,
  field text not null,
  -- Null: emptied again.
  value text,
  -- Counts the saves, so that a save that has not seen the last one is noticed.
  version integer not null default 1,
  changed_at timestamptz not null default now(),
  -- Who saved it, kept by name as well: accounts come and go.
  changed_by uuid not null,
  changed_by_name text not null,
  primary key (district_id, student_id, field),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade,
  constraint student_staff_values_field_known
    check (field in ('preferred-gender', 'pronouns', 'notes')),
  constraint student_staff_values_value_size check (length(value) between 1 and 10000)
);
call protect_by_district('student_staff_values', 'student');
grant select, insert, update on student_staff_values to daybreak_web;

create table student_staff_changes (
  district_id bigint not null,
  student_id bigint not null,
  id bigint generated always as identity,
  field text not null,
  old_value text,
  new_value text,
  began_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  changed_by uuid not null,
  changed_by_name text not null,
  primary key (district_id, student_id, id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);
call protect_by_district('student_staff_changes', 'student');
grant select on student_staff_changes to daybreak_web;

/*
 * Keeps the history of every save; the web may neither skip nor change it. What somebody types is saved every
 * few seconds: saves of one person within ten minutes of the first are one change, and none if all was undone.
 */
create function keep_staff_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before text := case tg_op when 'UPDATE' then old.value end;
  last student_staff_changes;
begin
  if new.value is not distinct from before then
    return null;
  end if;
  select * into last from student_staff_changes c
    where c.district_id = new.district_id and c.student_id = new.student_id and c.field = new.field
    order by c.id desc limit 1;
  if last.changed_by = new.changed_by and last.began_at > now() - interval '10 minutes' then
    if last.old_value is not distinct from new.value then
      delete from student_staff_changes c where c.district_id = last.district_id
        and c.student_id = last.student_id and c.id = last.id;
    else
      update student_staff_changes c set new_value = new.value, changed_at = new.changed_at
        where c.district_id = last.district_id and c.student_id = last.student_id and c.id = last.id;
    end if;
  else
    insert into student_staff_changes (district_id, student_id, field, old_value, new_value, began_at,
      changed_at, changed_by, changed_by_name)
    values (new.district_id, new.student_id, new.field, before, new.value, new.changed_at,
      new.changed_at, new.changed_by, new.changed_by_name);
  end if;
  return null;
end $$;
create trigger keep_staff_change after insert or update on student_staff_values
  for each row execute function keep_staff_change();

-- The problems of a night that concern one student, on that student's page.
create index import_problems_by_student on import_problems (district_id, run_id, skyward_student_id)
  where skyward_student_id is not null;
