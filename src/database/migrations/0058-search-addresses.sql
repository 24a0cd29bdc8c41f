-- The search finds addresses in full: their city and ZIP, those of guardians, and short words such as `138` and `st`.
-- Who types several words is answered from the few records that have the longest one.

drop index students_by_words;
drop index guardians_by_words;

-- The words of a record: those of `form` as they are, then names, e-mails up to the first dot of their domain, and
-- addresses, in the form of `search_form`.
create or replace function search_text(form text, names text, emails jsonb, addresses jsonb) returns text
language plpgsql immutable parallel safe as $$
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
end $$;

create or replace function guardian_text(guardian guardians) returns text
language sql immutable parallel safe
return search_text('', coalesce(guardian.last_name, '') || ' ' || coalesce(guardian.first_name, '')
  || ' ' || coalesce(guardian.middle_name, '') || ' ' || coalesce(guardian.suffix, ''), guardian.emails, guardian.addresses);

-- GIN takes the changes of an import in bulk; the part not yet merged stays small, since every search reads it. An
-- index has no row to give to a function, so these are what PostgreSQL makes of `student_keys` and `guardian_keys`.
create index students_by_words on students using gin (search_keys(district_id, search_text(name_key collate "default",
    coalesce(student_number, '') || ' ' || coalesce(state_id, '')
    || ' ' || coalesce(nullif(legal_last_name, last_name), '')
    || ' ' || coalesce(nullif(legal_first_name, first_name), '')
    || ' ' || coalesce(suffix, legal_suffix, ''), emails, addresses), phones))
  with (gin_pending_list_limit = 1024);
create index guardians_by_words on guardians using gin (search_keys(district_id, search_text('',
    coalesce(last_name, '') || ' ' || coalesce(first_name, '') || ' ' || coalesce(middle_name, '')
    || ' ' || coalesce(suffix, ''), emails, addresses), phones))
  with (gin_pending_list_limit = 1024);

-- How else people write a word of an address: `street` for `st`, and the other way round.
create function other_spelling(word text) returns text
language sql immutable parallel safe
return (select other from (values
    ('street', 'st'), ('avenue', 'ave'), ('road', 'rd'), ('drive', 'dr'), ('lane', 'ln'), ('court', 'ct'),
    ('boulevard', 'blvd'), ('circle', 'cir'), ('place', 'pl'), ('terrace', 'ter'), ('trail', 'trl'),
    ('highway', 'hwy'), ('parkway', 'pkwy'), ('square', 'sq'), ('apartment', 'apt'), ('suite', 'ste'),
    ('north', 'n'), ('south', 's'), ('east', 'e'), ('west', 'w')) both_ways (long, short),
  lateral (values (long, short), (short, long)) spelled (one, other) where one = word);

/*
 * The students of the caller's district and schools who are found by what was typed, the best `most` of them.
 * Each word has to begin a word of the student or of a guardian, or a number or phone; with few hits, similar words
 * count too. `school_entities` are those whose school is meant by some of the words, and `other_words` the rest of
 * them. The other parameters are filters; null: everybody.
 *
 * Works as the owner: words are not searched leak-proof, so row-level security would put its policy before the
 * index. The function itself is bound to the district and the schools of the transaction instead.
 */
create or replace function find_students(
  typed text, most integer, statuses text[], entities bigint[], grades text[], changed_since_run bigint, among bigint[],
  school_entities bigint[], other_words text
) returns setof student_hit
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
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
end $$;
revoke execute on function find_students(text, integer, text[], bigint[], text[], bigint, bigint[], bigint[], text) from public;
grant execute on function find_students(text, integer, text[], bigint[], text[], bigint, bigint[], bigint[], text) to daybreak_web;
