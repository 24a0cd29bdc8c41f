-- When a district's night begins by its own clock, and which nights have been begun: each once.
alter table districts add column night_starts_at time not null default '01:00';
alter table districts add column nights_paused boolean not null default false;
alter table districts add constraint districts_night_starts_at_early
  check (night_starts_at < time '05:00');
grant update (night_starts_at, nights_paused) on districts to daybreak_web;

create table scheduled_nights (
  district_id bigint not null references districts (id) on delete cascade,
  -- The district's own date.
  night date not null,
  due_at timestamptz not null,
  -- The last time that a process set about putting it into the queue.
  claimed_at timestamptz not null,
  -- Since when it is in the queue; null: the process that claimed it has not come that far.
  queued_at timestamptz,
  primary key (district_id, night)
);
call protect_by_district('scheduled_nights', 'district');
grant select on scheduled_nights to daybreak_web;
