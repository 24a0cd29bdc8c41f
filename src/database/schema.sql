-- The schema after all migrations, for reading. Written by: node scripts/with-node.mjs scripts/schema-dump.ts

extension btree_gin
extension fuzzystrmatch
extension pg_trgm
CREATE OR REPLACE FUNCTION public.add_up_student_counts(district bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with gone as (delete from student_counts where district_id = district returning *)
  insert into student_counts (district_id, entity_id, school, status, grade, number)
  select district_id, entity_id, school, status, grade, sum(number)
  from gone group by 1, 2, 3, 4, 5 having sum(number) <> 0;
$function$

CREATE OR REPLACE FUNCTION public.count_audit_event(district bigint, person uuid, person_name text, person_email text, person_role text, what text, about jsonb, from_address text, request uuid, together text, how_often integer, shown bigint, used_filters text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into audit_events as known (district_id, account_id, account_name, account_email, account_role, action,
    detail, address, request_id, counted_by, counted_minute, times, records, filters)
  values (district, person, person_name, person_email, person_role, what, about, from_address, request, together,
    date_trunc('minute', now()), greatest(how_often, 1), shown, used_filters)
  on conflict (district_id, counted_minute, action, counted_by) where counted_by is not null
  do update set
    times = known.times + excluded.times,
    records = known.records + excluded.records,
    filters = array(select distinct unnest(known.filters || excluded.filters) order by 1);
$function$

CREATE OR REPLACE FUNCTION public.current_district_id()
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('daybreak.district_id'::text, true), ''::text))::bigint

CREATE OR REPLACE FUNCTION public.current_schools()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('daybreak.schools'::text, true), ''::text))::bigint[]

CREATE OR REPLACE FUNCTION public.find_students(typed text, most integer, statuses text[], entities bigint[], grades text[], changed_since_run bigint, among bigint[], school_entities bigint[], other_words text)
 RETURNS SETOF student_hit
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  few constant integer := 10;
  max_similar constant integer := 50;
  max_candidates constant integer := 500;
  max_looked_at constant integer := 25;
  district bigint := current_district_id();
  schools bigint[] := current_schools();
  form text := search_form(typed);
  words text[];
  -- Too short to be looked up by itself: nearly everybody has a word that begins so.
  short_words text[] := '{}';
  long_words text[] := '{}';
  -- What each short word asks for.
  short_parts tsquery[] := '{}';
  letters tsquery;
  -- Short words that may belong to an address: house numbers and kinds of streets.
  house tsquery;
  is_address boolean := false;
  -- The place of the longest word among the long ones: mostly, few have it.
  longest integer;
  -- Whether all who have the longest word were looked at.
  is_looked_at boolean := false;
  -- Digits that may begin with an area code.
  partial_phone text;
  one text;
  other text;
  part tsquery;
  -- What each long word asks for.
  parts tsquery[] := '{}';
  whole tsquery;
  beginning tsquery;
  asked tsquery;
  alike text[] := '{}';
  owners bigint[];
  candidates bigint[];
  -- Hits are added up to this number.
  room integer := most;
  hits student_hit[] := '{}';
  more student_hit[];
  seen bigint[] := '{}';
