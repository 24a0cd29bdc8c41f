-- Withdrawal codes after which students stay in the district, such as that of the end of a school year.
alter table districts add column staying_codes text[] not null default '{}'
  constraint districts_staying_codes_given check (array_position(staying_codes, null) is null and '' <> all (staying_codes));
grant update (staying_codes) on districts to daybreak_web;
