-- Which record is whose: a number alone hands no record over, and a record that Skyward no longer delivers holds none.

-- Two delivered students, or two kept by hand, never have one number at the end of a transaction. One of each may:
-- such a pair waits under Duplicates. A unique constraint that is checked late cannot leave rows out.
alter table students drop constraint students_number_once;
alter table students add constraint students_number_once
  exclude using btree (district_id with =, student_number with =, (skyward_id is null) with =)
  where (missing_since_run_id is null) deferrable initially deferred;

-- First names as they are compared: without case, accents, punctuation and blanks.
create function first_name_forms(names text[]) returns text[]
language sql immutable parallel safe set search_path = public, pg_temp as $$
  select array_agg(form) from unnest(names) name,
    lateral (select replace(search_form(name), ' ', '') as form) forms
  where form <> ''
$$;

/*
 * What, beside a key such as the student number, says of two records that they are one student: 'state-id' or
 * 'birth-date-and-first-name'. 'other-state-id' says that they are not; null says nothing.
 */
create function identity_sign(state_a text, state_b text, born_a date, born_b date, firsts_a text[], firsts_b text[])
returns text
language sql immutable parallel safe set search_path = public, pg_temp as $$
  select case
    when lower(state_a) = lower(state_b) then 'state-id'
    when lower(state_a) <> lower(state_b) then 'other-state-id'
    when born_a = born_b and first_name_forms(firsts_a) && first_name_forms(firsts_b)
      then 'birth-date-and-first-name'
  end
$$;

-- Every first name that a record has.
create function first_names(s students) returns text[]
language sql immutable parallel safe set search_path = public, pg_temp as $$
  select array[s.first_name, s.legal_first_name]
    || array(select other ->> 'first' from jsonb_array_elements(s.other_names) other)
$$;

-- As before (0009), and whether the number is held by that student: one no longer delivered holds none.
drop function likely_duplicates(text, text, text, date, bigint);
create function likely_duplicates(number text, first text, last text, born date, except_id bigint)
returns table (student_id bigint, has_number boolean, holds_number boolean, has_name boolean, is_visible boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id, coalesce(s.student_number = number, false),
    coalesce(s.student_number = number, false) and s.missing_since_run_id is null,
    coalesce(s.birth_date = born and starts_with(s.name_key, search_form(last || '  ' || first || '  ')), false),
    current_schools() is null or coalesce(s.entity_id = any (current_schools()), false)
  from students s
  where s.district_id = current_district_id() and s.id is distinct from except_id
    and s.id in (
      select n.id from students n
      where n.district_id = current_district_id() and n.student_number collate "C" = number
      union all
      select n.id from students n where n.district_id = current_district_id() and n.birth_date = born
        and starts_with(n.name_key, search_form(last || '  ' || first || '  ')))
  order by s.id limit 20
$$;
revoke execute on function likely_duplicates from public;
grant execute on function likely_duplicates to daybreak_web;

-- Records that an import took over for a delivered student of another StudentID, or of one kept by hand. The column
-- is not called student_id, so that an entry never moves to another record when two are merged.
create table record_takeovers (
  district_id bigint not null,
  run_id bigint not null,
  record_id bigint not null,
  -- Null: kept by hand.
  former_skyward_id bigint,
  former_missing_since_run_id bigint,
  skyward_id bigint not null,
  sign text not null,
  undone_at timestamptz,
  undone_by_name text,
  primary key (district_id, run_id, record_id),
  foreign key (district_id, run_id) references import_runs (district_id, id) on delete cascade
);
call protect_by_district('record_takeovers', 'district');
create policy whole_district on record_takeovers as restrictive to daybreak_web
  using ((select current_schools()) is null);
grant select on record_takeovers to daybreak_web;

alter table hand_changes drop constraint hand_changes_action_known,
  add constraint hand_changes_action_known check (action in ('created', 'edited', 'status-set', 'status-released',
    'restored', 'merged', 'merge-undone', 'takeover-undone'));

/*
 * Gives a record back that an import took over: what that run and later ones changed of it is taken back, change
 * by change; documents and what people keep stay with it. The next import makes a record of its own for the
 * delivered student, since the pair is kept apart. Gives the record's number; null when there is nothing to undo.
 */
create function undo_takeover(import_run bigint, taken bigint, account uuid, person text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
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
  update record_takeovers set undone_at = now(), undone_by_name = person
  where district_id = district and run_id = import_run and record_id = taken;
  insert into kept_apart (district_id, pair_key, kept_by, kept_by_name)
  values (district, 'mixed:' || taken || '-' || t.skyward_id, account, person) on conflict do nothing;
  return taken;
end $$;
revoke execute on function undo_takeover from public;
grant execute on function undo_takeover to daybreak_web;

-- Delivered students whom a run set aside, for people to compare: because of their number, or since the delivery
-- describes another student than the record of the same StudentID.
alter table number_clashes add column kind text not null default 'number-shared'
  constraint number_clashes_kind_known check (kind in ('number-shared', 'identity-changed'));

-- A person says that it is one student all the same; the next import that publishes uses it up.
create table confirmed_identities (
  district_id bigint not null references districts (id) on delete cascade,
  skyward_student_id bigint not null,
  confirmed_at timestamptz not null default now(),
  confirmed_by_name text not null,
  primary key (district_id, skyward_student_id)
);
call protect_by_district('confirmed_identities', 'district');
create policy whole_district on confirmed_identities as restrictive to daybreak_web
  using ((select current_schools()) is null);
grant select, insert, delete on confirmed_identities to daybreak_web;
