/*
 * As before (0021), but students of the run are looked up in a hash table whatever the server believes about the
 * number of changes, which the very transaction has written: it took 10,000 documents times 10,000 changes.
 */
create or replace function queue_demographics_webhooks(of_district bigint, of_run bigint) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from webhooks w where w.district_id = of_district and w.is_active
    and 'document.demographics-changed' = any (w.events)) then
    return;
  end if;
  perform queue_webhook_deliveries(of_district, 'document.demographics-changed', array(
    select d.id from documents d
    where d.district_id = of_district and d.state = 'incomplete' and d.deleted_at is null
      and (d.student_id in (select c.student_id from student_changes c
        where c.district_id = of_district and c.run_id = of_run)) is true
      and exists (select from jsonb_each(d.fields) f where jsonb_typeof(f.value -> 'copied') <> 'null')));
end $$;
