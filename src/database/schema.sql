-- The schema after all migrations, for reading. Written by: node scripts/with-node.mjs scripts/schema-dump.ts

CREATE OR REPLACE FUNCTION public.current_district_id()
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('daybreak.district_id'::text, true), ''::text))::bigint

CREATE OR REPLACE FUNCTION public.current_schools()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('daybreak.schools'::text, true), ''::text))::bigint[]

CREATE OR REPLACE PROCEDURE public.protect_by_district(IN protected regclass, IN kind text)
 LANGUAGE plpgsql
AS $procedure$
declare
  visible text := 'district_id = (select current_district_id())';
begin
  if kind = 'student' then
    visible := visible || format(
      ' and ((select current_schools()) is null or exists (select from students s
          where s.district_id = %1$s.district_id and s.id = %1$s.student_id))', protected);
  elsif kind <> 'district' then
    raise exception 'protect_by_district knows no kind %', kind;
  end if;
  execute format('alter table %s enable row level security', protected);
  execute format('create policy by_district on %s to daybreak_web using (%s) with check (%s)',
    protected, visible, visible);
end $procedure$

CREATE OR REPLACE FUNCTION public.search_form(words text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  form text := left(words, 400);
begin
  if octet_length(form) <> length(form) then
    form := regexp_replace(normalize(form, nfkd), '[\u0300-\u036f]', '', 'g');
    -- Letters that are no base letter with a mark, and the curly apostrophes.
    form := translate(form, 'ŁłØøĐđı’‘ʼ', 'llooddi');
  end if;
  form := lower(form);
  if form ~ '[^a-z0-9 ]' then
    form := translate(form, '-.,_/()"''`', '        ');
  end if;
  return form;
end
$function$

table account_credentials
  id uuid not null default gen_random_uuid()
  account_id uuid not null
  provider_id text not null
  provider_account_id text not null
  password text
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp with time zone
  refresh_token_expires_at timestamp with time zone
  scope text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint account_credentials_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint account_credentials_once UNIQUE (provider_id, provider_account_id)
  constraint account_credentials_pkey PRIMARY KEY (id)
  index INDEX account_credentials_by_account ON public.account_credentials USING btree (account_id)

table account_rate_limits
  id uuid not null default gen_random_uuid()
  key text not null
  count integer not null
  last_request bigint not null
  constraint account_rate_limits_key_key UNIQUE (key)
  constraint account_rate_limits_pkey PRIMARY KEY (id)

table account_sessions
  id uuid not null default gen_random_uuid()
  account_id uuid not null
  token text not null
  expires_at timestamp with time zone not null
  ip_address text
  user_agent text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint account_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint account_sessions_pkey PRIMARY KEY (id)
  constraint account_sessions_token_key UNIQUE (token)
  index INDEX account_sessions_by_account ON public.account_sessions USING btree (account_id)

table account_verifications
  id uuid not null default gen_random_uuid()
  identifier text not null
  value text not null
  expires_at timestamp with time zone not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint account_verifications_pkey PRIMARY KEY (id)
  index INDEX account_verifications_by_identifier ON public.account_verifications USING btree (identifier)

table accounts (row-level security)
  id uuid not null default gen_random_uuid()
  district_id bigint
  name text not null
  email text not null
  email_verified boolean not null default false
  image text
  role text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  schools bigint[]
  constraint accounts_district_by_role CHECK (((district_id IS NULL) = (role = 'technician'::text)))
  constraint accounts_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint accounts_email_form CHECK (((email = lower(email)) AND (length(email) <= 254)))
  constraint accounts_email_key UNIQUE (email)
  constraint accounts_pkey PRIMARY KEY (id)
  constraint accounts_role_known CHECK ((role = ANY (ARRAY['technician'::text, 'administrator'::text, 'staff'::text, 'read-only'::text])))
  constraint accounts_schools_by_role CHECK (((schools IS NULL) OR (role = ANY (ARRAY['staff'::text, 'read-only'::text]))))
  index INDEX accounts_by_district ON public.accounts USING btree (district_id)
  policy by_district for * using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))

