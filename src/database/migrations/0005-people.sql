-- People: two-factor sign-in, locks, invitations, single sign-on, and the mails that were sent.
-- Everything here holds secrets or concerns sign-in itself: the web's role daybreak_web gets nothing of it.
-- src/accounts works with these tables as their owner, bound to the district by its parameters.

alter table accounts
  add column two_factor_enabled boolean not null default false,
  -- Locked by an administrator; locks after wrong passwords stand in account_sign_in_failures.
  add column locked_at timestamptz,
  add column last_signed_in_at timestamptz;
comment on column accounts.locked_at is 'Locked by an administrator: may not sign in until unlocked';

alter table account_sessions
  add column signed_in_by text not null default 'password',
  add constraint account_sessions_signed_in_by_known
    check (signed_in_by in ('password', 'single-sign-on'));

alter table districts
  add column requires_two_factor boolean not null default false;
comment on column districts.requires_two_factor is
  'Administrators who sign in by password have to use a second factor';

-- The app of codes of a person (better-auth's twoFactor plugin); secret and codes are encrypted by it.
create table account_two_factors (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null unique references accounts (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default false,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- Wrong passwords, counted by the e-mail that was typed, whether it has an account or not: so a lock tells
-- nobody which accounts there are. Only a digest of the e-mail is kept.
create table account_sign_in_failures (
  email_digest bytea primary key,
  failures integer not null,
  counted_from timestamptz not null default now(),
  locked_until timestamptz
);

create table account_invitations (
  district_id bigint not null references districts (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  email text not null,
  role text not null,
  schools bigint[],
  -- SHA-256 of the token in the link: who reads the table can't accept.
  token_digest bytea not null unique,
  invited_by uuid references accounts (id) on delete set null,
  invited_by_name text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  mail_state text not null,
  primary key (district_id, id),
  constraint account_invitations_once unique (district_id, email),
  constraint account_invitations_email_form check (email = lower(email) and length(email) <= 254),
  constraint account_invitations_role_known check (role in ('administrator', 'staff', 'read-only')),
  constraint account_invitations_schools_by_role check (schools is null or role <> 'administrator'),
  constraint account_invitations_mail_state_known check (mail_state in ('sent', 'failed', 'no-mail'))
);
call protect_by_district('account_invitations', 'district');

-- Single sign-on of a district by OpenID Connect.
create table district_sign_on (
  district_id bigint primary key references districts (id) on delete cascade,
  issuer text not null,
  client_id text not null,
  client_secret_sealed text not null,
  is_enabled boolean not null default false,
  -- The provider says nothing about addresses being verified; those of the district's domain are taken as they are.
  trusts_addresses boolean not null default false,
  -- Makes an account for people it doesn't know, with this role and these schools; null: accounts have to exist.
  new_account_role text,
  new_account_schools bigint[],
  updated_at timestamptz not null default now(),
  constraint district_sign_on_role_known check (new_account_role in ('staff', 'read-only'))
);
call protect_by_district('district_sign_on', 'district');

-- Mails that went out or failed: to whom and what about, never their text, which may hold a link that opens something.
-- District 0: what belongs to no district.
create table sent_mails (
  district_id bigint not null,
  id bigint generated always as identity,
  sent_at timestamptz not null default now(),
  kind text not null,
  recipient text not null,
  subject text not null,
  state text not null,
  -- The server's answer or the reason of the failure; never the mail.
  answer text,
  message_id text,
  primary key (district_id, id),
  constraint sent_mails_state_known check (state in ('sent', 'failed'))
);
create index sent_mails_by_time on sent_mails (district_id, sent_at desc, id desc);
call protect_by_district('sent_mails', 'district');