begin
  if form ~ '^[0-9 +]+$' and length(phone_digits(form)) >= 4 then
    words := array[phone_digits(form)];
  else
    words := (array_remove(string_to_array(translate(form, E'+\t\n', '   '), ' '), ''))[1:8];
  end if;
  if district is null or cardinality(words) = 0 then return; end if;
  foreach one in array words loop
    part := word_query(district, one, true);
    other := case when cardinality(words) > 1 then other_spelling(one) end;
    if other is not null then part := part || word_query(district, other, false); end if;
    if length(one) <= (case when one ~ '^[0-9]+$' then 3 else 2 end) then
      short_words := short_words || one;
      short_parts := short_parts || part;
      is_address := is_address or one ~ '^[0-9]' or other is not null;
      -- Narrows the walk through the index; the beginnings of names are compared below.
      if one ~ '^[^0-9]{2}$' and other is null then letters := coalesce(letters && part, part); end if;
      if one ~ '^[0-9]{2,}$' then house := coalesce(house && part, part); end if;
    else
      long_words := long_words || one;
      parts := parts || part;
      if longest is null or length(one) > length(long_words[longest]) then longest := cardinality(long_words); end if;
      beginning := coalesce(beginning && part, part);
      whole := coalesce(whole && word_query(district, one, false), word_query(district, one, false));
      if one ~ '^[0-9]{7,9}$' then partial_phone := one; end if;
    end if;
  end loop;

  -- By the beginning of the last name or of the number, in their order: one walk along an index.
  if words[1] ~ '^[0-9]+$' and cardinality(words) = 1 then
    select array_agg(row(s.id, case s.student_number when words[1] then 0 else 3 end, s.name_key, s.student_number,
      s.status, s.entity_id, s.grade, '{}')::student_hit)
    into more from (
      select s.* from students s
      where s.district_id = district and s.student_number collate "C" >= words[1]
          and s.student_number collate "C" < words[1] || ':'
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
      order by s.student_number collate "C", s.id limit most) s;
    hits := coalesce(more, '{}');
  elsif cardinality(words) = 1 or whole is null then
    -- Reads nothing but the index, unless the runs of students matter.
    select array_agg(row(s.id, case when split_part(s.name_key, '  ', 1) = words[1] then 1 else 2 end, s.name_key, null,
      s.status, s.entity_id, s.grade, '{}')::student_hit)
    into more from (
      select s.id, s.name_key, s.status, s.entity_id, s.grade from students s
      where s.district_id = district and s.name_key >= words[1] and s.name_key < words[1] || U&'\+10FFFF'
          and (short_words = '{}' or not exists (select from unnest(short_words) w where strpos(' ' || s.name_key, ' ' || w) = 0))
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or exists (select from students c
            where c.district_id = district and c.id = s.id and c.changed_run_id >= changed_since_run))
      order by s.name_key, s.id limit most) s;
    hits := coalesce(more, '{}');
  end if;
  if whole is null then
    return query select * from unnest(hits);
    return;
  end if;

  for round in 0 .. 10 loop
    exit when cardinality(hits) >= room;
    continue when round in (1, 2, 3, 4, 5, 8, 9, 10) and is_looked_at;
    continue when round in (4, 10) and (cardinality(long_words) < 2 or cardinality(hits) >= few);
    continue when round = 5 and (not is_address or cardinality(hits) >= few);
    continue when round = 6 and (school_entities is null or cardinality(hits) >= few);
    if round = 7 then
      -- Similar words, only when few are found by what was typed; by several words, when nobody is.
      exit when cardinality(hits) >= case when cardinality(long_words) > 1 then 1 else few end;
      beginning := null;
      for place in 1 .. cardinality(long_words) loop
        if long_words[place] ~ '^[^0-9@]{4,40}$' then
          foreach one in array array(select similar_words(district, long_words[place])) loop
            alike := alike || one;
            parts[place] := parts[place] || word_query(district, one, false);
          end loop;
        end if;
        beginning := coalesce(beginning && parts[place], parts[place]);
      end loop;
      exit when alike = '{}';
      room := least(most, max_similar);
    end if;
    more := null;
    seen := array(select student_id from unnest(hits));
    if round in (0, 7) then
      -- All who have the longest word, if they are few: then the other words need no walk through an index.
      is_looked_at := false;
      continue when cardinality(words) < 2 or length(long_words[longest]) < 6 or partial_phone is not null;
      candidates := array(
        (select s.id from students s where student_keys(s) @@ parts[longest] and s.district_id = district
         limit max_looked_at + 1)
        union all
        (select g.student_id from guardians g where guardian_keys(g) @@ parts[longest] and g.district_id = district
         limit max_looked_at + 1));
      is_looked_at := cardinality(candidates) <= max_looked_at;
      continue when not is_looked_at;
      asked := beginning;
      foreach part in array short_parts loop asked := asked && part; end loop;
      select array_agg(row(s.id, found.rank, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from students s, lateral (select student_keys(s) as keys offset 0) own, lateral (
        select case
          when own.keys @@ asked then case
            when round = 7 then 7
            when words[1] in (s.student_number, s.state_id) then 0
            when split_part(s.name_key, '  ', 1) = any (words) then 1
            when exists (select from unnest(words) w where starts_with(s.name_key, w)) then 2
            else 3 end
          when exists (select from guardians g
            where g.district_id = district and g.student_id = s.id and guardian_keys(g) @@ asked)
            then case round when 7 then 8 else 4 end
          when not exists (select from unnest(parts || short_parts) p
            where not own.keys @@ p and not exists (select from guardians g
              where g.district_id = district and g.student_id = s.id and guardian_keys(g) @@ p))
            then case round when 7 then 9 else 5 end end as rank
        offset 0) found
      where s.district_id = district and s.id = any (candidates) and s.id <> all (seen) and found.rank is not null
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run);
    elsif round in (1, 2, 8) then
      asked := case round when 1 then whole else beginning end;
      asked := coalesce(asked && letters, asked);
      select array_agg(row(s.id, s.rank, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select s.id, s.name_key, s.student_number, s.status, s.entity_id, s.grade,
          case when round = 8 then 7
            when words[1] in (s.student_number, s.state_id) then 0
            when split_part(s.name_key, '  ', 1) = any (words) then 1
            when exists (select from unnest(words) w where starts_with(s.name_key, w)) then 2
            else 3 end as rank
        from students s
        where student_keys(s) @@ asked and s.district_id = district and s.id <> all (seen)
          and (short_words = '{}' or not exists (select from unnest(short_words) w
            where strpos(concat_ws(' ', '', s.name_key, s.student_number, lower(coalesce(s.suffix, s.legal_suffix))), ' ' || w) = 0
              and (w !~ '^[0-9]' or strpos(s.addresses::text, '"' || w || ' ') = 0)))
          and (partial_phone is null or phone_begins(s.phones, partial_phone)
            or starts_with(s.student_number, partial_phone) or starts_with(s.state_id, partial_phone))
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
        limit room - cardinality(hits)) s;
    elsif round in (3, 9) then
      select array_agg(row(s.id, case round when 9 then 8 else 4 end, s.name_key, s.student_number, s.status,
        s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select distinct s.id, s.name_key, s.student_number, s.status, s.entity_id, s.grade from (
          select s.* from guardians g join students s on s.district_id = g.district_id and s.id = g.student_id
          where guardian_keys(g) @@ coalesce(beginning && letters, beginning) and g.district_id = district and s.id <> all (seen)
            and (short_words = '{}' or not exists (select from unnest(short_words) w
              where strpos(concat_ws(' ', '', search_form(concat_ws(' ', g.last_name, g.first_name, g.middle_name, g.suffix))), ' ' || w) = 0))
            and (partial_phone is null or phone_begins(g.phones, partial_phone))
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
          limit room - cardinality(hits)) s) s;
    elsif round in (4, 10) then
      -- Words of both: of whom each of the rarer words is. Those whom all of them leave are looked at one by one.
      candidates := null;
      foreach part in array parts loop
        owners := array(
          (select s.id from students s where student_keys(s) @@ part and s.district_id = district
           limit max_candidates + 1)
          union all
          (select g.student_id from guardians g where guardian_keys(g) @@ part and g.district_id = district
           limit max_candidates + 1));
        continue when cardinality(owners) > max_candidates;
        candidates := case when candidates is null then owners
          else array(select unnest(candidates) intersect select unnest(owners)) end;
        exit when cardinality(candidates) <= max_looked_at;
      end loop;
      candidates := array(select unnest(candidates) except select unnest(seen));
      continue when cardinality(candidates) not between 1 and max_looked_at;
      select array_agg(row(s.id, case round when 10 then 9 else 5 end, s.name_key, s.student_number, s.status,
        s.entity_id, s.grade, alike)::student_hit)
      into more from students s
      where s.district_id = district and s.id = any (candidates)
        and not exists (select from unnest(parts) p
          where not student_keys(s) @@ p and not exists (select from guardians g
            where g.district_id = district and g.student_id = s.id and guardian_keys(g) @@ p))
        and not exists (select from unnest(short_words) w
          where strpos(' ' || student_text(s), ' ' || w) = 0 and not exists (select from guardians g
            where g.district_id = district and g.student_id = s.id and strpos(' ' || guardian_text(g), ' ' || w) > 0))
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run);
    elsif round = 5 then
      -- The short words in any part of the record, as in `138 Maple St`.
      asked := coalesce(beginning && house, beginning);
      select array_agg(row(s.id, 3, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select s.* from students s
        where student_keys(s) @@ asked and s.district_id = district and s.id <> all (seen)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
        limit max_candidates) s
      where not exists (select from unnest(short_parts) p where not student_keys(s) @@ p);
      hits := hits || coalesce(more[1:room - cardinality(hits)], '{}');
      seen := array(select student_id from unnest(hits));
      select array_agg(row(s.id, 4, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select distinct s.id, s.name_key, s.student_number, s.status, s.entity_id, s.grade from (
          select g.* from guardians g where guardian_keys(g) @@ asked and g.district_id = district
          limit max_candidates) g
        join students s on s.district_id = district and s.id = g.student_id
        where not exists (select from unnest(short_parts) p where not guardian_keys(g) @@ p) and s.id <> all (seen)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)) s;
      more := more[1:room - cardinality(hits)];
    elsif coalesce(other_words, '') = '' then
      select array_agg(row(s.id, 6, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select s.* from students s
        where s.district_id = district and s.entity_id = any (school_entities) and s.id <> all (seen)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (among is null or s.id = any (among))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
        order by s.name_key, s.id limit room - cardinality(hits)) s;
    else
      select array_agg(row(h.student_id, 6, h.name_key, h.student_number, h.status, h.entity_id, h.grade, h.similar_words)::student_hit)
      into more from find_students(other_words, most, statuses,
        case when entities is null then school_entities
          else array(select unnest(entities) intersect select unnest(school_entities)) end,
        grades, changed_since_run, among, null, null) h
      where h.student_id <> all (seen);
      more := more[1:room - cardinality(hits)];
    end if;
    hits := hits || coalesce(more, '{}');
  end loop;
  return query select * from unnest(hits);
end $function$

CREATE OR REPLACE FUNCTION public.first_name_forms(names text[])
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(form) from unnest(names) name,
    lateral (select replace(search_form(name), ' ', '') as form) forms
  where form <> ''
$function$

CREATE OR REPLACE FUNCTION public.first_names(s students)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array[s.first_name, s.legal_first_name]
    || array(select other ->> 'first' from jsonb_array_elements(s.other_names) other)
$function$

CREATE OR REPLACE FUNCTION public.forget_old_removals()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update removed_students set record = null
  where district_id = current_district_id() and record is not null and removed_at < now() - interval '30 days'
$function$

CREATE OR REPLACE FUNCTION public.grade_rank(grade text)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (grade ~ '^[0-9]{1,3}$'::text) THEN ((grade)::smallint)::integer WHEN (upper(grade) = ANY (ARRAY['IT'::text, 'EE'::text, 'EC'::text])) THEN '-3'::integer WHEN (upper(grade) = ANY (ARRAY['PK'::text, 'PREK'::text, 'PK3'::text, 'PK4'::text])) THEN '-2'::integer WHEN (upper(grade) = ANY (ARRAY['K'::text, 'KG'::text, 'KK'::text, 'KF'::text, 'KP'::text])) THEN '-1'::integer WHEN (grade IS NULL) THEN 1001 ELSE 1000 END

CREATE OR REPLACE FUNCTION public.guardian_keys(guardian guardians)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN search_keys((guardian).district_id, guardian_text(guardian), (guardian).phones)

CREATE OR REPLACE FUNCTION public.guardian_text(guardian guardians)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN search_text(''::text, ((((((COALESCE((guardian).last_name, ''::text) || ' '::text) || COALESCE((guardian).first_name, ''::text)) || ' '::text) || COALESCE((guardian).middle_name, ''::text)) || ' '::text) || COALESCE((guardian).suffix, ''::text)), (guardian).emails, (guardian).addresses)

CREATE OR REPLACE FUNCTION public.identity_sign(state_a text, state_b text, born_a date, born_b date, firsts_a text[], firsts_b text[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case
    when lower(state_a) = lower(state_b) then 'state-id'
    when lower(state_a) <> lower(state_b) then 'other-state-id'
    when born_a = born_b and first_name_forms(firsts_a) && first_name_forms(firsts_b)
      then 'birth-date-and-first-name'
  end
$function$

CREATE OR REPLACE FUNCTION public.keep_both_documents()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  new.is_only_one := new.is_only_one and not exists (select from documents d
    where d.district_id = new.district_id and d.student_id = new.student_id and d.form_key = new.form_key
      and d.id <> new.id and d.state = 'incomplete' and d.deleted_at is null);
  return new;
end $function$

CREATE OR REPLACE FUNCTION public.keep_document_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  last document_versions;
begin
  if tg_op = 'UPDATE' and new.version = old.version then
    return null;
  end if;
  if new.event = 'edited' then
    select * into last from document_versions v
      where v.district_id = new.district_id and v.document_id = new.id order by v.version desc limit 1;
  end if;
  if last.event = 'edited' and last.changed_by = new.changed_by
    and last.began_at > now() - interval '10 minutes' then
    update document_versions v set version = new.version, fields = new.fields, at = new.changed_at
      where v.district_id = last.district_id and v.document_id = last.document_id and v.version = last.version;
  else
    insert into document_versions (district_id, document_id, version, student_id, event, state, fields, at,
      changed_by, changed_by_name)
    values (new.district_id, new.id, new.version, new.student_id, new.event, new.state, new.fields,
      new.changed_at, new.changed_by, new.changed_by_name);
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.keep_staff_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  before text := case tg_op when 'UPDATE' then old.value end;
  last student_staff_changes;
begin
  if new.value is not distinct from before then
    return null;
  end if;
  select * into last from student_staff_changes c
    where c.district_id = new.district_id and c.student_id = new.student_id and c.field = new.field
    order by c.id desc limit 1;
  if last.changed_by = new.changed_by and last.began_at > now() - interval '10 minutes' then
    if last.old_value is not distinct from new.value then
      delete from student_staff_changes c where c.district_id = last.district_id
        and c.student_id = last.student_id and c.id = last.id;
    else
      update student_staff_changes c set new_value = new.value, changed_at = new.changed_at
        where c.district_id = last.district_id and c.student_id = last.student_id and c.id = last.id;
    end if;
  else
    insert into student_staff_changes (district_id, student_id, field, old_value, new_value, began_at,
      changed_at, changed_by, changed_by_name)
    values (new.district_id, new.student_id, new.field, before, new.value, new.changed_at,
      new.changed_at, new.changed_by, new.changed_by_name);
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.likely_duplicates(number text, first text, last text, born date, except_id bigint)
 RETURNS TABLE(student_id bigint, has_number boolean, holds_number boolean, has_name boolean, is_visible boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select s.id, coalesce(s.student_number = number, false),
    coalesce(s.student_number = number, false) and s.missing_since_run_id is null,
    coalesce(s.birth_date = born and starts_with(s.name_key, search_form(last || '  ' || first || '  ')), false),
    current_schools() is null or coalesce(s.entity_id = any (current_schools()), false)
  from students s
  where s.district_id = current_district_id() and s.id is distinct from except_id
    and s.id in (
      select n.id from students n
      where n.district_id = current_district_id() and n.student_number collate "C" = number
      union all
      select n.id from students n where n.district_id = current_district_id() and n.birth_date = born
        and starts_with(n.name_key, search_form(last || '  ' || first || '  ')))
  order by s.id limit 20
$function$

CREATE OR REPLACE FUNCTION public.merge_students(kept bigint, removed bigint, taken text[], account uuid, person text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  district bigint := current_district_id();
  k students;
  r students;
  part record;
  entry bigint;
  one_key jsonb;
  moved jsonb := '{}';
  kept_parts jsonb := '{}';
  removed_parts jsonb := '{}';
  changes jsonb := '{}';
  before jsonb;
  after jsonb;
  names text;
begin
  if current_schools() is not null then return null; end if;
  perform from students where district_id = district and id in (kept, removed) order by id for update;
  select * into k from students where district_id = district and id = kept;
  select * into r from students where district_id = district and id = removed;
  if k.id is null or r.id is null or k.id = r.id then return null; end if;
  if r.skyward_id is not null and (r.missing_since_run_id is null or k.skyward_id is null) then
    raise exception 'merge_students would remove a record that Skyward keeps';
  end if;
  for part in select * from student_parts() loop
    if part.is_single or part.part::text in ('guardians', 'student_staff_values') then
      kept_parts := kept_parts
        || jsonb_build_object(part.part::text, rows_of_student(part.part, district, kept));
    end if;
    removed_parts := removed_parts
      || jsonb_build_object(part.part::text, rows_of_student(part.part, district, removed));
  end loop;
  set constraints all deferred;

  -- The record's own columns, of students kept by hand only.
  select string_agg(quote_ident(split_part(t, '.', 2)), ', ') into names
  from unnest(taken) t where t like 'students.%' and split_part(t, '.', 2) in (
    'student_number', 'state_id', 'legal_first_name', 'legal_middle_name', 'legal_last_name', 'legal_suffix',
    'first_name', 'middle_name', 'last_name', 'suffix', 'birth_date', 'gender', 'home_language', 'addresses',
    'phones', 'emails', 'grade', 'entity_id', 'entity_name', 'school_name', 'school_state_id', 'status')
    and (k.skyward_id is null or k.missing_since_run_id is not null and t = 'students.status');
  if names is not null then
    execute format('update students s set (%1$s) = row(%2$s) from students o
      where s.district_id = $1 and s.id = $2 and o.district_id = $1 and o.id = $3',
      names, regexp_replace(names, '([^, ]+)', 'o.\1', 'g')) using district, kept, removed;
  end if;
  if 'students.status' = any (taken) then
    update students set status_rule = null, status_decided_by = null, status_left_out = '[]',
      status_changes_on = null, status_decided_on = null, status_decided_under = null,
      status_same_through = null
    where district_id = district and id = kept;
    delete from hand_set_statuses where district_id = district and student_id = kept;
  end if;
  update students set updated_at = clock_timestamp() where district_id = district and id = kept;
  select jsonb_object_agg(field, jsonb_build_array(to_jsonb(k) -> field, to_jsonb(s) -> field))
  into before from students s, jsonb_object_keys(to_jsonb(s)) field
  where s.district_id = district and s.id = kept and field <> 'updated_at'
    and not exists (select from pg_attribute a
      where a.attrelid = 'students'::regclass and a.attname = field and a.attgenerated <> '')
    and to_jsonb(k) -> field is distinct from to_jsonb(s) -> field;
  changes := jsonb_build_object('students', coalesce(before, '{}'));

  if 'guardians' = any (taken) and k.skyward_id is null then
    delete from guardians where district_id = district and student_id = kept;
    perform put_row_back('guardians', one || jsonb_build_object('student_id', kept))
    from jsonb_array_elements(removed_parts -> 'guardians') one;
  end if;

  for part in select * from student_parts() loop
    -- Skyward's own rows stay with the record that they were delivered for.
    continue when part.part::text in ('guardians', 'enrollments');
    if part.is_single and kept_parts -> part.part::text <> '[]'
      and part.part::text <> 'hand_set_statuses' then
      select string_agg(quote_ident(split_part(t, '.', 2)), ', ') into names
      from unnest(taken) t where split_part(t, '.', 1) = part.part::text
        and split_part(t, '.', 2) not in ('district_id', 'student_id');
      if names is not null then
        execute format('update %1$s t set (%2$s) = row(%3$s) from %1$s o
          where t.district_id = $1 and t.student_id = $2 and o.district_id = $1 and o.student_id = $3',
          part.part, names, regexp_replace(names, '([^, ]+)', 'o.\1', 'g')) using district, kept, removed;
        before := kept_parts -> part.part::text -> 0;
        after := rows_of_student(part.part, district, kept) -> 0;
        changes := changes || jsonb_build_object(part.part::text, (
          select jsonb_object_agg(field, jsonb_build_array(before -> field, after -> field))
          from jsonb_object_keys(after) field where before -> field is distinct from after -> field));
      end if;
    else
      -- The status that somebody set comes along only when it was chosen.
      continue when part.part::text = 'hand_set_statuses' and not 'students.status' = any (taken);
      for one_key in execute format(
        'select %s from %s t where district_id = $1 and student_id = $2', part.key, part.part)
        using district, removed
      loop
        if part.part::text || ':' || (select string_agg(value, ',') from jsonb_each_text(one_key))
          = any (taken) then
          execute format('delete from %s t
            where district_id = $1 and student_id = $2 and to_jsonb(t) @> $3', part.part)
            using district, kept, one_key;
        end if;
        begin
          execute format('update %s t set student_id = $3
            where district_id = $1 and student_id = $2 and to_jsonb(t) @> $4', part.part)
            using district, removed, kept, one_key;
          moved := jsonb_set(moved, array[part.part::text],
            coalesce(moved -> part.part::text, '[]') || jsonb_build_array(one_key));
        exception when unique_violation then
          -- The kept record has its own; this one stays in the removed record.
          null;
        end;
      end loop;
    end if;
  end loop;

  perform forget_old_removals();
  insert into removed_students
    (district_id, removed_id, merged_into, entity_id, removed_by, removed_by_name, record)
  values (district, removed, kept, r.entity_id, account, person, jsonb_build_object(
    'student', to_jsonb(r), 'parts', removed_parts, 'moved', moved,
    'changes', changes, 'keptParts', kept_parts, 'taken', to_jsonb(taken)))
  returning id into entry;
  delete from students where district_id = district and id = removed;
  return entry;
end $function$

CREATE OR REPLACE FUNCTION public.note_guardians()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into search_words (district_id, word)
  select distinct district_id, word from (
    select district_id, coalesce(last_name, first_name, middle_name) as name
    from after group by district_id, grouping sets (last_name, first_name, middle_name)) names,
    string_to_table(search_form(name), ' ') word
  where length(word) between 3 and 40 on conflict do nothing;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.note_students()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  added bigint;
begin
  if tg_op = 'INSERT' then
    insert into student_counts (district_id, entity_id, school, status, grade, number)
    select district_id, entity_id, coalesce(school_name, entity_name), status, grade, count(*)
    from after group by 1, 2, 3, 4, 5;
  elsif tg_op = 'DELETE' then
    insert into student_counts (district_id, entity_id, school, status, grade, number)
    select b.district_id, b.entity_id, coalesce(b.school_name, b.entity_name), b.status, b.grade, -count(*)
    from before b join districts d on d.id = b.district_id group by 1, 2, 3, 4, 5;
  else
    insert into student_counts (district_id, entity_id, school, status, grade, number)
    select district_id, entity_id, school, status, grade, sum(number) from (
      select district_id, entity_id, coalesce(school_name, entity_name) as school, status, grade, count(*) as number
      from after group by 1, 2, 3, 4, 5
      union all
      select district_id, entity_id, coalesce(school_name, entity_name), status, grade, -count(*)
      from before group by 1, 2, 3, 4, 5) parts
    group by 1, 2, 3, 4, 5 having sum(number) <> 0;
  end if;
  get diagnostics added = row_count;
  if added >= 100 and tg_op = 'UPDATE' then
    perform add_up_student_counts(district_id) from (select distinct district_id from after) changed;
  end if;
  if tg_op <> 'DELETE' then
    insert into search_words (district_id, word)
    select distinct district_id, word from (
      select district_id, coalesce(last_name, first_name, middle_name, legal_last_name, legal_first_name) as name
      from after group by district_id,
        grouping sets (last_name, first_name, middle_name, legal_last_name, legal_first_name)) names,
      string_to_table(search_form(name), ' ') word
    where length(word) between 3 and 40 on conflict do nothing;
  end if;
  return null;
end $function$

CREATE OR REPLACE PROCEDURE public.open_to_web_login(IN protected regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('create policy by_web_login on %s to daybreak_web_login using (true) with check (true)', protected);
end $procedure$

CREATE OR REPLACE FUNCTION public.other_spelling(word text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT spelled.other FROM (VALUES ('street'::text,'st'::text), ('avenue'::text,'ave'::text), ('road'::text,'rd'::text), ('drive'::text,'dr'::text), ('lane'::text,'ln'::text), ('court'::text,'ct'::text), ('boulevard'::text,'blvd'::text), ('circle'::text,'cir'::text), ('place'::text,'pl'::text), ('terrace'::text,'ter'::text), ('trail'::text,'trl'::text), ('highway'::text,'hwy'::text), ('parkway'::text,'pkwy'::text), ('square'::text,'sq'::text), ('apartment'::text,'apt'::text), ('suite'::text,'ste'::text), ('north'::text,'n'::text), ('south'::text,'s'::text), ('east'::text,'e'::text), ('west'::text,'w'::text)) both_ways(long, short), LATERAL (VALUES (both_ways.long,both_ways.short), (both_ways.short,both_ways.long)) spelled(one, other) WHERE (spelled.one = other_spelling.word))

CREATE OR REPLACE FUNCTION public.phone_begins(phones jsonb, digits text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (EXISTS (SELECT FROM jsonb_array_elements(phone_begins.phones) phone(value) WHERE (starts_with(phone_digits((phone.value ->> 'number'::text)), phone_begins.digits) OR starts_with("right"(phone_digits((phone.value ->> 'number'::text)), 7), phone_begins.digits))))

CREATE OR REPLACE FUNCTION public.phone_digits(number text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  digits text := translate(number, ' ()-./+', '');
begin
  if digits ~ '[^0-9]' then digits := regexp_replace(digits, '[^0-9]', '', 'g'); end if;
  return left(case when length(digits) = 11 and starts_with(digits, '1') then substr(digits, 2) else digits end, 20);
end $function$

CREATE OR REPLACE PROCEDURE public.protect_by_district(IN protected regclass, IN kind text)
 LANGUAGE plpgsql
AS $procedure$
declare
  visible text := 'district_id = (select current_district_id())';
begin
  if kind = 'student' then
    visible := visible || format(
      ' and ((select current_schools()) is null or exists (select from students s
          where s.district_id = %1$s.district_id and s.id = %1$s.student_id))', protected);
  elsif kind <> 'district' then
    raise exception 'protect_by_district knows no kind %', kind;
  end if;
  execute format('alter table %s enable row level security', protected);
  execute format('create policy by_district on %s to daybreak_web using (%s) with check (%s)',
    protected, visible, visible);
end $procedure$

CREATE OR REPLACE FUNCTION public.put_row_back(part regclass, given jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  columns text;
begin
  -- The user may have been removed since.
  if part = 'caseload_students'::regclass
    and not exists (select from accounts where id = (given ->> 'account_id')::uuid) then
    return;
  end if;
  select string_agg(quote_ident(attname), ', ' order by attnum) into columns
  from pg_attribute
  where attrelid = part and attnum > 0 and not attisdropped and attgenerated = '' and given ? attname;
  execute format('insert into %1$s (%2$s) overriding system value
    select %2$s from jsonb_populate_record(null::%1$s, $1)', part, columns) using given;
end $function$

CREATE OR REPLACE FUNCTION public.queue_completed_webhooks()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_deliveries(new.district_id, 'document.completed', array[new.id]);
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.queue_created_webhooks()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_deliveries(a.district_id, 'document.created', array_agg(a.id))
    from added a group by a.district_id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.queue_demographics_webhooks(of_district bigint, of_run bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (select from webhooks w where w.district_id = of_district and w.is_active
    and 'document.demographics-changed' = any (w.events)) then
    return;
  end if;
  perform queue_webhook_deliveries(of_district, 'document.demographics-changed', array(
    select d.id from documents d
    where d.district_id = of_district and d.state = 'incomplete' and d.deleted_at is null
      and (d.student_id in (select c.student_id from student_changes c
        where c.district_id = of_district and c.run_id = of_run)) is true
      and exists (select from jsonb_each(d.fields) f where jsonb_typeof(f.value -> 'copied') <> 'null')));
end $function$

CREATE OR REPLACE FUNCTION public.queue_webhook_deliveries(of_district bigint, happened text, about bigint[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into webhook_deliveries (district_id, webhook_id, event, document_id, body)
  select w.district_id, w.id, happened, d.id, json_build_object(
    'type', happened,
    'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'data', json_build_object('district', t.domain, 'documentId', d.id, 'formKey', d.form_key,
      'studentId', d.student_id))
  from webhooks w
  join districts t on t.id = w.district_id
  join documents d on d.district_id = w.district_id and d.id = any (about)
  where w.district_id = of_district and w.is_active and happened = any (w.events)
  for key share of w
$function$

CREATE OR REPLACE FUNCTION public.remove_student(student bigint, account uuid, person text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  district bigint := current_district_id();
  one students;
  part record;
  parts jsonb := '{}';
  entry bigint;
begin
  select * into one from students
  where district_id = district and id = student and skyward_id is null
    and (current_schools() is null or entity_id = any (current_schools()))
  for update;
  if not found then return null; end if;
  for part in select * from student_parts() p where p.is_record loop
    parts := parts || jsonb_build_object(part.part::text, rows_of_student(part.part, district, student));
  end loop;
  perform forget_old_removals();
  insert into removed_students (district_id, removed_id, entity_id, removed_by, removed_by_name, record)
  values (district, student, one.entity_id, account, person,
    jsonb_build_object('student', to_jsonb(one), 'parts', parts))
  returning id into entry;
  delete from students where district_id = district and id = student;
  return entry;
end $function$

CREATE OR REPLACE FUNCTION public.restore_student(entry bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  district bigint := current_district_id();
  e removed_students;
  target bigint;
  part record;
  field record;
  one jsonb;
  one_key jsonb;
  is_there boolean;
begin
  select * into e from removed_students
  where district_id = district and id = entry and restored_at is null and record is not null
    and removed_at >= now() - interval '30 days'
    and (current_schools() is null or entity_id = any (current_schools()))
  for update;
  if not found then return null; end if;
  target := e.merged_into;
  set constraints all deferred;
  if target is not null then
    perform from students where district_id = district and id = target for update;
    if not found then return null; end if;
    for part in select key as name, value as fields from jsonb_each(e.record -> 'changes')
      where value <> 'null' loop
      for field in select key as name, value as pair from jsonb_each(part.fields) loop
        execute format('update %1$s t set %2$I = (jsonb_populate_record(t, $3)).%2$I
          where district_id = $1 and %3$I = $2 and to_jsonb(t) -> %4$L is not distinct from $4',
          part.name::regclass, field.name,
          case when part.name = 'students' then 'id' else 'student_id' end, field.name)
          using district, target, jsonb_build_object(field.name, field.pair -> 0), field.pair -> 1;
      end loop;
    end loop;
    update students set updated_at = clock_timestamp() where district_id = district and id = target;
  end if;
  perform put_row_back('students', e.record -> 'student');
  for part in select * from student_parts() loop
    for one in select value from jsonb_array_elements(e.record -> 'moved' -> part.part::text) loop
      execute format('update %s t set student_id = $3
        where district_id = $1 and student_id = $2 and to_jsonb(t) @> $4', part.part)
        using district, target, e.removed_id, one;
    end loop;
    for one in select value from jsonb_array_elements(e.record -> 'parts' -> part.part::text) loop
      -- What had moved over has just come back, or was removed since.
      continue when exists (
        select from jsonb_array_elements(e.record -> 'moved' -> part.part::text) m where one @> m.value);
      perform put_row_back(part.part, one);
    end loop;
  end loop;
  if target is not null then
    if e.record -> 'taken' ? 'guardians' then
      delete from guardians g where g.district_id = district and g.student_id = target
        and exists (select from students s
          where s.district_id = district and s.id = target and s.skyward_id is null);
      if found or e.record -> 'parts' -> 'guardians' = '[]' then
        perform put_row_back('guardians', value)
        from jsonb_array_elements(e.record -> 'keptParts' -> 'guardians');
      end if;
    end if;
    if e.record -> 'taken' ? 'students.status' and not exists (
      select from hand_set_statuses where district_id = district and student_id = target) then
      perform put_row_back('hand_set_statuses', value)
      from jsonb_array_elements(e.record -> 'keptParts' -> 'hand_set_statuses');
    end if;
  end if;
  -- A row that the kept record had given up for one that has just gone back.
  for part in select * from student_parts() p where not p.is_single and p.part::text <> 'guardians' loop
    for one in select value from jsonb_array_elements(e.record -> 'keptParts' -> part.part::text) loop
      execute format('select %s from jsonb_populate_record(null::%s, $1) t', part.key, part.part)
        into one_key using one;
      execute format('select exists (select from %s t
        where district_id = $1 and student_id = $2 and to_jsonb(t) @> $3)', part.part)
        into is_there using district, target, one_key;
      if not is_there and e.record -> 'moved' -> part.part::text @> jsonb_build_array(one_key) then
        perform put_row_back(part.part, one);
      end if;
    end loop;
  end loop;
  -- What triggers have just noted of rows that came back is no history.
  for part in select * from student_parts() loop
    execute format('delete from %s t where district_id = $1 and student_id = $2
      and not exists (select from jsonb_array_elements($3) k where k.value @> %s)', part.part, part.key)
      using district, e.removed_id, coalesce(e.record -> 'parts' -> part.part::text, '[]');
  end loop;
  update removed_students set restored_at = now() where district_id = district and id = entry;
  set constraints students_number_once, students_skyward_id_once immediate;
  return e.removed_id;
end $function$

CREATE OR REPLACE FUNCTION public.rows_of_student(part regclass, district bigint, student bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  found jsonb;
begin
  execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from %s t
    where district_id = $1 and student_id = $2', part) into found using district, student;
  return found;
end $function$

CREATE OR REPLACE FUNCTION public.search_form(words text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  form text := left(words, 400);
begin
  if octet_length(form) <> length(form) then
    form := regexp_replace(normalize(form, nfkd), '[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g');
    -- Letters that are no base letter with a mark, and the curly apostrophes.
    form := translate(form, 'ŁłØøĐđı’‘ʼ', 'llooddi');
  end if;
  form := lower(form);
  if form ~ '[^a-z0-9 ]' then
    form := translate(form, '-.,_/()"''`', '        ');
  end if;
  return form;
end
$function$

CREATE OR REPLACE FUNCTION public.search_keys(district_id bigint, words text, phones jsonb)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  mark text := district_id || '/';
  phone_mark text := ' ' || district_id || '#';
  keys text := mark || replace(words, ' ', ' ' || mark);
  digits text;
begin
  for place in 0 .. least(jsonb_array_length(phones), 10) - 1 loop
    -- As in `phone_digits`.
    digits := translate(phones -> place ->> 'number', ' ()-./+', '');
    if digits ~ '[^0-9]' then digits := regexp_replace(digits, '[^0-9]', '', 'g'); end if;
    if length(digits) > 10 then
      digits := left(case when length(digits) = 11 and starts_with(digits, '1') then substr(digits, 2) else digits end, 20);
    end if;
    if digits <> '' then keys := keys || phone_mark || right(digits, 7) || left(digits, -7); end if;
  end loop;
  return array_to_tsvector(array_remove(string_to_array(keys, ' '), mark));
end $function$

CREATE OR REPLACE FUNCTION public.search_text(form text, names text, emails jsonb, addresses jsonb)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  words text := names;
  address text;
  one jsonb;
begin
  if emails <> '[]' then
    for place in 0 .. least(jsonb_array_length(emails), 5) - 1 loop
      address := emails -> place ->> 'address';
      words := words || coalesce(
        ' ' || split_part(address, '@', 1) || '@' || split_part(split_part(address, '@', 2), '.', 1), '');
    end loop;
  end if;
  if addresses <> '[]' then
    for place in 0 .. least(jsonb_array_length(addresses), 3) - 1 loop
      one := addresses -> place;
      words := concat_ws(' ', words, btrim(one ->> 'lines', '[]'), one ->> 'city', one ->> 'zip');
    end loop;
  end if;
  return form || ' ' || public.search_form(words);
end $function$

CREATE OR REPLACE FUNCTION public.set_status_by_hand(student bigint, new_status text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  changed integer;
begin
  update students set status = new_status, status_rule = null, status_decided_by = null,
    status_left_out = '[]', status_changes_on = null, status_decided_on = null,
    status_decided_under = null, status_same_through = null, updated_at = clock_timestamp()
  where district_id = current_district_id() and id = student
    and (current_schools() is null or entity_id = any (current_schools()))
    and (skyward_id is null or missing_since_run_id is not null);
  get diagnostics changed = row_count;
  return changed;
end $function$

CREATE OR REPLACE FUNCTION public.similar_words(district bigint, typed text)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select word from search_words,
    least(levenshtein_less_equal(left(word, length(typed)), typed, 2),
      case when length(word) between length(typed) + 1 and length(typed) + 2
        then levenshtein_less_equal(word, typed, 2) end) slips
  where typo_keys(district_id, word, 4) || typo_keys(district_id, word, 6)
      && typo_keys(district, typed, case when length(typed) < 6 then 4 else 6 end)
    and district_id = district and slips <= case when length(typed) < 5 then 1 else 2 end
  order by slips, abs(length(word) - length(typed)), word limit 12
$function$

CREATE OR REPLACE FUNCTION public.student_keys(student students)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN search_keys((student).district_id, student_text(student), (student).phones)

CREATE OR REPLACE FUNCTION public.student_parts()
 RETURNS TABLE(part regclass, is_record boolean, is_single boolean, key text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select c.oid::regclass,
    k.columns is not null and k.columns <@ '{district_id,student_id}'
      or c.relname in ('guardians', 'enrollments', 'student_changes', 'hand_changes',
        'student_staff_values', 'student_staff_changes', 'caseload_students', 'missing_changes'),
    k.columns is not null and k.columns <@ '{district_id,student_id}',
    coalesce('jsonb_build_object(' || (
        select string_agg(format('%L, t.%I', name, name), ', ') from unnest(k.columns) as name
        where name not in ('district_id', 'student_id')) || ')',
      case when k.columns is null then 'to_jsonb(t)' else '''{}''::jsonb' end)
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'student_id' and not a.attisdropped
  left join lateral (
    select array_agg(ka.attname::text) as columns
    from pg_index i join pg_attribute ka on ka.attrelid = c.oid and ka.attnum = any (i.indkey)
    where i.indrelid = c.oid and i.indisprimary
    having count(*) > 0
  ) k on true
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in ('audit_events', 'import_plan_changes')
  order by c.relname
$function$

CREATE OR REPLACE FUNCTION public.student_text(student students)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN search_text(((student).name_key COLLATE "default"), ((((((((COALESCE((student).student_number, ''::text) || ' '::text) || COALESCE((student).state_id, ''::text)) || ' '::text) || COALESCE(NULLIF((student).legal_last_name, (student).last_name), ''::text)) || ' '::text) || COALESCE(NULLIF((student).legal_first_name, (student).first_name), ''::text)) || ' '::text) || COALESCE((student).suffix, (student).legal_suffix, ''::text)), (student).emails, (student).addresses)

CREATE OR REPLACE FUNCTION public.typo_keys(district bigint, word text, letters integer)
 RETURNS bigint[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  beginning text := left(word, letters);
  keys bigint[] := array[hashtextextended(letters || beginning, district)];
begin
  for place in 1 .. length(beginning) loop
    keys := keys || hashtextextended(letters || left(beginning, place - 1) || substr(beginning, place + 1), district);
  end loop;
  return keys;
end $function$

CREATE OR REPLACE FUNCTION public.undo_takeover(import_run bigint, taken bigint, account uuid, person text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  district bigint := current_district_id();
  t record_takeovers;
  c student_changes;
  part text;
begin
  if current_schools() is not null then return null; end if;
  select * into t from record_takeovers
  where district_id = district and run_id = import_run and record_id = taken and undone_at is null for update;
  if t.record_id is null then return null; end if;
  perform from students where district_id = district and id = taken and skyward_id = t.skyward_id for update;
  if not found then return null; end if;
  for c in select * from student_changes
    where district_id = district and student_id = taken and run_id >= import_run order by run_id desc, id desc
  loop
    part := case c.record when 'student' then 'students' else c.record || 's' end;
    if c.field is not null then
      execute format('update %1$I p set %2$I = (jsonb_populate_record(p, jsonb_build_object(%2$L, $4))).%2$I
        where district_id = $1 and %3$I = $2 and ($3 is null or p.skyward_id = $3)',
        part, c.field, case part when 'students' then 'id' else 'student_id' end)
        using district, taken, c.record_id, c.old_value;
    elsif c.old_value is null then
      execute format('delete from %I where district_id = $1 and student_id = $2 and skyward_id = $3', part)
        using district, taken, c.record_id;
    else
      perform put_row_back(part::regclass,
        c.old_value || jsonb_build_object('district_id', district, 'student_id', taken));
    end if;
  end loop;
  update students set
    missing_since_run_id = case when t.former_skyward_id is not null then coalesce(t.former_missing_since_run_id, import_run) end,
    source_fingerprint = null, status_left_out = '[]', status_changes_on = null, status_decided_on = null,
    status_decided_under = null, status_same_through = null, updated_at = clock_timestamp()
  where district_id = district and id = taken;
  update record_takeovers set undone_at = now(), undone_by_name = person,
    undone_after_run_id = (select max(id) from import_runs where district_id = district)
  where district_id = district and run_id = import_run and record_id = taken;
  insert into kept_apart (district_id, pair_key, kept_by, kept_by_name)
  values (district, 'mixed:' || taken || '-' || t.skyward_id, account, person) on conflict do nothing;
  return taken;
end $function$

CREATE OR REPLACE FUNCTION public.what_depends_on(student bigint)
 RETURNS TABLE(part text, count bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  one record;
begin
  for one in select * from student_parts() p where not p.is_record loop
    part := one.part::text;
    count := jsonb_array_length(rows_of_student(one.part, current_district_id(), student));
    if count > 0 then return next; end if;
  end loop;
end $function$

CREATE OR REPLACE FUNCTION public.word_query(district bigint, word text, is_beginning boolean)
 RETURNS tsquery
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  ending text := case when is_beginning then ':*' else '' end;
  quoted text := replace(replace(word, '\', '\\'), '''', '''''');
  asked text := format('''%s/%s''%s', district, quoted, ending);
begin
  if word ~ '^[0-9]{4,}$' then
    if length(word) <= 7 then asked := asked || format(' | ''%s#%s''%s', district, word, ending); end if;
    if length(word) between 7 and 9 then asked := asked || format(' | ''%s#%s'':*', district, substr(word, 4)); end if;
    if length(word) > 9 then
      asked := asked || format(' | ''%s#%s%s''', district, right(word, 7), left(word, -7));
    end if;
  end if;
  return asked::tsquery;
end $function$

table accepted_fields (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  object text not null
  field text not null
  accepted_at timestamp with time zone not null default now()
  accepted_by text not null
  reason text not null
  run_id bigint
  applied_run_id bigint
  constraint accepted_fields_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint accepted_fields_pkey PRIMARY KEY (district_id, id)
  index UNIQUE INDEX accepted_fields_pending ON public.accepted_fields USING btree (district_id, object, field) WHERE (applied_run_id IS NULL)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy whole_district for * to daybreak_web using ((( SELECT current_schools() AS current_schools) IS NULL)) with check ()
  grant to daybreak_web: insert (district_id, object, field, accepted_by, reason, run_id), select

table account_credentials
  id uuid not null default gen_random_uuid()
  account_id uuid not null
  provider_id text not null
  provider_account_id text not null
  password text
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp with time zone
  refresh_token_expires_at timestamp with time zone
  scope text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint account_credentials_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint account_credentials_once UNIQUE (provider_id, provider_account_id)
  constraint account_credentials_pkey PRIMARY KEY (id)
  index INDEX account_credentials_by_account ON public.account_credentials USING btree (account_id)
  grant to daybreak_web_login: delete, insert, select, update

table account_invitations (row-level security, also for the owner)
  district_id bigint not null
  id uuid not null default gen_random_uuid()
  email text not null
  role text not null
  schools bigint[]
  token_digest bytea not null
  invited_by uuid
  invited_by_name text not null
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  mail_state text not null
  name text
  constraint account_invitations_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint account_invitations_email_form CHECK (((email = lower(email)) AND (length(email) <= 254)))
  constraint account_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES accounts(id) ON DELETE SET NULL
  constraint account_invitations_mail_state_known CHECK ((mail_state = ANY (ARRAY['sent'::text, 'failed'::text, 'no-mail'::text])))
  constraint account_invitations_name_length CHECK ((length(name) <= 100))
  constraint account_invitations_once UNIQUE (district_id, email)
  constraint account_invitations_pkey PRIMARY KEY (district_id, id)
  constraint account_invitations_role_known CHECK ((role = ANY (ARRAY['administrator'::text, 'staff'::text, 'read-only'::text])))
  constraint account_invitations_schools_by_role CHECK (((schools IS NULL) OR (role <> 'administrator'::text)))
  constraint account_invitations_token_digest_key UNIQUE (token_digest)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web_login: delete, insert, select, update

table account_sessions
  id uuid not null default gen_random_uuid()
  account_id uuid not null
  token text not null
  expires_at timestamp with time zone not null
  ip_address text
  user_agent text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  signed_in_by text not null default 'password'::text
  proven_at timestamp with time zone
  constraint account_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint account_sessions_pkey PRIMARY KEY (id)
  constraint account_sessions_signed_in_by_known CHECK ((signed_in_by = ANY (ARRAY['password'::text, 'single-sign-on'::text])))
  constraint account_sessions_token_key UNIQUE (token)
  index INDEX account_sessions_by_account ON public.account_sessions USING btree (account_id)
  grant to daybreak_web_login: delete, insert, select, update

table account_sign_in_failures
  email_digest bytea not null
  failures integer not null
  counted_from timestamp with time zone not null default now()
  locked_until timestamp with time zone
  own_of bytea
  constraint account_sign_in_failures_pkey PRIMARY KEY (email_digest)
  index INDEX account_sign_in_failures_by_own_of ON public.account_sign_in_failures USING btree (own_of) WHERE (own_of IS NOT NULL)
  grant to daybreak_web_login: delete, insert, select, update

table account_two_factors
  id uuid not null default gen_random_uuid()
  account_id uuid not null
  secret text not null
  backup_codes text not null
  verified boolean not null default false
  failed_verification_count integer not null default 0
  locked_until timestamp with time zone
  last_step bigint
  constraint account_two_factors_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint account_two_factors_account_id_key UNIQUE (account_id)
  constraint account_two_factors_pkey PRIMARY KEY (id)
  grant to daybreak_web_login: delete, insert, select, update

table account_verifications
  id uuid not null default gen_random_uuid()
  identifier text not null
  value text not null
  expires_at timestamp with time zone not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint account_verifications_pkey PRIMARY KEY (id)
  index INDEX account_verifications_by_identifier ON public.account_verifications USING btree (identifier)
  grant to daybreak_web_login: delete, insert, select, update

table accounts (row-level security, also for the owner)
  id uuid not null default gen_random_uuid()
  district_id bigint
  name text not null
  email text not null
  email_verified boolean not null default false
  image text
  role text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  schools bigint[]
  two_factor_enabled boolean not null default false
  locked_at timestamp with time zone
  last_signed_in_at timestamp with time zone
  constraint accounts_district_by_role CHECK (((district_id IS NULL) = (role = 'technician'::text)))
  constraint accounts_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint accounts_email_form CHECK (((email = lower(email)) AND (length(email) <= 254)))
  constraint accounts_email_key UNIQUE (email)
  constraint accounts_pkey PRIMARY KEY (id)
  constraint accounts_role_known CHECK ((role = ANY (ARRAY['technician'::text, 'administrator'::text, 'staff'::text, 'read-only'::text])))
  constraint accounts_schools_by_role CHECK (((schools IS NULL) OR (role = ANY (ARRAY['staff'::text, 'read-only'::text]))))
  index INDEX accounts_by_district ON public.accounts USING btree (district_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select (id, district_id, name, email, role, created_at, schools)
  grant to daybreak_web_login: delete, insert, select, update

table audit_events (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  happened_at timestamp with time zone not null default now()
  account_id uuid
  account_name text
  account_email text
  account_role text
  action text not null
  student_id bigint
  detail jsonb not null default '{}'::jsonb
  address text
  request_id uuid
  times integer not null default 1
  records bigint
  filters text[]
  counted_by text
  counted_minute timestamp with time zone
  constraint audit_events_pkey PRIMARY KEY (district_id, id)
  index INDEX audit_events_by_account ON public.audit_events USING btree (district_id, account_id, happened_at DESC, id DESC) WHERE (account_id IS NOT NULL)
  index INDEX audit_events_by_action ON public.audit_events USING btree (district_id, action, happened_at DESC, id DESC)
  index INDEX audit_events_by_student ON public.audit_events USING btree (district_id, student_id, happened_at DESC, id DESC) WHERE (student_id IS NOT NULL)
  index INDEX audit_events_by_time ON public.audit_events USING btree (district_id, happened_at DESC, id DESC)
  index UNIQUE INDEX audit_events_counted ON public.audit_events USING btree (district_id, counted_minute, action, counted_by) WHERE (counted_by IS NOT NULL)
  policy added_by_web_login for a to daybreak_web_login using () with check (true)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy newest_for_web_login for r to daybreak_web_login using ((happened_at > (now() - '00:20:00'::interval))) with check ()
  grant to daybreak_web: insert (district_id, account_id, account_name, account_email, account_role, action, student_id, detail, address, request_id), select
  grant to daybreak_web_login: insert (district_id, account_id, account_name, account_email, account_role, action, student_id, detail, address, request_id), select (district_id, happened_at, account_id, action, student_id, detail)

table caseload_students (row-level security, also for the owner)
  district_id bigint not null
  account_id uuid not null
  student_id bigint not null
  added_at timestamp with time zone not null default now()
  constraint caseload_students_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint caseload_students_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint caseload_students_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint caseload_students_pkey PRIMARY KEY (district_id, account_id, student_id)
  index INDEX caseload_students_by_account ON public.caseload_students USING btree (account_id)
  index INDEX caseload_students_by_student ON public.caseload_students USING btree (district_id, student_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = caseload_students.district_id) AND (s.id = caseload_students.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = caseload_students.district_id) AND (s.id = caseload_students.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: delete, insert, select

table confirmed_identities (row-level security, also for the owner)
  district_id bigint not null
  skyward_student_id bigint not null
  confirmed_at timestamp with time zone not null default now()
  confirmed_by_name text not null
  constraint confirmed_identities_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint confirmed_identities_pkey PRIMARY KEY (district_id, skyward_student_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy whole_district for * to daybreak_web using ((( SELECT current_schools() AS current_schools) IS NULL)) with check ()
  grant to daybreak_web: delete, insert, select

table connection_notices (row-level security, also for the owner)
  district_id bigint not null
  kind text not null
  about date not null
  told_at timestamp with time zone not null
  constraint connection_notices_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint connection_notices_pkey PRIMARY KEY (district_id, kind, about)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table date_changes (row-level security, also for the owner)
  district_id bigint not null
  changed_on date not null
  entity_id bigint not null
  from_status text not null
  to_status text not null
  students integer not null
  is_leaving boolean not null default false
  constraint date_changes_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint date_changes_pkey PRIMARY KEY (district_id, changed_on, entity_id, from_status, to_status, is_leaving)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table date_holds (row-level security, also for the owner)
  id bigint not null generated as identity
  district_id bigint not null
  since date not null
  reason text not null
  counts jsonb not null default '[]'::jsonb
  decision text
  decided_at timestamp with time zone
  decided_by text
  decision_reason text
  ended_at timestamp with time zone
  notified_at timestamp with time zone
  constraint date_holds_decision_known CHECK ((decision = ANY (ARRAY['applied'::text, 'next-year-counted'::text])))
  constraint date_holds_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint date_holds_pkey PRIMARY KEY (id)
  constraint date_holds_reason_known CHECK ((reason = ANY (ARRAY['enrollments-ended'::text, 'year-turned'::text])))
  index INDEX date_holds_by_district ON public.date_holds USING btree (district_id, id)
  index UNIQUE INDEX date_holds_open ON public.date_holds USING btree (district_id) WHERE (ended_at IS NULL)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select, update (decision, decided_at, decided_by, decision_reason)

table district_forms (row-level security, also for the owner)
  district_id bigint not null
  form_key text not null
  version integer
  is_offered boolean not null default true
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  constraint district_forms_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id)
  constraint district_forms_district_id_form_key_version_fkey FOREIGN KEY (district_id, form_key, version) REFERENCES form_templates(district_id, form_key, version)
  constraint district_forms_pkey PRIMARY KEY (district_id, form_key)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select, update (version, is_offered, changed_at, changed_by, changed_by_name)

table district_sign_on (row-level security, also for the owner)
  district_id bigint not null
  issuer text not null
  client_id text not null
  client_secret_sealed text not null
  is_enabled boolean not null default false
  trusts_addresses boolean not null default false
  new_account_role text
  new_account_schools bigint[]
  updated_at timestamp with time zone not null default now()
  is_required boolean not null default false
  constraint district_sign_on_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint district_sign_on_pkey PRIMARY KEY (district_id)
  constraint district_sign_on_role_known CHECK ((new_account_role = ANY (ARRAY['staff'::text, 'read-only'::text])))
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web_login: insert, select, update

table districts (row-level security, also for the owner)
  id bigint not null generated as identity
  domain text not null
  name text not null
  time_zone text not null
  graduation_code text not null default '01'::text
  ignored_code text not null default 'CECS'::text
  created_at timestamp with time zone not null default now()
  requires_two_factor boolean not null default false
  version integer not null default 1
  night_starts_at time without time zone not null default '01:00:00'::time without time zone
  nights_paused boolean not null default false
  statuses_as_of date
  next_school_year text not null default 'current'::text
  staying_codes text[] not null default '{}'::text[]
  own_limits jsonb not null default '{}'::jsonb
  constraint districts_domain_form CHECK (((domain = lower(domain)) AND (domain ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'::text)))
  constraint districts_domain_key UNIQUE (domain)
  constraint districts_next_school_year_known CHECK ((next_school_year = ANY (ARRAY['current'::text, 'returning'::text, 'all'::text])))
  constraint districts_night_starts_at_early CHECK ((night_starts_at < '05:00:00'::time without time zone))
  constraint districts_own_limits_object CHECK ((jsonb_typeof(own_limits) = 'object'::text))
  constraint districts_pkey PRIMARY KEY (id)
  constraint districts_staying_codes_given CHECK (((array_position(staying_codes, NULL::text) IS NULL) AND (''::text <> ALL (staying_codes))))
  policy by_district for * to daybreak_web using ((id = ( SELECT current_district_id() AS current_district_id))) with check ((id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select, update (name, time_zone, version, night_starts_at, nights_paused, statuses_as_of, next_school_year, staying_codes, own_limits)
  grant to daybreak_web_login: select, update (requires_two_factor)

table document_versions (row-level security, also for the owner)
  district_id bigint not null
  document_id bigint not null
  version integer not null
  student_id bigint not null
  event text not null
  state text not null
  fields jsonb not null
  began_at timestamp with time zone not null default now()
  at timestamp with time zone not null
  changed_by uuid not null
  changed_by_name text not null
  constraint document_versions_district_id_document_id_fkey FOREIGN KEY (district_id, document_id) REFERENCES documents(district_id, id)
  constraint document_versions_pkey PRIMARY KEY (district_id, document_id, version)
  index INDEX document_versions_by_student ON public.document_versions USING btree (district_id, student_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = document_versions.district_id) AND (s.id = document_versions.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = document_versions.district_id) AND (s.id = document_versions.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table documents (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  student_id bigint not null
  form_key text not null
  form_version integer not null
  title text not null
  state text not null default 'incomplete'::text
  fields jsonb not null
  version integer not null default 1
  details_at timestamp with time zone not null default now()
  is_only_one boolean not null
  created_at timestamp with time zone not null default now()
  created_by uuid not null
  created_by_name text not null
  completed_at timestamp with time zone
  deleted_at timestamp with time zone
  event text not null default 'created'::text
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  batch_id uuid
  due_on date
  search_key text not null generated as (search_form(((title || ' '::text) || created_by_name)))
  constraint documents_completed_at CHECK (((state = 'complete'::text) = (completed_at IS NOT NULL)))
  constraint documents_district_id_form_key_form_version_fkey FOREIGN KEY (district_id, form_key, form_version) REFERENCES form_templates(district_id, form_key, version)
  constraint documents_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id)
  constraint documents_event_known CHECK ((event = ANY (ARRAY['created'::text, 'edited'::text, 'details-updated'::text, 'completed'::text, 'amended'::text, 'reopened'::text, 'deleted'::text, 'restored'::text])))
  constraint documents_fields_size CHECK ((length((fields)::text) <= 2000000))
  constraint documents_pkey PRIMARY KEY (district_id, id)
  constraint documents_state_known CHECK ((state = ANY (ARRAY['incomplete'::text, 'complete'::text])))
  index UNIQUE INDEX documents_by_batch ON public.documents USING btree (district_id, batch_id, student_id) WHERE (batch_id IS NOT NULL)
  index INDEX documents_by_change ON public.documents USING btree (district_id, changed_at DESC, id DESC)
  index INDEX documents_by_owner ON public.documents USING btree (district_id, created_by, changed_at DESC, id DESC)
  index INDEX documents_by_student ON public.documents USING btree (district_id, student_id, changed_at DESC, id DESC)
  index INDEX documents_due ON public.documents USING btree (district_id, due_on) WHERE ((due_on IS NOT NULL) AND (state = 'incomplete'::text) AND (deleted_at IS NULL))
  index INDEX documents_incomplete ON public.documents USING btree (district_id, student_id) WHERE ((state = 'incomplete'::text) AND (deleted_at IS NULL))
  index UNIQUE INDEX documents_one_incomplete ON public.documents USING btree (district_id, student_id, form_key) WHERE ((state = 'incomplete'::text) AND (deleted_at IS NULL) AND is_only_one)
  CREATE TRIGGER keep_both_documents BEFORE UPDATE OF student_id ON public.documents FOR EACH ROW EXECUTE FUNCTION keep_both_documents()
  CREATE TRIGGER keep_document_version AFTER INSERT OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION keep_document_version()
  CREATE TRIGGER tell_webhooks_of_completion AFTER UPDATE OF state ON public.documents FOR EACH ROW WHEN (((old.state <> 'complete'::text) AND (new.state = 'complete'::text))) EXECUTE FUNCTION queue_completed_webhooks()
  CREATE TRIGGER tell_webhooks_of_creation AFTER INSERT ON public.documents REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_created_webhooks()
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = documents.district_id) AND (s.id = documents.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = documents.district_id) AND (s.id = documents.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select, update (state, fields, version, details_at, completed_at, deleted_at, event, changed_at, changed_by, changed_by_name, due_on)

table enrollments (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  skyward_id bigint not null
  entity_id bigint not null
  entity_name text
  school_name text
  school_state_id text
  school_year integer not null
  start_date date
  end_date date
  withdrawal_date date
  withdrawal_code text
  withdrawal_reason text
  entry_code text
  entry_reason text
  is_default_entity boolean not null
  calendar_end_date date
  grade text
  homeroom text
  homeroom_teacher text
  advisor text
  is_no_show boolean
  enrolled_at_least_one_day boolean
  constraint enrollments_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint enrollments_pkey PRIMARY KEY (district_id, student_id, skyward_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = enrollments.district_id) AND (s.id = enrollments.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = enrollments.district_id) AND (s.id = enrollments.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table form_templates (row-level security, also for the owner)
  district_id bigint not null
  form_key text not null
  version integer not null
  definition jsonb not null
  stored_at timestamp with time zone not null default now()
  stored_by_name text
  constraint form_templates_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id)
  constraint form_templates_pkey PRIMARY KEY (district_id, form_key, version)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select

table guardians (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  skyward_id bigint not null
  "position" integer not null
  first_name text
  middle_name text
  last_name text
  suffix text
  relationship text
  is_custodial boolean
  lives_with boolean
  is_emergency_contact boolean
  allows_pickup boolean
  has_family_access boolean
  has_restricted_access boolean
  language text
  addresses jsonb not null default '[]'::jsonb
  phones jsonb not null default '[]'::jsonb
  emails jsonb not null default '[]'::jsonb
  constraint guardians_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint guardians_pkey PRIMARY KEY (district_id, student_id, skyward_id)
  index INDEX guardians_by_words ON public.guardians USING gin (search_keys(district_id, search_text(''::text, ((((((COALESCE(last_name, ''::text) || ' '::text) || COALESCE(first_name, ''::text)) || ' '::text) || COALESCE(middle_name, ''::text)) || ' '::text) || COALESCE(suffix, ''::text)), emails, addresses), phones)) WITH (gin_pending_list_limit='1024')
  CREATE TRIGGER note_added AFTER INSERT ON public.guardians REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_guardians()
  CREATE TRIGGER note_changed AFTER UPDATE ON public.guardians REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_guardians()
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id)))))))
  policy by_hand_added for a to daybreak_web using () with check (((skyward_id < 0) AND (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id) AND (s.skyward_id IS NULL))))))
  policy by_hand_removed for d to daybreak_web using ((EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = guardians.district_id) AND (s.id = guardians.student_id) AND (s.skyward_id IS NULL))))) with check ()
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: delete, insert, select

table hand_changes (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  id bigint not null generated as identity
  changed_at timestamp with time zone not null default now()
  account_id uuid
  account_name text not null
  action text not null
  field text
  old_value jsonb
  new_value jsonb
  constraint hand_changes_action_known CHECK ((action = ANY (ARRAY['created'::text, 'edited'::text, 'manual-status-set'::text, 'manual-status-cleared'::text, 'restored'::text, 'merged'::text, 'merge-undone'::text, 'number-match-undone'::text])))
  constraint hand_changes_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint hand_changes_pkey PRIMARY KEY (district_id, student_id, id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = hand_changes.district_id) AND (s.id = hand_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = hand_changes.district_id) AND (s.id = hand_changes.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select

table hand_set_statuses (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  reason text
  since date not null
  set_at timestamp with time zone not null default now()
  set_by uuid
  set_by_name text not null
  constraint hand_set_statuses_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint hand_set_statuses_pkey PRIMARY KEY (district_id, student_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = hand_set_statuses.district_id) AND (s.id = hand_set_statuses.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = hand_set_statuses.district_id) AND (s.id = hand_set_statuses.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: delete, insert, select, update

table import_plan_changes (row-level security, also for the owner)
  district_id bigint not null
  run_id bigint not null
  "position" integer not null
  kind text not null
  student_id bigint not null
  student_number text
  first_name text
  last_name text
  suffix text
  school_name text
  grade text
  status_before text
  status_after text
  changes jsonb not null default '[]'::jsonb
  constraint import_plan_changes_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint import_plan_changes_kind_known CHECK ((kind = ANY (ARRAY['status'::text, 'missing'::text, 'added'::text, 'changed'::text])))
  constraint import_plan_changes_pkey PRIMARY KEY (district_id, run_id, "position")
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = import_plan_changes.district_id) AND (s.id = import_plan_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = import_plan_changes.district_id) AND (s.id = import_plan_changes.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table import_problems (row-level security, also for the owner)
  district_id bigint not null
  run_id bigint not null
  id bigint not null generated as identity
  kind text not null
  object text
  page integer
  row_number integer
  record_key text
  field text
  skyward_student_id bigint
  message text not null
  constraint import_problems_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint import_problems_pkey PRIMARY KEY (district_id, run_id, id)
  index INDEX import_problems_by_student ON public.import_problems USING btree (district_id, run_id, skyward_student_id) WHERE (skyward_student_id IS NOT NULL)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy of_visible_students for * to daybreak_web using (((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = import_problems.district_id) AND (s.skyward_id = import_problems.skyward_student_id)))))) with check ()
  grant to daybreak_web: select

table import_runs (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  state text not null
  is_dry_run boolean not null default false
  today date not null
  school_year integer
  phase text not null
  started_at timestamp with time zone not null
  finished_at timestamp with time zone
  report jsonb
  failure jsonb
  origin text not null default 'command'::text
  requested_by text
  releases_run_id bigint
  progress jsonb
  progress_at timestamp with time zone
  cancel_requested_at timestamp with time zone
  cancel_requested_by text
  decision text
  decided_at timestamp with time zone
  decided_by text
  decision_reason text
  requests integer
  requests_failed integer
  request_seconds double precision
  is_undoable boolean not null default true
  undoes_run_id bigint
  undo_reason text
  undone_by_run_id bigint
  continued_at timestamp with time zone
  continued_by text
  constraint import_runs_continued_whole CHECK (((num_nonnulls(continued_at, continued_by) = 0) OR ((state = 'restored'::text) AND (num_nonnulls(continued_at, continued_by) = 2))))
  constraint import_runs_decision_known CHECK ((decision = ANY (ARRAY['approved'::text, 'discarded'::text])))
  constraint import_runs_decision_of_held CHECK (((decision IS NULL) OR (state = 'held'::text)))
  constraint import_runs_decision_whole CHECK ((num_nonnulls(decision, decided_at, decided_by, decision_reason) = ANY (ARRAY[0, 4])))
  constraint import_runs_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint import_runs_origin_known CHECK ((origin = ANY (ARRAY['schedule'::text, 'person'::text, 'command'::text, 'date'::text])))
  constraint import_runs_pkey PRIMARY KEY (district_id, id)
  constraint import_runs_state_known CHECK ((state = ANY (ARRAY['running'::text, 'published'::text, 'unchanged'::text, 'planned'::text, 'held'::text, 'failed'::text, 'recalculated'::text, 'undone'::text, 'restored'::text])))
  constraint import_runs_traffic_whole CHECK ((num_nonnulls(requests, requests_failed, request_seconds) = ANY (ARRAY[0, 3])))
  constraint import_runs_undo_whole CHECK (((state <> 'restored'::text) OR (num_nonnulls(undoes_run_id, undo_reason) = 2)))
  constraint import_runs_undone_whole CHECK (((state = 'undone'::text) = (undone_by_run_id IS NOT NULL)))
  index INDEX import_runs_latest ON public.import_runs USING btree (district_id, started_at DESC)
  index INDEX import_runs_of_undo ON public.import_runs USING btree (district_id, id) WHERE (undoes_run_id IS NOT NULL)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select, update (cancel_requested_at, cancel_requested_by, decision, decided_at, decided_by, decision_reason, continued_at, continued_by)
  grant to daybreak_web_login: select (district_id, id, state, is_dry_run, today, started_at, finished_at, report, failure, origin, requested_by, progress_at, decision, requests, requests_failed, request_seconds, undoes_run_id, continued_at)

table import_shares (row-level security, also for the owner)
  district_id bigint not null
  run_id bigint not null
  measure text not null
  share double precision not null
  constraint import_shares_above_zero CHECK ((share > (0)::double precision))
  constraint import_shares_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint import_shares_pkey PRIMARY KEY (district_id, run_id, measure)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)

table kept_apart (row-level security, also for the owner)
  district_id bigint not null
  pair_key text not null
  kept_at timestamp with time zone not null default now()
  kept_by uuid
  kept_by_name text not null
  constraint kept_apart_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint kept_apart_pkey PRIMARY KEY (district_id, pair_key)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: delete, insert, select

table letterheads (row-level security, also for the owner)
  district_id bigint not null
  lines text[] not null
  logo bytea
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  constraint letterheads_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id)
  constraint letterheads_logo_size CHECK ((octet_length(logo) <= 307200))
  constraint letterheads_pkey PRIMARY KEY (district_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select, update (lines, logo, changed_at, changed_by, changed_by_name)

table mail_choices (row-level security, also for the owner)
  district_id bigint not null
  account_id uuid not null
  notices boolean not null
  weekly boolean not null
  unsubscribe_token uuid not null default gen_random_uuid()
  constraint mail_choices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint mail_choices_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint mail_choices_pkey PRIMARY KEY (district_id, account_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: insert, select, update
  grant to daybreak_web_login: select (district_id, unsubscribe_token), update (weekly)

table missing_changes (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  run_id bigint not null
  former_run_id bigint
  constraint missing_changes_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint missing_changes_pkey PRIMARY KEY (district_id, student_id, run_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = missing_changes.district_id) AND (s.id = missing_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = missing_changes.district_id) AND (s.id = missing_changes.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)

table number_clashes (row-level security, also for the owner)
  district_id bigint not null
  run_id bigint not null
  skyward_student_id bigint not null
  student_number text not null
  first_name text
  middle_name text
  last_name text
  suffix text
  birth_date date
  gender text
  state_id text
  grade text
  kind text not null default 'number-shared'::text
  constraint number_clashes_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint number_clashes_kind_known CHECK ((kind = ANY (ARRAY['number-shared'::text, 'identity-changed'::text])))
  constraint number_clashes_pkey PRIMARY KEY (district_id, run_id, skyward_student_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy whole_district for * to daybreak_web using ((( SELECT current_schools() AS current_schools) IS NULL)) with check ()
  grant to daybreak_web: select

table pdf_forms (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  title text not null
  file_name text not null
  file bytea not null
  sha256 bytea not null
  pages integer not null
  fields jsonb not null
  removed_content text[] not null
  mapping jsonb not null default '[]'::jsonb
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid not null
  created_by_name text not null
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  removed_at timestamp with time zone
  constraint pdf_forms_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id)
  constraint pdf_forms_file_size CHECK ((octet_length(file) <= ((32 * 1024) * 1024)))
  constraint pdf_forms_mapping_size CHECK ((length((mapping)::text) <= 2000000))
  constraint pdf_forms_pkey PRIMARY KEY (district_id, id)
  constraint pdf_forms_title_length CHECK (((length(title) >= 1) AND (length(title) <= 200)))
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select, update (title, mapping, version, changed_at, changed_by, changed_by_name, removed_at)

table record_takeovers (row-level security, also for the owner)
  district_id bigint not null
  run_id bigint not null
  record_id bigint not null
  former_skyward_id bigint
  former_missing_since_run_id bigint
  skyward_id bigint not null
  sign text not null
  undone_at timestamp with time zone
  undone_by_name text
  undone_after_run_id bigint
  constraint record_takeovers_district_id_run_id_fkey FOREIGN KEY (district_id, run_id) REFERENCES import_runs(district_id, id) ON DELETE CASCADE
  constraint record_takeovers_pkey PRIMARY KEY (district_id, run_id, record_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy whole_district for * to daybreak_web using ((( SELECT current_schools() AS current_schools) IS NULL)) with check ()
  grant to daybreak_web: select

table removed_students (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  removed_id bigint not null
  merged_into bigint
  entity_id bigint
  removed_at timestamp with time zone not null default now()
  removed_by uuid
  removed_by_name text not null
  restored_at timestamp with time zone
  record jsonb
  constraint removed_students_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint removed_students_pkey PRIMARY KEY (district_id, id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (entity_id = ANY (( SELECT current_schools() AS current_schools)::bigint[]))))) with check ()
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table saved_views (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  account_id uuid not null
  name text not null
  is_shared boolean not null default false
  asked jsonb not null
  created_at timestamp with time zone not null default now()
  constraint saved_views_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
  constraint saved_views_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint saved_views_name_length CHECK (((length(name) >= 1) AND (length(name) <= 80)))
  constraint saved_views_pkey PRIMARY KEY (district_id, id)
  index INDEX saved_views_by_account ON public.saved_views USING btree (account_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: delete, insert, select, update (name, is_shared, asked)

table scheduled_imports (row-level security, also for the owner)
  district_id bigint not null
  import_date date not null
  due_at timestamp with time zone not null
  claimed_at timestamp with time zone not null
  queued_at timestamp with time zone
  constraint scheduled_imports_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint scheduled_imports_pkey PRIMARY KEY (district_id, import_date)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table schema_migrations
  number integer not null
  file_name text not null
  checksum text not null
  applied_at timestamp with time zone not null default now()
  constraint schema_migrations_pkey PRIMARY KEY (number)
  grant to daybreak_web_login: select

table search_words (row-level security, also for the owner)
  district_id bigint not null
  word text not null
  constraint search_words_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint search_words_pkey PRIMARY KEY (district_id, word)
  index INDEX search_words_by_typos ON public.search_words USING gin (((typo_keys(district_id, word, 4) || typo_keys(district_id, word, 6)))) WITH (gin_pending_list_limit='512')
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)

table sent_mails (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  sent_at timestamp with time zone not null default now()
  kind text not null
  recipient text not null
  subject text not null
  state text not null
  answer text
  message_id text
  constraint sent_mails_pkey PRIMARY KEY (district_id, id)
  constraint sent_mails_state_known CHECK ((state = ANY (ARRAY['sent'::text, 'failed'::text])))
  index INDEX sent_mails_by_time ON public.sent_mails USING btree (district_id, sent_at DESC, id DESC)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select
  grant to daybreak_web_login: insert (district_id, kind, recipient, subject, state, answer, message_id), select (sent_at, state)

table setup_requests (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  state text not null default 'requested'::text
  channel text not null
  requested_by text not null
  requested_at timestamp with time zone not null
  customer_id text
  expected_key text
  access_id bigint
  verification jsonb
  verified_at timestamp with time zone
  base_url text
  entity_id bigint
  client_key text
  client_secret_sealed text
  secret_at timestamp with time zone
  note text
  connected_at timestamp with time zone
  answered_at timestamp with time zone
  closed_at timestamp with time zone
  version integer not null default 1
  constraint setup_requests_channel_known CHECK ((channel = ANY (ARRAY['mail'::text, 'button'::text])))
  constraint setup_requests_closed_by_state CHECK (((closed_at IS NOT NULL) = (state = ANY (ARRAY['connected'::text, 'declined'::text]))))
  constraint setup_requests_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint setup_requests_pkey PRIMARY KEY (district_id, id)
  constraint setup_requests_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'waiting'::text, 'verified'::text, 'secret-generated'::text, 'connected'::text, 'declined'::text])))
  index INDEX setup_requests_by_age ON public.setup_requests USING btree (requested_at)
  index UNIQUE INDEX setup_requests_one_open ON public.setup_requests USING btree (district_id) WHERE (closed_at IS NULL)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select (district_id, id, state, channel, requested_by, requested_at, verification, verified_at, base_url, client_key, secret_at, note, connected_at, answered_at, closed_at, version)
  grant to daybreak_web_login: insert, select, update

table single_sign_on_starts (row-level security, also for the owner)
  key_digest bytea not null
  district_id bigint not null
  network text not null
  kept jsonb not null
  started_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  constraint single_sign_on_starts_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint single_sign_on_starts_pkey PRIMARY KEY (key_digest)
  index INDEX single_sign_on_starts_by_district ON public.single_sign_on_starts USING btree (district_id, started_at)
  index INDEX single_sign_on_starts_by_expiry ON public.single_sign_on_starts USING btree (expires_at)
  index INDEX single_sign_on_starts_by_network ON public.single_sign_on_starts USING btree (network, started_at)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web_login: delete, insert, select, update

table skyward_connections (row-level security, also for the owner)
  district_id bigint not null
  base_url text not null
  client_key text not null
  client_secret_sealed text not null
  entity_id bigint
  page_size integer not null default 2000
  concurrency integer not null default 4
  allow_private_address boolean not null default false
  updated_at timestamp with time zone not null default now()
  integration_token_name text
  constraint skyward_connections_concurrency_range CHECK (((concurrency >= 1) AND (concurrency <= 32)))
  constraint skyward_connections_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint skyward_connections_integration_token_name_form CHECK ((integration_token_name ~ '^[a-z][a-z0-9_]{0,39}$'::text))
  constraint skyward_connections_page_size_range CHECK (((page_size >= 1) AND (page_size <= 100000)))
  constraint skyward_connections_pkey PRIMARY KEY (district_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: select (district_id, base_url, client_key, entity_id, page_size, concurrency, updated_at)
  grant to daybreak_web_login: insert, select, update

table status_forecasts (row-level security, also for the owner)
  district_id bigint not null
  as_of date not null
  run_id bigint not null
  settings text not null
  school_year integer not null
  year_end jsonb not null
  next_year_students integer not null
  changes jsonb not null
  holds jsonb not null
  notified jsonb
  kept_on_hold jsonb not null default '{}'::jsonb
  constraint status_forecasts_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint status_forecasts_pkey PRIMARY KEY (district_id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table student_changes (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  run_id bigint not null
  id bigint not null generated as identity
  record text not null
  record_id bigint
  field text
  old_value jsonb
  new_value jsonb
  constraint student_changes_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint student_changes_pkey PRIMARY KEY (district_id, student_id, run_id, id)
  constraint student_changes_record_known CHECK ((record = ANY (ARRAY['student'::text, 'guardian'::text, 'enrollment'::text])))
  index INDEX student_changes_by_run ON public.student_changes USING btree (district_id, run_id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_changes.district_id) AND (s.id = student_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_changes.district_id) AND (s.id = student_changes.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table student_counts (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  entity_id bigint
  school text
  status text not null
  grade text
  number integer not null
  constraint student_counts_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint student_counts_pkey PRIMARY KEY (district_id, id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (entity_id = ANY (( SELECT current_schools() AS current_schools)::bigint[]))))) with check ()
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table student_staff_changes (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  id bigint not null generated as identity
  field text not null
  old_value text
  new_value text
  began_at timestamp with time zone not null default now()
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  constraint student_staff_changes_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint student_staff_changes_pkey PRIMARY KEY (district_id, student_id, id)
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_staff_changes.district_id) AND (s.id = student_staff_changes.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_staff_changes.district_id) AND (s.id = student_staff_changes.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: select

table student_staff_values (row-level security, also for the owner)
  district_id bigint not null
  student_id bigint not null
  field text not null
  value text
  version integer not null default 1
  changed_at timestamp with time zone not null default now()
  changed_by uuid not null
  changed_by_name text not null
  constraint student_staff_values_district_id_student_id_fkey FOREIGN KEY (district_id, student_id) REFERENCES students(district_id, id) ON DELETE CASCADE
  constraint student_staff_values_field_known CHECK ((field = ANY (ARRAY['preferred-gender'::text, 'pronouns'::text, 'notes'::text])))
  constraint student_staff_values_pkey PRIMARY KEY (district_id, student_id, field)
  constraint student_staff_values_value_size CHECK (((length(value) >= 1) AND (length(value) <= 10000)))
  CREATE TRIGGER keep_staff_change AFTER INSERT OR UPDATE ON public.student_staff_values FOR EACH ROW EXECUTE FUNCTION keep_staff_change()
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_staff_values.district_id) AND (s.id = student_staff_values.student_id))))))) with check (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (EXISTS ( SELECT
   FROM students s
  WHERE ((s.district_id = student_staff_values.district_id) AND (s.id = student_staff_values.student_id)))))))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert, select, update

table students (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  skyward_id bigint
  student_number text
  state_id text
  legal_first_name text
  legal_middle_name text
  legal_last_name text
  legal_suffix text
  first_name text
  middle_name text
  last_name text
  suffix text
  other_names jsonb not null default '[]'::jsonb
  birth_date date
  gender text
  race text
  ethnicity text
  native_language text
  home_language text
  graduation_year integer
  addresses jsonb not null default '[]'::jsonb
  phones jsonb not null default '[]'::jsonb
  emails jsonb not null default '[]'::jsonb
  grade text
  entity_id bigint
  entity_name text
  school_name text
  school_state_id text
  homeroom text
  homeroom_teacher text
  advisor text
  status text not null
  status_rule text
  status_decided_by bigint
  status_left_out jsonb not null default '[]'::jsonb
  status_changes_on date
  status_decided_on date
  status_decided_under text
  status_same_through date
  source_fingerprint bigint
  first_run_id bigint
  changed_run_id bigint
  missing_since_run_id bigint
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  name_key text not null generated as (search_form(((((COALESCE(last_name, legal_last_name, ''::text) || '  '::text) || COALESCE(first_name, legal_first_name, ''::text)) || '  '::text) || COALESCE(middle_name, legal_middle_name, ''::text))))
  grade_rank smallint not null generated as (grade_rank(grade))
  status_on_hold text
  status_on_hold_since date
  constraint students_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint students_hold_is_complete CHECK (((status_on_hold IS NULL) = (status_on_hold_since IS NULL)))
  constraint students_number_once EXCLUDE USING btree (district_id WITH =, student_number WITH =, ((skyward_id IS NULL)) WITH =) WHERE ((missing_since_run_id IS NULL)) DEFERRABLE INITIALLY DEFERRED
  constraint students_pkey PRIMARY KEY (district_id, id)
  constraint students_skyward_id_once UNIQUE (district_id, skyward_id) DEFERRABLE INITIALLY DEFERRED
  constraint students_status_known CHECK ((status = ANY (ARRAY['PRE_ENROLLED'::text, 'ENROLLED'::text, 'TRANSFERRED'::text, 'WITHDREW'::text, 'DROPPED_OUT'::text, 'GRADUATED'::text, 'INACTIVE'::text, 'HISTORICAL_IDLE'::text])))
  index INDEX students_by_birth ON public.students USING btree (district_id, birth_date, id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_change ON public.students USING btree (district_id, changed_run_id, id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_entity ON public.students USING btree (district_id, entity_id)
  index INDEX students_by_grade ON public.students USING btree (district_id, grade_rank, name_key, id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_name ON public.students USING btree (district_id, name_key, id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_number ON public.students USING btree (district_id, student_number COLLATE "C", id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_school ON public.students USING btree (district_id, school_name COLLATE "C", name_key, id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_state_id ON public.students USING btree (district_id, state_id COLLATE "C", id) INCLUDE (status, entity_id, grade)
  index INDEX students_by_status ON public.students USING btree (district_id, status, name_key, id) INCLUDE (entity_id, grade)
  index INDEX students_by_words ON public.students USING gin (search_keys(district_id, search_text((name_key COLLATE "default"), ((((((((COALESCE(student_number, ''::text) || ' '::text) || COALESCE(state_id, ''::text)) || ' '::text) || COALESCE(NULLIF(legal_last_name, last_name), ''::text)) || ' '::text) || COALESCE(NULLIF(legal_first_name, first_name), ''::text)) || ' '::text) || COALESCE(suffix, legal_suffix, ''::text)), emails, addresses), phones)) WITH (gin_pending_list_limit='1024')
  index INDEX students_missing ON public.students USING btree (district_id, id) WHERE (missing_since_run_id IS NOT NULL)
  index INDEX students_on_hold ON public.students USING btree (district_id) WHERE (status_on_hold IS NOT NULL)
  CREATE TRIGGER note_added AFTER INSERT ON public.students REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_students()
  CREATE TRIGGER note_changed AFTER UPDATE ON public.students REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_students()
  CREATE TRIGGER note_removed AFTER DELETE ON public.students REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION note_students()
  policy by_district for * to daybreak_web using (((district_id = ( SELECT current_district_id() AS current_district_id)) AND ((( SELECT current_schools() AS current_schools) IS NULL) OR (entity_id = ANY (( SELECT current_schools() AS current_schools)::bigint[]))))) with check ()
  policy by_hand_added for a to daybreak_web using () with check ((skyward_id IS NULL))
  policy by_hand_changed for w to daybreak_web using ((skyward_id IS NULL)) with check ((skyward_id IS NULL))
  policy by_owner for * to the owner using (true) with check (true)
  grant to daybreak_web: insert (district_id, student_number, state_id, legal_first_name, legal_middle_name, legal_last_name, legal_suffix, first_name, middle_name, last_name, suffix, birth_date, gender, home_language, addresses, phones, emails, grade, entity_id, entity_name, school_name, school_state_id, status), select, update (student_number, state_id, legal_first_name, legal_middle_name, legal_last_name, legal_suffix, first_name, middle_name, last_name, suffix, birth_date, gender, home_language, addresses, phones, emails, grade, entity_id, entity_name, school_name, school_state_id, updated_at)

table support_mails (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  received_at timestamp with time zone not null
  envelope_from text not null
  header_from text[] not null
  subject text not null
  message_id text not null
  thread text[] not null default '{}'::text[]
  body text not null
  bytes integer not null
  sender jsonb not null
  outcome text not null
  reason text
  request_id bigint
  handled_at timestamp with time zone
  handled_by text
  constraint support_mails_once UNIQUE (district_id, message_id)
  constraint support_mails_outcome_known CHECK ((outcome = ANY (ARRAY['request'::text, 'joined'::text, 'inbox'::text, 'ignored'::text])))
  constraint support_mails_pkey PRIMARY KEY (district_id, id)
  index INDEX support_mails_by_time ON public.support_mails USING btree (received_at DESC)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web_login: insert, select, update

table webhook_deliveries (row-level security, also for the owner)
  district_id bigint not null
  id uuid not null default gen_random_uuid()
  webhook_id bigint not null
  event text not null
  document_id bigint
  body text not null
  created_at timestamp with time zone not null default now()
  next_try_at timestamp with time zone default now()
  tries integer not null default 0
  tried_at timestamp with time zone
  delivered_at timestamp with time zone
  failed_at timestamp with time zone
  last_status integer
  last_problem text
  constraint webhook_deliveries_district_id_webhook_id_fkey FOREIGN KEY (district_id, webhook_id) REFERENCES webhooks(district_id, id) ON DELETE CASCADE
  constraint webhook_deliveries_ended CHECK (((next_try_at IS NOT NULL) OR (delivered_at IS NOT NULL) OR (failed_at IS NOT NULL)))
  constraint webhook_deliveries_one_end CHECK (((delivered_at IS NULL) OR (failed_at IS NULL)))
  constraint webhook_deliveries_pkey PRIMARY KEY (district_id, id)
  index INDEX webhook_deliveries_by_age ON public.webhook_deliveries USING btree (created_at)
  index INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (district_id, webhook_id, next_try_at) WHERE (next_try_at IS NOT NULL)
  index INDEX webhook_deliveries_latest ON public.webhook_deliveries USING btree (district_id, webhook_id, created_at DESC, id)
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: insert, select, update (next_try_at, failed_at)
  grant to daybreak_web_login: select (district_id, webhook_id, event, created_at, next_try_at, tries, failed_at)

table webhooks (row-level security, also for the owner)
  district_id bigint not null
  id bigint not null generated as identity
  url text not null
  secret_sealed text not null
  former_secret_sealed text
  former_secret_until timestamp with time zone
  events text[] not null
  is_active boolean not null default true
  created_at timestamp with time zone not null default now()
  created_by uuid not null
  created_by_name text not null
  failing_since timestamp with time zone
  disabled_at timestamp with time zone
  disabled_why text
  told_at timestamp with time zone
  constraint webhooks_disabled_whole CHECK ((((disabled_at IS NULL) = (disabled_why IS NULL)) AND ((disabled_at IS NULL) OR (NOT is_active))))
  constraint webhooks_disabled_why_known CHECK ((disabled_why = ANY (ARRAY['gone'::text, 'failing'::text])))
  constraint webhooks_district_id_fkey FOREIGN KEY (district_id) REFERENCES districts(id) ON DELETE CASCADE
  constraint webhooks_events_known CHECK (((cardinality(events) > 0) AND (events <@ ARRAY['document.created'::text, 'document.completed'::text, 'document.demographics-changed'::text])))
  constraint webhooks_pkey PRIMARY KEY (district_id, id)
  constraint webhooks_url_size CHECK ((length(url) <= 2000))
  policy by_district for * to daybreak_web using ((district_id = ( SELECT current_district_id() AS current_district_id))) with check ((district_id = ( SELECT current_district_id() AS current_district_id)))
  policy by_owner for * to the owner using (true) with check (true)
  policy by_web_login for * to daybreak_web_login using (true) with check (true)
  grant to daybreak_web: delete, insert (district_id, url, secret_sealed, events, created_by, created_by_name), select (district_id, id, url, former_secret_until, events, is_active, created_at, created_by, created_by_name, failing_since, disabled_at, disabled_why, told_at), update (secret_sealed, former_secret_sealed, former_secret_until, events, is_active, failing_since, disabled_at, disabled_why, told_at)
  grant to daybreak_web_login: select, update (secret_sealed, former_secret_sealed, former_secret_until)
