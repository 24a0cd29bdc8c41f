-- A district's own PDF forms: the cleaned file, the fields it has, and what of Details fills each.

create table pdf_forms (
  district_id bigint not null references districts (id),
  id bigint generated always as identity,
  title text not null,
  file_name text not null,
  file bytea not null,
  -- Of the file as it was uploaded, so that the same one is not there twice.
  sha256 bytea not null,
  pages integer not null,
  fields jsonb not null,
  -- What was taken out of the file, a sentence for each.
  removed_content text[] not null,
  mapping jsonb not null default '[]',
  -- Counts the changes, so that a save that has not seen the last one is noticed.
  version integer not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid not null,
  created_by_name text not null,
  changed_at timestamptz not null default now(),
  changed_by uuid not null,
  changed_by_name text not null,
  removed_at timestamptz,
  primary key (district_id, id),
  constraint pdf_forms_title_length check (length(title) between 1 and 200),
  constraint pdf_forms_file_size check (octet_length(file) <= 32 * 1024 * 1024),
  constraint pdf_forms_mapping_size check (length(mapping::text) <= 2000000)
);
-- PDFs are compressed already.
alter table pdf_forms alter file set storage external;
call protect_by_district('pdf_forms', 'district');
-- The file and its fields stay what they were; nothing is ever deleted by the web.
grant select, insert on pdf_forms to daybreak_web;
grant update (title, mapping, version, changed_at, changed_by, changed_by_name, removed_at) on pdf_forms
  to daybreak_web;
