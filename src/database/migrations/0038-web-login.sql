-- The web process signs in as a role of its own, `daybreak_web_login`, that owns nothing. For a district's data it
-- works as `daybreak_web` for the time of a transaction (migration 0004); by itself it has what is granted here and by
-- later migrations: sign-in, sending mail, asking for imports, connecting districts. Nothing of a student.

-- Its password is the installation's (docs/decisions/0032-a-role-for-the-web.md), so it may be there already.
do $$
begin
  if to_regrole('daybreak_web_login') is null then
    create role daybreak_web_login login noinherit;
  end if;
  if not pg_has_role('daybreak_web_login', 'daybreak_web', 'set') then
    grant daybreak_web to daybreak_web_login with inherit false, set true;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'The role daybreak_web_login is missing or may not work as daybreak_web, and this user may not change that. Let an administrator of the server run: create role daybreak_web_login login noinherit; grant daybreak_web to daybreak_web_login with inherit false, set true';
end $$;

-- Lets the web process reach rows of every district in a table under row-level security; grants say which columns.
create procedure open_to_web_login(protected regclass)
language plpgsql as $$
begin
  execute format('create policy by_web_login on %s to daybreak_web_login using (true) with check (true)', protected);
end $$;

grant select on schema_migrations to daybreak_web_login;

-- Sign-in: whoever asks has no district yet.
grant select, insert, update, delete on account_sessions, account_credentials, account_verifications,
  account_sign_in_failures, account_two_factors to daybreak_web_login;
call open_to_web_login('accounts');
call open_to_web_login('account_invitations');
call open_to_web_login('district_sign_on');
call open_to_web_login('single_sign_on_starts');
grant select, insert, update, delete on accounts, account_invitations, single_sign_on_starts to daybreak_web_login;
grant select, insert, update on district_sign_on to daybreak_web_login;

-- A request finds its district by the domain in its path.
call open_to_web_login('districts');
grant select on districts to daybreak_web_login;
grant update (requires_two_factor) on districts to daybreak_web_login;

-- Lines are added and never changed; the newest are seen, so that the same look is not written twice.
create policy added_by_web_login on audit_events for insert to daybreak_web_login with check (true);
create policy newest_for_web_login on audit_events for select to daybreak_web_login
  using (happened_at > now() - interval '20 minutes');
grant insert (district_id, account_id, account_name, account_email, account_role, action, student_id, detail,
  address, request_id) on audit_events to daybreak_web_login;
grant select (district_id, account_id, action, student_id, detail, happened_at) on audit_events
  to daybreak_web_login;
grant execute on function count_audit_event to daybreak_web_login;
call open_to_web_login('sent_mails');
grant insert (district_id, kind, recipient, subject, state, answer, message_id) on sent_mails to daybreak_web_login;
-- The link in a summary names the district and a token.
call open_to_web_login('mail_choices');
grant select (district_id, unsubscribe_token), update (weekly) on mail_choices to daybreak_web_login;

-- Technicians connect districts: sealed secrets, which people's transactions may not read.
call open_to_web_login('setup_requests');
call open_to_web_login('support_mails');
call open_to_web_login('skyward_connections');
grant select, insert, update on setup_requests, support_mails, skyward_connections to daybreak_web_login;
call open_to_web_login('webhooks');
grant select, update (secret_sealed, former_secret_sealed, former_secret_until) on webhooks to daybreak_web_login;

-- Figures for a monitor.
call open_to_web_login('import_runs');
grant select (district_id, id, state, is_dry_run, started_at, finished_at, report, requests, requests_failed,
  request_seconds) on import_runs to daybreak_web_login;
call open_to_web_login('webhook_deliveries');
grant select (district_id, webhook_id, event, tries, created_at, next_try_at, failed_at)
  on webhook_deliveries to daybreak_web_login;
grant select (state, sent_at) on sent_mails to daybreak_web_login;
