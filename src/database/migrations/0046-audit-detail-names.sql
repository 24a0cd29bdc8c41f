-- Events about identities name StudentID like the API. Row-level security binds the owner, too, except here.
alter table audit_events no force row level security;
update audit_events
set detail = (detail - 'skywardId') || jsonb_build_object('sisStudentId', detail -> 'skywardId')
where action in ('identity-confirmed', 'identity-unconfirmed') and detail ? 'skywardId';
update audit_events set action = 'number-match-undone' where action = 'takeover-undone';
alter table audit_events force row level security;
