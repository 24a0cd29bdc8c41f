-- Whoever is bound to schools sees the problems of their students; those of others, and of rows that belong to
-- nobody known, name records and fields that are none of their business.
create policy of_visible_students on import_problems as restrictive to daybreak_web
  using ((select current_schools()) is null or exists (select from students s
    where s.district_id = import_problems.district_id and s.skyward_id = import_problems.skyward_student_id));
