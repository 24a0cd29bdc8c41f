-- A status that only the passing of a date would change for many students at once stays until a person decides: the
-- status by the rules, and since when it is on hold.
alter table students
  add column status_on_hold text,
  add column status_on_hold_since date,
  add constraint students_hold_is_complete check ((status_on_hold is null) = (status_on_hold_since is null));
create index students_on_hold on students (district_id) where status_on_hold is not null;

-- Holds of a district: at most one at a time.
create table date_holds (
  id bigint primary key generated always as identity,
  district_id bigint not null references districts (id) on delete cascade,
  -- The district's own date on which it began.
  since date not null,
  -- What the date brings: 'year-turned' (Skyward's current school year changed), else 'enrollments-ended'.
  reason text not null constraint date_holds_reason_known check (reason in ('enrollments-ended', 'year-turned')),
  -- Students on hold, by status, status by the rules, and school: [{"from", "to", "entityId", "school", "students"}].
  counts jsonb not null default '[]',
  -- What a person decided; null: nobody has.
  decision text constraint date_holds_decision_known check (decision in ('applied', 'next-year-counted')),
  decided_at timestamptz,
  decided_by text,
  decision_reason text,
  -- Once nobody is on hold any more, or the decision was carried out.
  ended_at timestamptz,
  notified_at timestamptz
);
create unique index date_holds_open on date_holds (district_id) where ended_at is null;
create index date_holds_by_district on date_holds (district_id, id);
call protect_by_district('date_holds', 'district');
grant select on date_holds to daybreak_web;
grant update (decision, decided_at, decided_by, decision_reason) on date_holds to daybreak_web;

-- Statuses that changed by the date alone, counted by day, so that a mass change cannot pass in small parts.
create table date_changes (
  district_id bigint not null references districts (id) on delete cascade,
  changed_on date not null,
  entity_id bigint not null,
  from_status text not null,
  to_status text not null,
  students integer not null,
  primary key (district_id, changed_on, entity_id, from_status, to_status)
);
call protect_by_district('date_changes', 'district');
grant select on date_changes to daybreak_web;

-- Null lets the statuses be recalculated within a minute: a person changed what they depend on.
grant update (statuses_as_of) on districts to daybreak_web;
