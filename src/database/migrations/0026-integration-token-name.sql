-- Which of the vendor's integration tokens goes with a district's token requests; null: the default one.
-- The token itself is a setting of the installation and never stored here.
alter table skyward_connections
  add column integration_token_name text
    constraint skyward_connections_integration_token_name_form
    check (integration_token_name ~ '^[a-z][a-z0-9_]{0,39}$');
