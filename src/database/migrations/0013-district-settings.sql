-- What a district decides for itself, changed on the screen: two people who change at once are told so.
alter table districts add column version integer not null default 1;
grant update (name, time_zone, include_upcoming_school_year, hold_share, hold_minimum, version)
  on districts to daybreak_web;
drop policy by_district on districts;
create policy by_district on districts to daybreak_web
  using (id = (select current_district_id())) with check (id = (select current_district_id()));
