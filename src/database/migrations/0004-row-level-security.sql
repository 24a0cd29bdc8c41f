-- Who sees which rows, decided by the database itself: what the web asks runs as `daybreak_web`, which sees
-- the district of its transaction only, and of that the students of the caller's schools only. A forgotten
-- WHERE then shows nothing. The nightly import works as the owner of the tables, which policies leave alone.

-- Roles belong to the server, not to one database: another database may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'daybreak_web') then
    create role daybreak_web nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'The role daybreak_web is missing, and this user may not create roles. Let an administrator of the server run: create role daybreak_web nologin; grant daybreak_web to %', current_user;
end $$;
do $$
begin
  if not pg_has_role(current_user, 'daybreak_web', 'set') then
    execute format('grant daybreak_web to %I', current_user);
  end if;
exception
  when insufficient_privilege then
    raise exception 'This user may not work as daybreak_web. Let an administrator of the server run: grant daybreak_web to %', current_user;
end $$;

-- What the transaction is bound to (src/database/district-scope.ts). Not set: no district, so no row.
create function current_district_id() returns bigint
language sql stable parallel safe
return nullif(current_setting('daybreak.district_id', true), '')::bigint;

-- The schools (entities) whose students the caller may see; null: those of the whole district.
create function current_schools() returns bigint[]
language sql stable parallel safe
return nullif(current_setting('daybreak.schools', true), '')::bigint[];

/*
 * Puts a table with a `district_id` under the policy, for this and every later migration:
 *   'district'  rows of the district
 *   'student'   rows that belong to a student (`student_id`), if the caller may see the student
 * What daybreak_web may do with the rows it sees is granted by the migration, table by table.
 */
create procedure protect_by_district(protected regclass, kind text)
language plpgsql as $$
declare
  visible text := 'district_id = (select current_district_id())';
begin
  if kind = 'student' then
    visible := visible || format(
      ' and ((select current_schools()) is null or exists (select from students s
          where s.district_id = %1$s.district_id and s.id = %1$s.student_id))', protected);
  elsif kind <> 'district' then
    raise exception 'protect_by_district knows no kind %', kind;
  end if;
  execute format('alter table %s enable row level security', protected);
  execute format('create policy by_district on %s to daybreak_web using (%s) with check (%s)',
    protected, visible, visible);
end $$;

-- The district's own row has its number in `id`.
alter table districts enable row level security;
create policy by_district on districts to daybreak_web using (id = (select current_district_id()));
grant select on districts to daybreak_web;

alter table students enable row level security;
create policy by_district on students to daybreak_web
  using (district_id = (select current_district_id())
    and ((select current_schools()) is null or entity_id = any ((select current_schools())::bigint[])));
grant select on students to daybreak_web;

call protect_by_district('guardians', 'student');
call protect_by_district('enrollments', 'student');
call protect_by_district('student_changes', 'student');
call protect_by_district('import_runs', 'district');
call protect_by_district('import_problems', 'district');
call protect_by_district('skyward_connections', 'district');
grant select on guardians, enrollments, student_changes, import_runs, import_problems to daybreak_web;
-- The sealed secret is for the import alone.
grant select (district_id, base_url, client_key, entity_id, page_size, concurrency, updated_at)
  on skyward_connections to daybreak_web;

-- Roles of people. A technician works for the vendor and so for every district; everybody else has one.
alter table accounts
  alter column district_id drop not null,
  add column schools bigint[],
  drop constraint accounts_role_known,
  add constraint accounts_role_known
    check (role in ('technician', 'administrator', 'staff', 'read-only'));
update accounts set district_id = null where role = 'technician';
alter table accounts
  add constraint accounts_district_by_role check ((district_id is null) = (role = 'technician')),
  add constraint accounts_schools_by_role check (schools is null or role in ('staff', 'read-only'));
comment on column accounts.schools is 'Entities whose students this person sees; null: all of the district';
call protect_by_district('accounts', 'district');
grant select (id, district_id, name, email, role, schools, created_at) on accounts to daybreak_web;

-- The audit trail: who looked at or changed what. Refers to nothing by key, so that it outlives what it speaks
-- of; daybreak_web may add and read, never change or remove. District 0: what belongs to no district.
create table audit_events (
  district_id bigint not null,
  id bigint generated always as identity,
  happened_at timestamptz not null default now(),
  account_id uuid,
  account_name text,
  account_email text,
  account_role text,
  action text not null,
  student_id bigint,
  detail jsonb not null default '{}',
  address text,
  request_id uuid,
  primary key (district_id, id)
);
create index audit_events_by_time on audit_events (district_id, happened_at desc, id desc);
create index audit_events_by_student on audit_events (district_id, student_id, id desc)
  where student_id is not null;
create index audit_events_by_account on audit_events (district_id, account_id, id desc);
call protect_by_district('audit_events', 'district');
grant select, insert on audit_events to daybreak_web;
