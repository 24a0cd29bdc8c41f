-- Webhooks: addresses of a district's other programs that are called when something happened to a document. What
-- is to be told is written in the transaction in which it happened, so nothing is told that was taken back and
-- nothing that happened stays untold. Bodies hold numbers alone, never a name or a value of a child.

create table webhooks (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  url text not null,
  secret_sealed text not null,
  -- After a change of the secret the former one signs as well for a while, until the receiver knows the new one.
  former_secret_sealed text,
  former_secret_until timestamptz,
  events text[] not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  created_by uuid not null,
  created_by_name text not null,
  -- The first failure since the last success.
  failing_since timestamptz,
  -- Turned off by itself: `gone` (the receiver answered 410) or `failing` (for days).
  disabled_at timestamptz,
  disabled_why text,
  -- When administrators were told of that by mail.
  told_at timestamptz,
  primary key (district_id, id),
  constraint webhooks_url_size check (length(url) <= 2000),
  constraint webhooks_events_known check (cardinality(events) > 0
    and events <@ array['document.created', 'document.completed', 'document.demographics-changed']),
  constraint webhooks_disabled_whole check ((disabled_at is null) = (disabled_why is null)
    and (disabled_at is null or not is_active)),
  constraint webhooks_disabled_why_known check (disabled_why in ('gone', 'failing'))
);
call protect_by_district('webhooks', 'district');
-- The secrets are for who sends.
grant select (district_id, id, url, former_secret_until, events, is_active, created_at, created_by,
  created_by_name, failing_since, disabled_at, disabled_why, told_at) on webhooks to daybreak_web;
grant insert (district_id, url, secret_sealed, events, created_by, created_by_name) on webhooks to daybreak_web;
grant update (secret_sealed, former_secret_sealed, former_secret_until, events, is_active, failing_since,
  disabled_at, disabled_why, told_at) on webhooks to daybreak_web;
grant delete on webhooks to daybreak_web;

-- What is to be told to whom, and what became of it. Kept for 30 days.
create table webhook_deliveries (
  district_id bigint not null,
  id uuid not null default gen_random_uuid(),
  webhook_id bigint not null,
  event text not null,
  document_id bigint,
  -- As text: what is signed is what is kept, in every try the same.
  body text not null,
  created_at timestamptz not null default now(),
  -- Null: delivered, or given up. While one is under way, when another process may take it over.
  next_try_at timestamptz default now(),
  tries integer not null default 0,
  tried_at timestamptz,
  delivered_at timestamptz,
  failed_at timestamptz,
  last_status integer,
  last_problem text,
  primary key (district_id, id),
  foreign key (district_id, webhook_id) references webhooks (district_id, id) on delete cascade,
  constraint webhook_deliveries_one_end check (delivered_at is null or failed_at is null),
  constraint webhook_deliveries_ended check (next_try_at is not null
    or delivered_at is not null or failed_at is not null)
);
create index webhook_deliveries_due on webhook_deliveries (district_id, webhook_id, next_try_at)
  where next_try_at is not null;
create index webhook_deliveries_latest on webhook_deliveries (district_id, webhook_id, created_at desc, id);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);
call protect_by_district('webhook_deliveries', 'district');
grant select, insert on webhook_deliveries to daybreak_web;
grant update (next_try_at, failed_at) on webhook_deliveries to daybreak_web;

/*
 * Writes a delivery of each of these documents for every webhook that wants to hear of `happened`. A webhook that
 * is just being removed is passed over rather than failing the work that is told of.
 */
create function queue_webhook_deliveries(of_district bigint, happened text, about bigint[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into webhook_deliveries (district_id, webhook_id, event, document_id, body)
  select w.district_id, w.id, happened, d.id, json_build_object(
    'type', happened,
    'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'data', json_build_object('district', t.domain, 'documentId', d.id, 'formKey', d.form_key,
      'studentId', d.student_id))
  from webhooks w
  join districts t on t.id = w.district_id
  join documents d on d.district_id = w.district_id and d.id = any (about)
  where w.district_id = of_district and w.is_active and happened = any (w.events)
  for key share of w
$$;
-- It works with the rights of the owner; only triggers and the import call it.
revoke execute on function queue_webhook_deliveries from public;

-- Many documents are made by one statement; they are told of by one as well.
create function queue_created_webhooks() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_deliveries(a.district_id, 'document.created', array_agg(a.id))
    from added a group by a.district_id;
  return null;
end $$;
create trigger tell_webhooks_of_creation after insert on documents
  referencing new table as added for each statement execute function queue_created_webhooks();

create function queue_completed_webhooks() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_deliveries(new.district_id, 'document.completed', array[new.id]);
  return null;
end $$;
create trigger tell_webhooks_of_completion after update of state on documents
  for each row when (old.state <> 'complete' and new.state = 'complete')
  execute function queue_completed_webhooks();

/*
 * After the changes of a run are kept, in its transaction: tells of each incomplete document that was filled from
 * the record of a student whom the run changed. Costs one look into an index where no webhook wants to know.
 */
create function queue_demographics_webhooks(of_district bigint, of_run bigint) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from webhooks w where w.district_id = of_district and w.is_active
    and 'document.demographics-changed' = any (w.events)) then
    return;
  end if;
  perform queue_webhook_deliveries(of_district, 'document.demographics-changed', array(
    select d.id from documents d
    where d.district_id = of_district and d.state = 'incomplete' and d.deleted_at is null
      and d.student_id in (select c.student_id from student_changes c
        where c.district_id = of_district and c.run_id = of_run)
      and exists (select from jsonb_each(d.fields) f where jsonb_typeof(f.value -> 'copied') <> 'null')));
end $$;
revoke execute on function queue_demographics_webhooks from public;
