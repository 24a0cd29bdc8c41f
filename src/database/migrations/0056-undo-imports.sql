-- Undoing an import: what history must know beside the changed values, and imports that wait afterwards.

/*
 * Whether a student was missing from Skyward before a run changed that. Together with `student_changes` it makes the
 * state before any later run known.
 */
create table missing_changes (
  district_id bigint not null,
  student_id bigint not null,
  run_id bigint not null,
  former_run_id bigint,
  primary key (district_id, student_id, run_id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);
call protect_by_district('missing_changes', 'student');

alter table import_runs
  -- Runs before this migration did not record missing students.
  add column is_undoable boolean not null default false,
  add column undoes_run_id bigint,
  add column undo_reason text,
  add column undone_by_run_id bigint,
  add column continued_at timestamptz,
  add column continued_by text,
  drop constraint import_runs_state_known,
  add constraint import_runs_state_known check (state in ('running', 'published', 'unchanged', 'planned',
    'held', 'failed', 'recalculated', 'undone', 'restored')),
  add constraint import_runs_undone_whole check ((state = 'undone') = (undone_by_run_id is not null)),
  add constraint import_runs_undo_whole check (state <> 'restored' or num_nonnulls(undoes_run_id, undo_reason) = 2),
  add constraint import_runs_continued_whole
    check (num_nonnulls(continued_at, continued_by) = 0 or state = 'restored' and num_nonnulls(continued_at, continued_by) = 2);
alter table import_runs alter column is_undoable set default true;
create index import_runs_of_undo on import_runs (district_id, id) where undoes_run_id is not null;
grant update (continued_at, continued_by) on import_runs to daybreak_web;
grant select (undoes_run_id, continued_at) on import_runs to daybreak_web_login;

-- The runs whose changes of a record were undone with a match by number: from `run_id` to this one.
alter table record_takeovers add column undone_after_run_id bigint;

-- As before (0055); `missing_changes` belongs to the record itself.
CREATE OR REPLACE FUNCTION public.student_parts()
 RETURNS TABLE(part regclass, is_record boolean, is_single boolean, key text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select c.oid::regclass,
    k.columns is not null and k.columns <@ '{district_id,student_id}'
      or c.relname in ('guardians', 'enrollments', 'student_changes', 'hand_changes',
        'student_staff_values', 'student_staff_changes', 'caseload_students', 'missing_changes'),
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
$function$;

-- As before (0027), and remembers up to which run the changes of the record were undone.
CREATE OR REPLACE FUNCTION public.undo_takeover(import_run bigint, taken bigint, account uuid, person text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  district bigint := current_district_id();
  t record_takeovers;
  c student_changes;
  part text;
begin
  if current_schools() is not null then return null; end if;
  select * into t from record_takeovers
  where district_id = district and run_id = import_run and record_id = taken and undone_at is null for update;
  if t.record_id is null then return null; end if;
  perform from students where district_id = district and id = taken and skyward_id = t.skyward_id for update;
  if not found then return null; end if;
  for c in select * from student_changes
    where district_id = district and student_id = taken and run_id >= import_run order by run_id desc, id desc
  loop
    part := case c.record when 'student' then 'students' else c.record || 's' end;
    if c.field is not null then
      execute format('update %1$I p set %2$I = (jsonb_populate_record(p, jsonb_build_object(%2$L, $4))).%2$I
        where district_id = $1 and %3$I = $2 and ($3 is null or p.skyward_id = $3)',
        part, c.field, case part when 'students' then 'id' else 'student_id' end)
        using district, taken, c.record_id, c.old_value;
    elsif c.old_value is null then
      execute format('delete from %I where district_id = $1 and student_id = $2 and skyward_id = $3', part)
        using district, taken, c.record_id;
    else
      perform put_row_back(part::regclass,
        c.old_value || jsonb_build_object('district_id', district, 'student_id', taken));
    end if;
  end loop;
  update students set
    missing_since_run_id = case when t.former_skyward_id is not null then coalesce(t.former_missing_since_run_id, import_run) end,
    source_fingerprint = null, status_left_out = '[]', status_changes_on = null, status_decided_on = null,
    status_decided_under = null, status_same_through = null, updated_at = clock_timestamp()
  where district_id = district and id = taken;
  update record_takeovers set undone_at = now(), undone_by_name = person,
    undone_after_run_id = (select max(id) from import_runs where district_id = district)
  where district_id = district and run_id = import_run and record_id = taken;
  insert into kept_apart (district_id, pair_key, kept_by, kept_by_name)
  values (district, 'mixed:' || taken || '-' || t.skyward_id, account, person) on conflict do nothing;
  return taken;
end $function$;
