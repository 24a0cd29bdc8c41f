-- What a search of documents compares besides the student's name, prepared once for each document.
alter table documents add column search_key text collate "C" not null
  generated always as (search_form(title || ' ' || created_by_name)) stored;
