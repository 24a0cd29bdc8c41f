-- The search: each word may be of another field (names, numbers, phones, e-mails, addresses, those of guardians, the
-- school), and mistyped names are found by the letters that are left when one is dropped.

drop index students_by_words;
drop index guardians_by_words;
drop function find_students(text, integer, text[], bigint[], text[], bigint, bigint[]);
drop type student_hit;
drop function search_keys(bigint, text, jsonb);
drop function word_query(bigint, text, boolean);

-- The words of a record: those of `form` as they are, then names, e-mails up to the first dot of their domain, and
-- the first lines of addresses, in the form of `search_form`.
create function search_text(form text, names text, emails jsonb, addresses jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  words text := names;
  address text;
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
      words := words || coalesce(' ' || (addresses -> place -> 'lines' ->> 0), '');
    end loop;
  end if;
  return form || ' ' || public.search_form(words);
end $$;

-- Words and phones, each with the district before it, so that a search never walks through another district's:
-- `17/garcia`, `17#5550102512`. A phone is its last seven digits, then those before them: one key serves both who
-- types the area code and who does not. The text is taken apart once, which is quicker than word by word.
create function search_keys(district_id bigint, words text, phones jsonb) returns tsvector
language plpgsql immutable parallel safe as $$
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
end $$;

create function student_text(student students) returns text
language sql immutable parallel safe
return search_text(student.name_key collate "default", coalesce(student.student_number, '') || ' ' || coalesce(student.state_id, '')
  || ' ' || coalesce(nullif(student.legal_last_name, student.last_name), '')
  || ' ' || coalesce(nullif(student.legal_first_name, student.first_name), '')
  || ' ' || coalesce(student.suffix, student.legal_suffix, ''), student.emails, student.addresses);

create function student_keys(student students) returns tsvector
language sql immutable parallel safe
return search_keys(student.district_id, student_text(student), student.phones);

create function guardian_text(guardian guardians) returns text
language sql immutable parallel safe
return search_text('', coalesce(guardian.last_name, '') || ' ' || coalesce(guardian.first_name, '')
  || ' ' || coalesce(guardian.middle_name, '') || ' ' || coalesce(guardian.suffix, ''), guardian.emails, '[]');

create function guardian_keys(guardian guardians) returns tsvector
language sql immutable parallel safe
return search_keys(guardian.district_id, guardian_text(guardian), guardian.phones);

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
    || ' ' || coalesce(suffix, ''), emails, '[]'), phones))
  with (gin_pending_list_limit = 1024);

-- Whether one of the phones begins with the digits, with or without its area code.
create function phone_begins(phones jsonb, digits text) returns boolean
language sql immutable parallel safe
return exists (select from jsonb_array_elements(phones) phone
  where starts_with(phone_digits(phone ->> 'number'), digits)
    or starts_with(right(phone_digits(phone ->> 'number'), 7), digits));

-- What a word asks for: to begin a word of the record, or to be one. Numbers from four digits on may be phones; from
-- seven on, the first three may be the area code.
create function word_query(district bigint, word text, is_beginning boolean) returns tsquery
language plpgsql immutable parallel safe set search_path = public, pg_temp as $$
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
end $$;

-- Mistyped names. One letter too many, too few, wrong or in the wrong place: with one letter dropped from each, both
-- texts are the same. Only the beginning counts, so that a name is found while it is being typed.
create function typo_keys(district bigint, word text, letters integer) returns bigint[]
language plpgsql immutable parallel safe as $$
declare
  beginning text := left(word, letters);
  keys bigint[] := array[hashtextextended(letters || beginning, district)];
begin
  for place in 1 .. length(beginning) loop
    keys := keys || hashtextextended(letters || left(beginning, place - 1) || substr(beginning, place + 1), district);
  end loop;
  return keys;
end $$;

drop index search_words_by_trigrams;
create index search_words_by_typos on search_words
  using gin ((typo_keys(district_id, word, 4) || typo_keys(district_id, word, 6))) with (gin_pending_list_limit = 512);

create or replace function similar_words(district bigint, typed text) returns setof text
language sql stable set search_path = public, pg_temp as $$
  select word from search_words,
    least(levenshtein_less_equal(left(word, length(typed)), typed, 2),
      case when length(word) between length(typed) + 1 and length(typed) + 2
        then levenshtein_less_equal(word, typed, 2) end) slips
  where typo_keys(district_id, word, 4) || typo_keys(district_id, word, 6)
      && typo_keys(district, typed, case when length(typed) < 6 then 4 else 6 end)
    and district_id = district and slips <= case when length(typed) < 5 then 1 else 2 end
  order by slips, abs(length(word) - length(typed)), word limit 12
$$;

create type student_hit as (
  student_id bigint,
  -- 0 the number itself, 1 the last name itself, 2 its beginning, 3 another word of the student, 4 words of a guardian,
  -- 5 words of both, 6 the school, 7 to 9 as 3 to 5 with similar words
  rank smallint,
  name_key text collate "C",
  student_number text collate "C",
  status text,
  entity_id bigint,
  grade text,
  -- The words that are similar to those typed; empty for ranks below 7.
  similar_words text[]
);

/*
 * The students of the caller's district and schools who are found by what was typed, the best `most` of them.
 * Each word has to begin a word of the student or of a guardian, or a number or phone; with few hits, similar words
 * count too. `school_entities` are those whose school is meant by some of the words, and `other_words` the rest of
 * them. The other parameters are filters; null: everybody.
 *
 * Works as the owner: words are not searched leak-proof, so row-level security would put its policy before the
 * index. The function itself is bound to the district and the schools of the transaction instead.
 */
create function find_students(
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
  -- Digits that may begin with an area code.
  partial_phone text;
  one text;
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
    if length(one) <= (case when one ~ '^[0-9]+$' then 3 else 2 end) then
      short_words := short_words || one;
    else
      long_words := long_words || one;
      parts := parts || word_query(district, one, true);
      beginning := coalesce(beginning && word_query(district, one, true), word_query(district, one, true));
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

  for round in 1 .. 8 loop
    exit when cardinality(hits) >= room;
    continue when round in (4, 8) and (cardinality(long_words) < 2 or cardinality(hits) >= few);
    continue when round = 5 and (school_entities is null or cardinality(hits) >= few);
    if round = 6 then
      -- Similar words, only when few are found by what was typed.
      exit when cardinality(hits) >= few;
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
    if round in (1, 2, 6) then
      asked := case round when 1 then whole else beginning end;
      select array_agg(row(s.id, s.rank, s.name_key, s.student_number, s.status, s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select s.id, s.name_key, s.student_number, s.status, s.entity_id, s.grade,
          case when round = 6 then 7
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
    elsif round in (3, 7) then
      select array_agg(row(s.id, case round when 7 then 8 else 4 end, s.name_key, s.student_number, s.status,
        s.entity_id, s.grade, alike)::student_hit)
      into more from (
        select distinct s.id, s.name_key, s.student_number, s.status, s.entity_id, s.grade from (
          select s.* from guardians g join students s on s.district_id = g.district_id and s.id = g.student_id
          where guardian_keys(g) @@ beginning and g.district_id = district and s.id <> all (seen)
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
    elsif round in (4, 8) then
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
        exit when candidates = '{}';
      end loop;
      candidates := array(select unnest(candidates) except select unnest(seen));
      continue when cardinality(candidates) not between 1 and max_looked_at;
      select array_agg(row(s.id, case round when 8 then 9 else 5 end, s.name_key, s.student_number, s.status,
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
