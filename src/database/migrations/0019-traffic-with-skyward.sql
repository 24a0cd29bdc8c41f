-- What a run asked of Skyward: requests, how many of them came to nothing, and how long the answers took.
alter table import_runs
  add column requests integer,
  add column requests_failed integer,
  add column request_seconds double precision;
alter table import_runs add constraint import_runs_traffic_whole check (
  num_nonnulls(requests, requests_failed, request_seconds) in (0, 3));
