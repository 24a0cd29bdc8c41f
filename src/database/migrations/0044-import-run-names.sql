-- Stored reports, states and reviews of import runs follow the names of the API.

create function pg_temp.renamed(report jsonb) returns jsonb language sql as $$
  select coalesce(jsonb_object_agg(coalesce(names.present, members.key), members.value), report)
  from jsonb_each(report) members
  left join (values
    ('delivered', 'received'),
    ('leftOut', 'uncounted'),
    ('notCreated', 'notImported'),
    ('notGranted', 'missingPermissions'),
    ('neverHeld', 'neverFilled'),
    ('setAside', 'skipped'),
    ('keptFields', 'retainedFields'),
    ('redecided', 'recalculated')) names (former, present) on names.former = members.key
$$;

-- Row-level security applies to the owner, too, unless it is turned off.
alter table import_runs no force row level security;
alter table import_runs drop constraint import_runs_state_known, drop constraint import_runs_decision_known;
update import_runs set report = pg_temp.renamed(report),
  state = case state when 'redecided' then 'recalculated' else state end,
  decision = case decision when 'released' then 'approved' when 'rejected' then 'discarded' end;
alter table import_runs
  add constraint import_runs_state_known check (state in ('running', 'published', 'unchanged', 'planned',
    'held', 'failed', 'recalculated')),
  add constraint import_runs_decision_known check (decision in ('approved', 'discarded'));
alter table import_runs force row level security;

drop function pg_temp.renamed;
