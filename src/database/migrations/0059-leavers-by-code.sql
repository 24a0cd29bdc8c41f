-- Students who leave by their withdrawal codes are counted apart: the mass of those whose enrollments end with the year
-- does not keep their statuses.
alter table date_changes
  add column is_leaving boolean not null default false,
  drop constraint date_changes_pkey,
  add primary key (district_id, changed_on, entity_id, from_status, to_status, is_leaving);
