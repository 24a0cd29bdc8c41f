-- Stored words of setup requests and notices follow those of the API and the screens.

alter table setup_requests drop constraint setup_requests_closed_by_state,
  drop constraint setup_requests_state_known;
update setup_requests set state = 'declined' where state = 'refused';
alter table setup_requests
  add constraint setup_requests_closed_by_state
    check ((closed_at is not null) = (state in ('connected', 'declined'))),
  add constraint setup_requests_state_known check (state in ('requested', 'waiting', 'verified',
    'secret-generated', 'connected', 'declined'));

-- A notice that was sent must keep its key, or it would be sent again under the new name.
update connection_notices set kind = case kind when 'night-failed' then 'import-failed'
  when 'night-held' then 'import-held' else 'no-changes' end
where kind in ('night-failed', 'night-held', 'nothing-new');
update sent_mails set kind = case kind when 'connection-night-failed' then 'connection-import-failed'
  when 'connection-night-held' then 'connection-import-held' else 'connection-no-changes' end
where kind in ('connection-night-failed', 'connection-night-held', 'connection-nothing-new');
