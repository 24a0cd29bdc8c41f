-- How much a district's completed imports changed, for limits that know what is normal for it: the share of its
-- students, or of those of the school with the largest share, by what was counted.
create table import_shares (
  district_id bigint not null,
  run_id bigint not null,
  measure text not null,
  share double precision not null constraint import_shares_above_zero check (share > 0),
  primary key (district_id, run_id, measure),
  foreign key (district_id, run_id) references import_runs (district_id, id) on delete cascade
);
call protect_by_district('import_shares', 'district');
