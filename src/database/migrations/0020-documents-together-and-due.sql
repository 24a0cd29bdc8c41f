-- Documents that were created together, and the day by which a document is wanted.

alter table documents
  add batch_id uuid,
  add due_on date;
grant update (due_on) on documents to daybreak_web;

-- An order that is sent again, since its answer was lost, creates nothing twice.
create unique index documents_by_batch on documents (district_id, batch_id, student_id)
  where batch_id is not null;
create index documents_by_owner on documents (district_id, created_by, changed_at desc, id desc);
create index documents_due on documents (district_id, due_on)
  where due_on is not null and state = 'incomplete' and deleted_at is null;
create index documents_incomplete on documents (district_id, student_id)
  where state = 'incomplete' and deleted_at is null;
