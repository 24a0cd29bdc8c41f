-- Districts, their connection to Skyward, import runs, and what a night publishes.
-- Every table's key begins with the district, so that one district's rows lie together and a
-- cluster can be sharded by it.

create table districts (
  id bigint generated always as identity primary key,
  domain text not null unique,
  name text not null,
  time_zone text not null,
  -- The status rules' settings (design, rules 3, 4 and 5).
  include_upcoming_school_year boolean not null default false,
  graduation_code text not null default '01',
  ignored_code text not null default 'CECS',
  -- Brakes: a night that would deactivate or lose more than this share, and at least this many, is held.
  hold_share double precision not null default 0.10,
  hold_minimum integer not null default 25,
  created_at timestamptz not null default now(),
  constraint districts_domain_form check (domain = lower(domain) and domain ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'),
  constraint districts_hold_share_range check (hold_share > 0 and hold_share <= 1),
  constraint districts_hold_minimum_range check (hold_minimum >= 0)
);

create table skyward_connections (
  district_id bigint primary key references districts (id) on delete cascade,
  base_url text not null,
  client_key text not null,
  -- Sealed with AES-256-GCM, see src/districts/sealed-secret.ts; never plain text.
  client_secret_sealed text not null,
  -- The district's entity in Skyward; null: the only district that GetSystemMetadata names.
  entity_id bigint,
  page_size integer not null default 2000,
  concurrency integer not null default 4,
  allow_private_address boolean not null default false,
  updated_at timestamptz not null default now(),
  constraint skyward_connections_page_size_range check (page_size between 1 and 100000),
  constraint skyward_connections_concurrency_range check (concurrency between 1 and 32)
);

create table import_runs (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  state text not null,
  is_dry_run boolean not null default false,
  today date not null,
  school_year integer,
  phase text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- What the night read, planned and did, as the report shows it (src/import/import-report.ts).
  report jsonb,
  -- Code, message, advice and place of what ended or held the run.
  failure jsonb,
  primary key (district_id, id),
  constraint import_runs_state_known
    check (state in ('running', 'published', 'unchanged', 'planned', 'held', 'failed'))
);
create index import_runs_latest on import_runs (district_id, started_at desc);

create table import_problems (
  district_id bigint not null,
  run_id bigint not null,
  id bigint generated always as identity,
  kind text not null,
  object text,
  page integer,
  row_number integer,
  record_key text,
  field text,
  skyward_student_id bigint,
  message text not null,
  primary key (district_id, run_id, id),
  foreign key (district_id, run_id) references import_runs (district_id, id) on delete cascade
);

create table students (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  -- Skyward's StudentID; null for a student kept by hand.
  skyward_id bigint,
  student_number text,
  state_id text,
  legal_first_name text,
  legal_middle_name text,
  legal_last_name text,
  legal_suffix text,
  first_name text,
  middle_name text,
  last_name text,
  suffix text,
  other_names jsonb not null default '[]',
  birth_date date,
  gender text,
  race text,
  ethnicity text,
  native_language text,
  home_language text,
  graduation_year integer,
  addresses jsonb not null default '[]',
  phones jsonb not null default '[]',
  emails jsonb not null default '[]',
  -- Placement: copied from the enrollment that decided the status.
  grade text,
  entity_id bigint,
  entity_name text,
  school_name text,
  school_state_id text,
  homeroom text,
  homeroom_teacher text,
  advisor text,
  -- Status, its reason, and how long the decision stands (src/enrollment).
  status text not null,
  status_rule text,
  status_decided_by bigint,
  status_left_out jsonb not null default '[]',
  status_changes_on date,
  -- The day on which, and the rules (school year and settings) by which, it was decided.
  status_decided_on date,
  status_decided_under text,
  -- Last day through which the whole decision stays as it is; null: for ever.
  status_same_through date,
  -- A hash of all that Skyward delivered for this student: equal means nothing to compare.
  source_fingerprint bigint,
  first_run_id bigint,
  changed_run_id bigint,
  missing_since_run_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (district_id, id),
  constraint students_skyward_id_once unique (district_id, skyward_id) deferrable initially deferred,
  constraint students_number_once unique (district_id, student_number) deferrable initially deferred,
  constraint students_status_known check (status in ('PRE_ENROLLED', 'ENROLLED', 'TRANSFERRED',
    'WITHDREW', 'DROPPED_OUT', 'GRADUATED', 'INACTIVE', 'HISTORICAL_IDLE'))
);
create index students_by_name on students (district_id, last_name, first_name, id);

create table guardians (
  district_id bigint not null,
  student_id bigint not null,
  -- Skyward's StudentGuardianID.
  skyward_id bigint not null,
  -- Skyward's order, from 1.
  position integer not null,
  first_name text,
  middle_name text,
  last_name text,
  suffix text,
  relationship text,
  is_custodial boolean,
  lives_with boolean,
  is_emergency_contact boolean,
  allows_pickup boolean,
  has_family_access boolean,
  has_restricted_access boolean,
  language text,
  addresses jsonb not null default '[]',
  phones jsonb not null default '[]',
  emails jsonb not null default '[]',
  primary key (district_id, student_id, skyward_id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);

create table enrollments (
  district_id bigint not null,
  student_id bigint not null,
  -- Skyward's EntryWithdrawalID.
  skyward_id bigint not null,
  entity_id bigint not null,
  entity_name text,
  school_name text,
  school_state_id text,
  school_year integer not null,
  start_date date not null,
  end_date date,
  withdrawal_date date,
  withdrawal_code text,
  withdrawal_reason text,
  entry_code text,
  entry_reason text,
  is_default_entity boolean not null,
  calendar_end_date date,
  grade text,
  homeroom text,
  homeroom_teacher text,
  advisor text,
  primary key (district_id, student_id, skyward_id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);

-- Every value that changed after a student was first seen: from what, to what, in which run.
create table student_changes (
  district_id bigint not null,
  student_id bigint not null,
  run_id bigint not null,
  id bigint generated always as identity,
  record text not null,
  -- The guardian's or enrollment's Skyward id; null for the student's own fields.
  record_id bigint,
  -- Null when a guardian or an enrollment came or went as a whole.
  field text,
  old_value jsonb,
  new_value jsonb,
  primary key (district_id, student_id, run_id, id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade,
  constraint student_changes_record_known check (record in ('student', 'guardian', 'enrollment'))
);
create index student_changes_by_run on student_changes (district_id, run_id);
