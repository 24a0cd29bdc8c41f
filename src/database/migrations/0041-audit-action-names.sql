-- Actions of the audit trail are named by the terms of the API. Row-level security binds the owner, too, except here.
alter table audit_events no force row level security;
update audit_events e set action = renamed.action
from (values
    ('access-refused', 'access-denied'),
    ('sign-in-refused', 'sign-in-failed'),
    ('proof-given', 'reauthenticated'),
    ('proof-refused', 'reauthentication-failed'),
    ('every-session-ended', 'all-sessions-ended'),
    ('backup-codes-renewed', 'backup-codes-replaced'),
    ('person-invited', 'user-invited'),
    ('invitation-withdrawn', 'invitation-canceled'),
    ('person-changed', 'user-updated'),
    ('person-locked', 'user-suspended'),
    ('person-unlocked', 'user-reactivated'),
    ('person-removed', 'user-removed'),
    ('person-two-factor-off', 'user-two-factor-off'),
    ('sign-on-changed', 'single-sign-on-changed'),
    ('students-kept-apart', 'students-marked-not-duplicates'),
    ('students-listed-again', 'not-duplicates-undone'),
    ('status-set', 'manual-status-set'),
    ('status-released', 'manual-status-cleared'),
    ('webhook-sent-again', 'webhook-delivery-retried'),
    ('import-stopped', 'import-canceled'),
    ('import-released', 'import-approved'),
    ('import-rejected', 'import-discarded'),
    ('pdf-form-tried', 'pdf-form-previewed'),
    ('audit-read', 'audit-viewed')
  ) as renamed (former, action)
where e.action = renamed.former;
alter table audit_events force row level security;
