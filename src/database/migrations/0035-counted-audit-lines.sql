-- What happens often is counted: searches by person, action and minute, refusals by person and address pattern.
-- One line with a number instead of a thousand lines keeps the audit trail readable and the disk free.
alter table audit_events
  add column times integer not null default 1,
  add column records bigint,
  add column filters text[],
  add column counted_by text,
  add column counted_minute timestamptz;
comment on column audit_events.times is 'How often it happened within the minute';
comment on column audit_events.records is 'Of lists: how many records were shown, all times together; null: not counted';
comment on column audit_events.filters is 'Of lists: names of the filters used, never what was searched for';
comment on column audit_events.counted_by is 'What is counted together with the action and minute; null: a line each time';
create unique index audit_events_counted on audit_events (district_id, counted_minute, action, counted_by)
  where counted_by is not null;

-- The web may not change lines: this is the one way to count, and only within the minute of the server's clock.
create function count_audit_event(
  district bigint, person uuid, person_name text, person_email text, person_role text, what text, about jsonb,
  from_address text, request uuid, together text, how_often integer, shown bigint, used_filters text[]
) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into audit_events as known (district_id, account_id, account_name, account_email, account_role, action,
    detail, address, request_id, counted_by, counted_minute, times, records, filters)
  values (district, person, person_name, person_email, person_role, what, about, from_address, request, together,
    date_trunc('minute', now()), greatest(how_often, 1), shown, used_filters)
  on conflict (district_id, counted_minute, action, counted_by) where counted_by is not null
  do update set
    times = known.times + excluded.times,
    records = known.records + excluded.records,
    filters = array(select distinct unnest(known.filters || excluded.filters) order by 1);
$$;
revoke execute on function count_audit_event from public;
grant execute on function count_audit_event to daybreak_web;
