-- What people see of imports and do about them: who asked for a run, how far it is, the wish to stop it, the
-- decision on a held one, and the plan of runs that published nothing.

alter table import_runs
  -- Who started it: the nightly schedule, a person on the screen, or a command.
  add column origin text not null default 'command',
  -- The person's name as it was then; runs outlive accounts.
  add column requested_by text,
  -- The held run that a person let through by this one.
  add column releases_run_id bigint,
  -- How far a running one is (src/import/run-progress.ts), and when that was last written.
  add column progress jsonb,
  add column progress_at timestamptz,
  -- Whoever runs it looks here about once a second, on whichever machine it is.
  add column cancel_requested_at timestamptz,
  add column cancel_requested_by text,
  -- What a person decided about a held run.
  add column decision text,
  add column decided_at timestamptz,
  add column decided_by text,
  add column decision_reason text,
  add constraint import_runs_origin_known check (origin in ('schedule', 'person', 'command')),
  add constraint import_runs_decision_known check (decision in ('released', 'rejected')),
  add constraint import_runs_decision_whole check (
    num_nonnulls(decision, decided_at, decided_by, decision_reason) in (0, 4)),
  add constraint import_runs_decision_of_held check (decision is null or state = 'held');
grant update (cancel_requested_at, cancel_requested_by, decision, decided_at, decided_by, decision_reason)
  on import_runs to daybreak_web;

-- Whom a dry or a held run would have changed, one row a student, in the order in which it is looked through.
-- Kept for 30 days, or as long as its run.
create table import_plan_changes (
  district_id bigint not null,
  run_id bigint not null,
  position integer not null,
  -- status: the status changes; missing: no longer delivered; added: new; changed: other values alone.
  kind text not null,
  -- A student who would be added has the number that the record would have got.
  student_id bigint not null,
  student_number text,
  first_name text,
  last_name text,
  suffix text,
  school_name text,
  grade text,
  status_before text,
  status_after text,
  -- Every value that would change: record, recordId, field, from, to.
  changes jsonb not null default '[]',
  primary key (district_id, run_id, position),
  foreign key (district_id, run_id) references import_runs (district_id, id) on delete cascade,
  constraint import_plan_changes_kind_known check (kind in ('status', 'missing', 'added', 'changed'))
);
-- People of some schools see of a plan the students they see anyway; who would be added has no school yet.
call protect_by_district('import_plan_changes', 'student');
grant select on import_plan_changes to daybreak_web;
