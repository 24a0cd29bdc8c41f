-- Which rows of the next school year count before they start: none, those of returning students, or all.
alter table districts add column next_school_year text not null default 'current'
  constraint districts_next_school_year_known check (next_school_year in ('current', 'returning', 'all'));
update districts set next_school_year = 'all' where include_upcoming_school_year;
alter table districts drop column include_upcoming_school_year;
grant update (next_school_year) on districts to daybreak_web;

-- An enrollment without a start date that can be read is kept, and counts for nothing. What takes an enrollment out
-- of the reckoning is kept with it: true for a no-show; false where it was over, without a day of attendance, when
-- it was read. Null otherwise.
alter table enrollments
  alter column start_date drop not null,
  add column is_no_show boolean,
  add column enrolled_at_least_one_day boolean;
