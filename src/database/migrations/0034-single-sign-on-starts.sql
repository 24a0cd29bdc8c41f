-- Single sign-ons that were started and are not finished: ten minutes at most, each good for one return.
-- Written for people who are not signed in, so rows are few: expired ones go with the next start, and one
-- network and one district have a maximum (src/accounts/single-sign-on-starts.ts).
create table single_sign_on_starts (
  -- SHA-256 of the state in the address and the secret in the browser's cookie: who reads the table can't return.
  key_digest bytea primary key,
  district_id bigint not null references districts (id) on delete cascade,
  network text not null,
  kept jsonb not null,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index single_sign_on_starts_by_district on single_sign_on_starts (district_id, started_at);
create index single_sign_on_starts_by_network on single_sign_on_starts (network, started_at);
create index single_sign_on_starts_by_expiry on single_sign_on_starts (expires_at);
call protect_by_district('single_sign_on_starts', 'district');