table audit_events (row-level security)
  district_id bigint not null
  id bigint not null generated as identity
  happened_at timestamp with time zone not null default now()
  account_id uuid
  account_name text
  account_email text
  account_role text
  action text not null
  student_id bigint
  detail jsonb not null default '{}'::jsonb
  address text
  request_id uuid
  constraint audit_events_pkey PRIMARY KEY (district_id, id)
  index INDEX audit_events_by_account ON public.audit_events USING btree (district_id, account_id, id DESC)
  index INDEX audit_events_by_student ON public.audit_events USING btree (district_id, student_id, id DESC) WHERE (student_id IS NOT NULL)
  index INDEX audit_events_by_time ON public.audit_events USING btree (district_id, happened_at DESC, id DESC)
  policy by_district for * using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))

table districts (row-level security)
  id bigint not null generated as identity
  domain text not null
  name text not null
  time_zone text not null
  include_upcoming_school_year boolean not null default false
  graduation_code text not null default '01'::text
  ignored_code text not null default 'CECS'::text
  hold_share double precision not null default 0.10
  hold_minimum integer not null default 25
  created_at timestamp with time zone not null default now()
  constraint districts_domain_form CHECK (((domain = lower(domain)) AND (domain ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'::text)))
  constraint districts_domain_key UNIQUE (domain)
  constraint districts_hold_minimum_range CHECK ((hold_minimum >= 0))
  constraint districts_hold_share_range CHECK (((hold_share > (0)::double precision) AND (hold_share <= (1)::double precision)))
  constraint districts_pkey PRIMARY KEY (id)
  policy by_district for * using ((id = ( SELECT current_district_id() AS current_district_id))) with check ()

table enrollments (row-level security)
  district_id bigint not null
  student_id bigint not null
  skyward_id bigint not null
  entity_id bigint not null
  entity_name text
  school_name text
  school_state_id text
  school_year integer not null
  start_date date not null
  end_date date
  withdrawal_date date
  withdrawal_code text
  withdrawal_reason text
  entry_code text
  entry_reason text
  is_default_entity boolean not null
  calendar_end_date date
  grade text
  homeroom text
  homeroom_teacher text
  advisor text
  constraint enrollments_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint enrollments_pkey PRIMARY KEY (district_id, student_id, skyward_id)
  policy by_district for * using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = enrollments.district_id) AND (s.id = enrollments.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = enrollments.district_id) AND (s.id = enrollments.student_id)))))))

table guardians (row-level security)
  district_id bigint not null
  student_id bigint not null
  skyward_id bigint not null
  "position" integer not null
  first_name text
  middle_name text
  last_name text
  suffix text
  relationship text
  is_custodial boolean
  lives_with boolean
  is_emergency_contact boolean
  allows_pickup boolean
  has_family_access boolean
  has_restricted_access boolean
  language text
  addresses jsonb not null default '[]'::jsonb
  phones jsonb not null default '[]'::jsonb
  emails jsonb not null default '[]'::jsonb
  constraint guardians_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint guardians_pkey PRIMARY KEY (district_id, student_id, skyward_id)
  policy by_district for * using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id)))))))

table import_problems (row-level security)
  district_id bigint not null
  run_id bigint not null
  id bigint not null generated as identity
  kind text not null
  object text
  page integer
  row_number integer
  record_key text
  field text
  skyward_student_id bigint
  message text not null
  constraint import_problems_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint import_problems_pkey PRIMARY KEY (district_id, run_id, id)
  policy by_district for * using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))

table import_runs (row-level security)
  district_id bigint not null
  id bigint not null generated as identity
  state text not null
  is_dry_run boolean not null default false
  today date not null
  school_year integer
  phase text not null
  started_at timestamp with time zone not null
  finished_at timestamp with time zone
  report jsonb
  failure jsonb
  constraint import_runs_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint import_runs_pkey PRIMARY KEY (district_id, id)
  constraint import_runs_state_known CHECK ((state = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'planned'::text, 'held'::text, 'failed'::text])))
  index INDEX import_runs_latest ON public.import_runs USING btree (district_id, started_at DESC)
  policy by_district for * using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))

