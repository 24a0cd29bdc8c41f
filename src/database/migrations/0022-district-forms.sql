-- Forms that a district words itself, which forms it offers, and its letterhead.

alter table form_templates add stored_by_name text;

/*
 * The forms of a district: its own with the version that is current, and shipped ones (without a version) that
 * it does not offer. Every version of its own forms stands in form_templates and stays there.
 */
create table district_forms (
  district_id bigint not null references districts (id),
  form_key text not null,
  version integer,
  is_offered boolean not null default true,
  changed_at timestamptz not null default now(),
  changed_by uuid not null,
  changed_by_name text not null,
  primary key (district_id, form_key),
  foreign key (district_id, form_key, version) references form_templates
);
call protect_by_district('district_forms', 'district');
grant select, insert on district_forms to daybreak_web;
grant update (version, is_offered, changed_at, changed_by, changed_by_name) on district_forms to daybreak_web;

create table letterheads (
  district_id bigint primary key references districts (id),
  lines text[] not null,
  -- A PNG or JPEG.
  logo bytea,
  changed_at timestamptz not null default now(),
  changed_by uuid not null,
  changed_by_name text not null,
  constraint letterheads_logo_size check (octet_length(logo) <= 307200)
);
call protect_by_district('letterheads', 'district');
grant select, insert on letterheads to daybreak_web;
grant update (lines, logo, changed_at, changed_by, changed_by_name) on letterheads to daybreak_web;
