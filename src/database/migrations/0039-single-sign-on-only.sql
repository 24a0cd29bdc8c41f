-- Users of the district sign in by single sign-on alone, while it is turned on.
alter table district_sign_on add column is_required boolean not null default false;
comment on column district_sign_on.is_required is
  'While single sign-on is on, users of the district can neither sign in by password nor set one';
