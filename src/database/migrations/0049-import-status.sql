-- Technicians see how current the data of every district is, so the web's own role reads the results of imports; still
-- nothing of a student.
grant select (today, origin, requested_by, failure, decision, progress_at) on import_runs to daybreak_web_login;
