-- Names in stored documents follow those of the API: the date of the import that a value comes from, values
-- entered manually, and two events.

create function pg_temp.renamed(fields jsonb) returns jsonb language sql as $$
  select coalesce(jsonb_object_agg(key, case
    when jsonb_typeof(field -> 'source') = 'object' then jsonb_set(field, '{source}', jsonb_build_object(
      'kind', case field #>> '{source,kind}' when 'by-hand' then 'manual' else field #>> '{source,kind}' end,
      'importDate', field #> '{source,night}',
      'by', field #> '{source,by}'))
    else field end), '{}')
  from jsonb_each(fields) as each (key, field)
$$;

alter table documents drop constraint documents_event_known;
-- The version stays, so that no trigger stores another one.
update documents set fields = pg_temp.renamed(fields),
  event = case event when 'set-back' then 'reopened' when 'details-taken' then 'details-updated' else event end;
update document_versions set fields = pg_temp.renamed(fields),
  event = case event when 'set-back' then 'reopened' when 'details-taken' then 'details-updated' else event end;
alter table documents add constraint documents_event_known check (event in ('created', 'edited',
  'details-updated', 'completed', 'amended', 'reopened', 'deleted', 'restored'));

drop function pg_temp.renamed;