table schema_migrations
  number integer not null
  file_name text not null
  checksum text not null
  applied_at timestamp with time zone not null default now()
  constraint schema_migrations_pkey PRIMARY KEY (number)

table skyward_connections (row-level security)
  district_id bigint not null
  base_url text not null
  client_key text not null
  client_secret_sealed text not null
  entity_id bigint
  page_size integer not null default 2000
  concurrency integer not null default 4
  allow_private_address boolean not null default false
  updated_at timestamp with time zone not null default now()
  constraint skyward_connections_concurrency_range CHECK (((concurrency >= 1) AND (concurrency <= 32)))
  constraint skyward_connections_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint skyward_connections_page_size_range CHECK (((page_size >= 1) AND (page_size <= 100000)))
  constraint skyward_connections_pkey PRIMARY KEY (district_id)
  policy by_district for * using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))

table student_changes (row-level security)
  district_id bigint not null
  student_id bigint not null
  run_id bigint not null
  id bigint not null generated as identity
  record text not null
  record_id bigint
  field text
  old_value jsonb
  new_value jsonb
  constraint student_changes_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint student_changes_pkey PRIMARY KEY (district_id, student_id, run_id, id)
  constraint student_changes_record_known CHECK ((record = ANY (ARRAY['student'::text, 'guardian'::text, 'enrollment'::text])))
  index INDEX student_changes_by_run ON public.student_changes USING btree (district_id, run_id)
  policy by_district for * using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_changes.district_id) AND (s.id = student_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_changes.district_id) AND (s.id = student_changes.student_id)))))))

table students (row-level security)
  district_id bigint not null
  id bigint not null generated as identity
  skyward_id bigint
  student_number text
  state_id text
  legal_first_name text
  legal_middle_name text
  legal_last_name text
  legal_suffix text
  first_name text
  middle_name text
  last_name text
  suffix text
  other_names jsonb not null default '[]'::jsonb
  birth_date date
  gender text
  race text
  ethnicity text
  native_language text
  home_language text
  graduation_year integer
  addresses jsonb not null default '[]'::jsonb
  phones jsonb not null default '[]'::jsonb
  emails jsonb not null default '[]'::jsonb
  grade text
  entity_id bigint
  entity_name text
  school_name text
  school_state_id text
  homeroom text
  homeroom_teacher text
  advisor text
  status text not null
  status_rule text
  status_decided_by bigint
  status_left_out jsonb not null default '[]'::jsonb
  status_changes_on date
  status_decided_on date
  status_decided_under text
  status_same_through date
  source_fingerprint bigint
  first_run_id bigint
  changed_run_id bigint
  missing_since_run_id bigint
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  search_text text not null generated as (search_form(((((((((((((COALESCE(last_name, legal_last_name, ''::text) || '  '::text) || COALESCE(first_name, legal_first_name, ''::text)) || '  '::text) || COALESCE(middle_name, legal_middle_name, ''::text)) || '  '::text) || COALESCE(student_number, ''::text)) || '  '::text) || COALESCE(state_id, ''::text)) || '  '::text) || COALESCE(NULLIF(legal_last_name, last_name), ''::text)) || '  '::text) || COALESCE(NULLIF(legal_first_name, first_name), ''::text))))
  constraint students_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint students_number_once UNIQUE (district_id, student_number) DEFERRABLE INITIALLY DEFERRED
  constraint students_pkey PRIMARY KEY (district_id, id)
  constraint students_skyward_id_once UNIQUE (district_id, skyward_id) DEFERRABLE INITIALLY DEFERRED
  constraint students_status_known CHECK ((status = ANY (ARRAY['PRE_ENROLLED'::text, 'ENROLLED'::text, 'TRANSFERRED'::text, 'WITHDREW'::text, 'DROPPED_OUT'::text, 'GRADUATED'::text, 'INACTIVE'::text, 'HISTORICAL_IDLE'::text])))
  index INDEX students_by_search ON public.students USING btree (district_id, search_text, id) INCLUDE (status)
  policy by_district for * using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (entity_id = ANY (( SELECT current_schools() AS current_schools)::bigint[]))))) with check ()
