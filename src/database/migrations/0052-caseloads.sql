-- A user's own students ("My students"), chosen by the user or an administrator. Visible like the students themselves.

create table caseload_students (
  district_id bigint not null references districts (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  student_id bigint not null,
  added_at timestamptz not null default now(),
  primary key (district_id, account_id, student_id),
  foreign key (district_id, student_id) references students (district_id, id) on delete cascade
);
create index caseload_students_by_student on caseload_students (district_id, student_id);
create index caseload_students_by_account on caseload_students (account_id);
call protect_by_district('caseload_students', 'student');
grant select, insert, delete on caseload_students to daybreak_web;
