-- Connecting a district: requests to complete its integration, and the mail that came to the support address.
-- The web's role sees the requests of its district, without the secret that waits to be completed.

create table setup_requests (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  state text not null default 'requested',
  channel text not null,
  -- E-mail address of whoever asked; the confirmation goes there.
  requested_by text not null,
  requested_at timestamptz not null,
  -- The district as Skyward's vendor side knows it, and the Key that the district told us.
  customer_id text,
  expected_key text,
  access_id bigint,
  -- What Verify found, with the record it looked at.
  verification jsonb,
  verified_at timestamptz,
  base_url text,
  entity_id bigint,
  client_key text,
  -- Generated or typed in, not yet the district's; gone once the request is completed.
  client_secret_sealed text,
  secret_at timestamptz,
  note text,
  connected_at timestamptz,
  -- When the confirmation went out (R28).
  answered_at timestamptz,
  closed_at timestamptz,
  version integer not null default 1,
  primary key (district_id, id),
  constraint setup_requests_state_known
    check (state in ('requested', 'waiting', 'verified', 'secret-generated', 'connected', 'refused')),
  constraint setup_requests_channel_known check (channel in ('mail', 'button')),
  constraint setup_requests_closed_by_state
    check ((closed_at is not null) = (state in ('connected', 'refused')))
);
-- A second request joins the first.
create unique index setup_requests_one_open on setup_requests (district_id) where closed_at is null;
create index setup_requests_by_age on setup_requests (requested_at);
call protect_by_district('setup_requests', 'district');
grant select (district_id, id, state, channel, requested_by, requested_at, verification, verified_at,
  base_url, client_key, secret_at, note, connected_at, answered_at, closed_at, version)
  on setup_requests to daybreak_web;

-- District 0: mail that is no district's.
create table support_mails (
  district_id bigint not null,
  id bigint generated always as identity,
  received_at timestamptz not null,
  envelope_from text not null,
  header_from text[] not null,
  subject text not null,
  message_id text not null,
  thread text[] not null default '{}',
  body text not null,
  bytes integer not null,
  sender jsonb not null,
  outcome text not null,
  reason text,
  request_id bigint,
  handled_at timestamptz,
  handled_by text,
  primary key (district_id, id),
  -- A server that lost our answer sends the same mail again.
  constraint support_mails_once unique (district_id, message_id),
  constraint support_mails_outcome_known check (outcome in ('request', 'joined', 'inbox', 'ignored'))
);
create index support_mails_by_time on support_mails (received_at desc);
call protect_by_district('support_mails', 'district');
