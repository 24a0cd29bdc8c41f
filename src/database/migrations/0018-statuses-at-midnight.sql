-- Statuses follow the date at the midnight of each district, whether a night takes place or not.
alter table districts add column statuses_as_of date;
comment on column districts.statuses_as_of is 'The last date of the district on which its statuses were looked through at midnight; null: not yet.';

-- Statuses that changed at midnight are kept as a run of their own, so that a student''s history can name it.
alter table import_runs drop constraint import_runs_state_known;
alter table import_runs add constraint import_runs_state_known check (
  state in ('running', 'published', 'unchanged', 'planned', 'held', 'failed', 'redecided'));
alter table import_runs drop constraint import_runs_origin_known;
alter table import_runs add constraint import_runs_origin_known check (
  origin in ('schedule', 'person', 'command', 'date'));
