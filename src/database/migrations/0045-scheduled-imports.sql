-- Planned starts of nightly imports are named like in the code.
alter table scheduled_nights rename to scheduled_imports;
alter table scheduled_imports rename column night to import_date;
alter table scheduled_imports rename constraint scheduled_nights_pkey to scheduled_imports_pkey;
alter table scheduled_imports rename constraint scheduled_nights_district_id_fkey to scheduled_imports_district_id_fkey;
