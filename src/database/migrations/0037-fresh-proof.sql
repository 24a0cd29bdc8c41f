-- Codes that count once, a fresh proof of who it is, and failures that are counted by device.

alter table account_two_factors add column last_step bigint;
comment on column account_two_factors.last_step is
  'Time step of the app''s latest code that was accepted (RFC 6238): that one and earlier ones are refused';
comment on table account_two_factors is
  'The app of codes of a person (better-auth''s twoFactor plugin); sealed with the sealing key';

alter table account_sessions add column proven_at timestamptz;
comment on column account_sessions.proven_at is
  'When password and code, or a fresh single sign-on, last showed who it is; null: not in this session';

-- A row of its own for each known device and for whoever is signed in, so that others can't lock them out.
alter table account_sign_in_failures add column own_of bytea;
comment on column account_sign_in_failures.own_of is
  'Digest of the e-mail whose known device or open session this row counts; null: the e-mail''s own row';
create index account_sign_in_failures_by_own_of on account_sign_in_failures (own_of) where own_of is not null;
