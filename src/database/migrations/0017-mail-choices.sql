-- Which mail about the connection a person of the district wants, where it is not as the role has it.
create table mail_choices (
  district_id bigint not null references districts (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  -- The access expires, a night failed or is held, nights without anything new.
  notices boolean not null,
  -- On Mondays, how the nights of the week went.
  weekly boolean not null,
  -- Stands in the link that ends the weekly summary without signing in.
  unsubscribe_token uuid not null default gen_random_uuid(),
  primary key (district_id, account_id)
);
call protect_by_district('mail_choices', 'district');
grant select, insert, update on mail_choices to daybreak_web;
grant select on sent_mails to daybreak_web;
