-- Fields that came empty for everybody, whose published values are kept until a person accepts the empty ones.
create table accepted_fields (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  object text not null,
  field text not null,
  accepted_at timestamptz not null default now(),
  accepted_by text not null,
  reason text not null,
  run_id bigint,
  applied_run_id bigint,
  primary key (district_id, id)
);
create unique index accepted_fields_pending on accepted_fields (district_id, object, field)
  where applied_run_id is null;
call protect_by_district('accepted_fields', 'district');
create policy whole_district on accepted_fields as restrictive to daybreak_web
  using ((select current_schools()) is null);
grant select on accepted_fields to daybreak_web;
grant insert (district_id, object, field, accepted_by, reason, run_id) on accepted_fields to daybreak_web;
