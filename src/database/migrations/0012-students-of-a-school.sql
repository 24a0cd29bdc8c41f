-- The list of one school, and of staff who are bound to theirs: a few hundred students out of a whole district.
create index students_by_entity on students (district_id, entity_id);
