-- Documents of special programs: the forms as they were when a document was made of them, the documents, and
-- every version of each. The nightly import has no statement that names these tables.

create table form_templates (
  district_id bigint not null references districts (id),
  form_key text not null,
  version integer not null,
  definition jsonb not null,
  stored_at timestamptz not null default now(),
  primary key (district_id, form_key, version)
);
call protect_by_district('form_templates', 'district');
grant select, insert on form_templates to daybreak_web;

create table documents (
  district_id bigint not null,
  id bigint generated always as identity,
  student_id bigint not null,
  form_key text not null,
  form_version integer not null,
  title text not null,
  state text not null default 'incomplete',
  -- By the key of the field: value, source, note, and what Details had when they were last looked at.
  fields jsonb not null,
  -- Counts the changes, so that a save that has not seen the last one is noticed.
  version integer not null default 1,
  -- When Details were last copied or compared by a person.
  details_at timestamptz not null default now(),
  -- A student has at most one incomplete document of the form, unless the form allows several.
  is_only_one boolean not null,
  created_at timestamptz not null default now(),
  created_by uuid not null,
  created_by_name text not null,
  completed_at timestamptz,
  deleted_at timestamptz,
  -- The last change: what it was and who made it.
  event text not null default 'created',
  changed_at timestamptz not null default now(),
  changed_by uuid not null,
  changed_by_name text not null,
  primary key (district_id, id),
  -- Without cascade: a student with documents is not deleted.
  foreign key (district_id, student_id) references students (district_id, id),
  foreign key (district_id, form_key, form_version) references form_templates,
  constraint documents_state_known check (state in ('incomplete', 'complete')),
  constraint documents_completed_at check ((state = 'complete') = (completed_at is not null)),
  constraint documents_event_known check (event in ('created', 'edited', 'details-taken', 'completed', 'amended',
    'set-back', 'deleted', 'restored')),
  constraint documents_fields_size check (length(fields::text) <= 2000000)
);
create unique index documents_one_incomplete on documents (district_id, student_id, form_key)
  where state = 'incomplete' and deleted_at is null and is_only_one;
create index documents_by_student on documents (district_id, student_id, changed_at desc, id desc);
create index documents_by_change on documents (district_id, changed_at desc, id desc);
call protect_by_district('documents', 'student');
-- Who created it, when and of what form stays as it is; nothing is ever removed.
grant select, insert on documents to daybreak_web;
grant update (state, fields, version, details_at, completed_at, deleted_at, event, changed_at, changed_by,
  changed_by_name) on documents to daybreak_web;

create table document_versions (
  district_id bigint not null,
  document_id bigint not null,
  version integer not null,
  student_id bigint not null,
  event text not null,
  state text not null,
  fields jsonb not null,
  began_at timestamptz not null default now(),
  at timestamptz not null,
  changed_by uuid not null,
  changed_by_name text not null,
  primary key (district_id, document_id, version),
  foreign key (district_id, document_id) references documents (district_id, id)
);
create index document_versions_by_student on document_versions (district_id, student_id);
call protect_by_district('document_versions', 'student');
grant select on document_versions to daybreak_web;

/*
 * Keeps every version; the web may neither skip nor change one. What somebody types is saved every few seconds:
 * edits of one person within ten minutes of the first are one version, the last of them.
 */
create function keep_document_version() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  last document_versions;
begin
  if tg_op = 'UPDATE' and new.version = old.version then
    return null;
  end if;
  if new.event = 'edited' then
    select * into last from document_versions v
      where v.district_id = new.district_id and v.document_id = new.id order by v.version desc limit 1;
  end if;
  if last.event = 'edited' and last.changed_by = new.changed_by
    and last.began_at > now() - interval '10 minutes' then
    update document_versions v set version = new.version, fields = new.fields, at = new.changed_at
      where v.district_id = last.district_id and v.document_id = last.document_id and v.version = last.version;
  else
    insert into document_versions (district_id, document_id, version, student_id, event, state, fields, at,
      changed_by, changed_by_name)
    values (new.district_id, new.id, new.version, new.student_id, new.event, new.state, new.fields,
      new.changed_at, new.changed_by, new.changed_by_name);
  end if;
  return null;
end $$;
create trigger keep_document_version after insert or update on documents
  for each row execute function keep_document_version();

/* Two records merged into one may both have an incomplete document of a form: both stay. */
create function keep_both_documents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.is_only_one := new.is_only_one and not exists (select from documents d
    where d.district_id = new.district_id and d.student_id = new.student_id and d.form_key = new.form_key
      and d.id <> new.id and d.state = 'incomplete' and d.deleted_at is null);
  return new;
end $$;
create trigger keep_both_documents before update of student_id on documents
  for each row execute function keep_both_documents();
