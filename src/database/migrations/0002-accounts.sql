-- People who sign in. better-auth keeps sessions and passwords in these tables (their fields are
-- its own, named here in our way: src/accounts/accounts.ts); it never sees students.

-- One person's account belongs to one district.
create table accounts (
  id uuid primary key default gen_random_uuid(),
  district_id bigint not null references districts (id) on delete cascade,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  role text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint accounts_email_form check (email = lower(email) and length(email) <= 254),
  constraint accounts_role_known check (role in ('administrator', 'staff', 'technician'))
);
create index accounts_by_district on accounts (district_id);

create table account_sessions (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_sessions_by_account on account_sessions (account_id);

-- How a person proves who he is: a password (provider "credential"), later single sign-on.
create table account_credentials (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts (id) on delete cascade,
  provider_id text not null,
  provider_account_id text not null,
  -- scrypt with a salt of its own, never plain text.
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint account_credentials_once unique (provider_id, provider_account_id)
);
create index account_credentials_by_account on account_credentials (account_id);

create table account_verifications (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_verifications_by_identifier on account_verifications (identifier);

-- Attempts to sign in, counted by address; in the database so that all servers count together.
create table account_rate_limits (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  count integer not null,
  last_request bigint not null
);
