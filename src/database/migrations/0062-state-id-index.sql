-- Finds who else has a state ID, and gives the list of students in its order.
create index students_by_state_id on students (district_id, state_id collate "C", id) include (status, entity_id, grade);
