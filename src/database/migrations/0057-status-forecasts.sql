-- What the dates of the stored enrollments will do to the statuses of a district, computed after each change and daily.
create table status_forecasts (
  district_id bigint primary key references districts (id) on delete cascade,
  -- The district's own date for which it was computed, from the rows of this run, and under these settings.
  as_of date not null,
  run_id bigint not null,
  settings text not null,
  school_year integer not null,
  -- How the district closes a school year, and the setting that fits (`YearEnd`).
  year_end jsonb not null,
  -- Students with an enrollment of the next school year.
  next_year_students integer not null,
  -- By setting of the next school year, counts of changes, by day, statuses, reason and school.
  changes jsonb not null,
  -- Changes that would be put on hold under the present setting: [{"on", "students"}], by day.
  holds jsonb not null,
  -- The last of them that was mailed.
  notified jsonb
);
call protect_by_district('status_forecasts', 'district');
grant select on status_forecasts to daybreak_web;
