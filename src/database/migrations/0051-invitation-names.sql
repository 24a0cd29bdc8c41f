-- The name of an invited user, as the inviting administrator typed it; null for invitations from before.
alter table account_invitations add column name text
  constraint account_invitations_name_length check (length(name) <= 100);
