-- Codes of failed and held imports are named by standard terms.
alter table import_runs no force row level security;
update import_runs r set failure = jsonb_set(failure, '{code}', to_jsonb(renamed.code))
from (values
    ('access-refused', 'access-denied'),
    ('entity-not-granted', 'no-entity-permission'),
    ('object-not-granted', 'no-object-permission'),
    ('field-not-granted', 'no-field-permission'),
    ('unexpected-answer', 'unexpected-response'),
    ('unreadable-answer', 'unreadable-response'),
    ('empty-answer', 'empty-list'),
    ('shrinking-answer', 'shrunken-list'),
    ('server-trouble', 'server-error'),
    ('address-refused', 'address-not-allowed'),
    ('budget-spent', 'retries-exhausted'),
    ('scratch-file-failed', 'temporary-file-failed'),
    ('value-refused', 'value-rejected'),
    ('unexpected-fault', 'unexpected-error')
  ) as renamed (former, code)
where r.failure ->> 'code' = renamed.former;
alter table import_runs force row level security;
