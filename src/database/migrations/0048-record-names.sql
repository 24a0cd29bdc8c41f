-- Stored names follow those of the API: actions in the history of a record, and the introduction of a form's section.

create function pg_temp.renamed_action(action text) returns text language sql immutable as $$
  select case action
    when 'status-set' then 'manual-status-set'
    when 'status-released' then 'manual-status-cleared'
    when 'takeover-undone' then 'number-match-undone'
    else action end
$$;

alter table hand_changes drop constraint hand_changes_action_known;
update hand_changes set action = pg_temp.renamed_action(action) where action <> pg_temp.renamed_action(action);
alter table hand_changes add constraint hand_changes_action_known check (action in ('created', 'edited',
  'manual-status-set', 'manual-status-cleared', 'restored', 'merged', 'merge-undone', 'number-match-undone'));

-- Deleted and merged students, which can be restored with their history.
update removed_students set record = jsonb_set(record, '{parts,hand_changes}', (
  select jsonb_agg(case when change ? 'action'
    then jsonb_set(change, '{action}', to_jsonb(pg_temp.renamed_action(change ->> 'action'))) else change end order by place)
  from jsonb_array_elements(record #> '{parts,hand_changes}') with ordinality as changes (change, place)))
where jsonb_typeof(record #> '{parts,hand_changes}') = 'array' and record #> '{parts,hand_changes}' <> '[]';

update form_templates set definition = jsonb_set(definition, '{sections}', (
  select jsonb_agg(case when section ? 'words'
    then section - 'words' || jsonb_build_object('introduction', section -> 'words') else section end order by place)
  from jsonb_array_elements(definition -> 'sections') with ordinality as sections (section, place)))
where definition @? '$.sections[*].words';

drop function pg_temp.renamed_action;
