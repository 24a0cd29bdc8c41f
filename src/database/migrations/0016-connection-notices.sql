-- What administrators have been told about their connection: each once.
create table connection_notices (
  district_id bigint not null references districts (id) on delete cascade,
  -- expires-30, expires-7, expires-1, expired, night-failed, night-held, nothing-new
  kind text not null,
  -- The day the access ends, the night, or the first of the nights without anything new.
  about date not null,
  told_at timestamptz not null,
  primary key (district_id, kind, about)
);
call protect_by_district('connection_notices', 'district');
grant select on connection_notices to daybreak_web;
