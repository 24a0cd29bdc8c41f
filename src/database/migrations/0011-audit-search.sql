-- Searching the audit trail by person, action, student and days: each by an index in the order of the list,
-- newest first, so that a page costs the same at the beginning and after millions of lines.
drop index audit_events_by_student;
drop index audit_events_by_account;
create index audit_events_by_student on audit_events (district_id, student_id, happened_at desc, id desc)
  where student_id is not null;
create index audit_events_by_account on audit_events (district_id, account_id, happened_at desc, id desc)
  where account_id is not null;
create index audit_events_by_action on audit_events (district_id, action, happened_at desc, id desc);

-- The clock of the server alone says when something happened: the web can't date a line back.
revoke insert on audit_events from daybreak_web;
grant insert (district_id, account_id, account_name, account_email, account_role, action, student_id, detail,
  address, request_id) on audit_events to daybreak_web;
