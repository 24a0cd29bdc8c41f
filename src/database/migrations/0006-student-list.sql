-- The list of students: search by names, numbers, guardians and phones, order by any column, counts, saved views.
-- What the nightly import writes stays as it was; two indexes of words, a list of the words themselves and a
-- table of counts are kept beside it by the database.

do $$
begin
  create extension if not exists pg_trgm;
  create extension if not exists btree_gin;
  create extension if not exists fuzzystrmatch;
exception
  when insufficient_privilege or undefined_file or feature_not_supported then
    raise exception 'The search needs the extensions pg_trgm, btree_gin and fuzzystrmatch, which come with PostgreSQL (contrib). Let an administrator of the server run in this database: create extension pg_trgm; create extension btree_gin; create extension fuzzystrmatch';
end $$;

-- Order. Two blanks stand between the parts so that "Garcia, Maria" comes before "Garcia Lopez, Ana".
drop index students_by_search;
alter table students drop column search_text;
alter table students add column name_key text collate "C" not null generated always as (search_form(
  coalesce(last_name, legal_last_name, '') || '  ' || coalesce(first_name, legal_first_name, '')
  || '  ' || coalesce(middle_name, legal_middle_name, ''))) stored;

-- Grades in the order of a school life: what comes before the first, then 1 to 12, then what has no number.
create function grade_rank(grade text) returns smallint
language sql immutable parallel safe
return case
  when grade ~ '^[0-9]{1,3}$' then grade::smallint
  when upper(grade) in ('IT', 'EE', 'EC') then -3
  when upper(grade) in ('PK', 'PREK', 'PK3', 'PK4') then -2
  when upper(grade) in ('K', 'KG', 'KK', 'KF', 'KP') then -1
  when grade is null then 1001
  else 1000 end;
alter table students add column grade_rank smallint not null generated always as (grade_rank(grade)) stored;

-- One index for each order of the list. What the list filters by is carried along, so that a far page is
-- reached by the index alone.
create index students_by_name on students (district_id, name_key, id) include (status, entity_id, grade);
create index students_by_school on students (district_id, school_name collate "C", name_key, id) include (status, entity_id, grade);
create index students_by_status on students (district_id, status, name_key, id) include (entity_id, grade);
create index students_by_grade on students (district_id, grade_rank, name_key, id) include (status, entity_id, grade);
create index students_by_number on students (district_id, student_number collate "C", id) include (status, entity_id, grade);
create index students_by_birth on students (district_id, birth_date, id) include (status, entity_id, grade);
create index students_by_change on students (district_id, changed_run_id, id) include (status, entity_id, grade);
create index students_missing on students (district_id, id) where missing_since_run_id is not null;

-- A phone as its digits, without the country's 1; at most 20.
create function phone_digits(number text) returns text
language plpgsql immutable strict parallel safe as $$
declare
  digits text := translate(number, ' ()-./+', '');
begin
  if digits ~ '[^0-9]' then digits := regexp_replace(digits, '[^0-9]', '', 'g'); end if;
  return left(case when length(digits) = 11 and starts_with(digits, '1') then substr(digits, 2) else digits end, 20);
end $$;

-- The words by which a record is found, out of texts as `search_form` writes them, each with the district before
-- it, so that one district's search never walks through another's words: `17/garcia`, and phones with and
-- without their area code: `17#5125550102`, `17#5550102`.
create function search_keys(district_id bigint, form text, phones jsonb) returns tsvector
language plpgsql immutable parallel safe as $$
declare
  mark text := district_id || '/';
  keys text[] := array_remove(string_to_array(mark || replace(form, ' ', ' ' || mark), ' '), mark);
  digits text;
begin
  for place in 0 .. least(jsonb_array_length(phones), 10) - 1 loop
    digits := public.phone_digits(phones -> place ->> 'number');
    if digits <> '' then
      keys := keys || (district_id || '#' || digits);
      if length(digits) > 7 then keys := keys || (district_id || '#' || right(digits, 7)); end if;
    end if;
  end loop;
  return array_to_tsvector(keys);
end $$;

-- GIN takes a night's changes in bulk; the part not yet merged stays small, since every search reads it.
create index students_by_words on students using gin (search_keys(district_id, name_key || ' ' || search_form(
    coalesce(student_number, '') || ' ' || coalesce(state_id, '')
      || ' ' || coalesce(nullif(legal_last_name, last_name), '')
      || ' ' || coalesce(nullif(legal_first_name, first_name), '')), phones))
  with (gin_pending_list_limit = 1024);
create index guardians_by_words on guardians using gin (search_keys(district_id, search_form(
    coalesce(last_name, '') || ' ' || coalesce(first_name, '') || ' ' || coalesce(middle_name, '')), phones))
  with (gin_pending_list_limit = 1024);

-- Every word of a name that the district has or had: where a mistyped word is looked up. Words are only ever
-- added, so a night without new names writes nothing. Of use to the search alone: the web may not read it.
create table search_words (
  district_id bigint not null references districts (id) on delete cascade,
  word text collate "C" not null,
  primary key (district_id, word)
);
create index search_words_by_trigrams on search_words using gin (district_id, word gin_trgm_ops)
  with (gin_pending_list_limit = 512);
call protect_by_district('search_words', 'district');

-- How many students there are of each kind, so that the list can say so without counting 200,000 rows. Each
-- statement adds what it changed as rows of its own: nobody waits for anybody. The sum over all rows counts;
-- a statement that changed many students adds the rows up.
create table student_counts (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  entity_id bigint,
  school text,
  status text not null,
  grade text,
  number integer not null,
  primary key (district_id, id)
);
alter table student_counts enable row level security;
create policy by_district on student_counts to daybreak_web
  using (district_id = (select current_district_id())
    and ((select current_schools()) is null or entity_id = any ((select current_schools())::bigint[])));
grant select on student_counts to daybreak_web;

-- Kept by statement, not by row: a night of 200,000 students is one statement. Works as the owner, whoever writes.
create function note_students() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
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
      select distinct district_id, name from after,
        unnest(array[last_name, first_name, middle_name, legal_last_name, legal_first_name]) name
      where name is not null) names,
      string_to_table(search_form(name), ' ') word
    where length(word) between 3 and 40 on conflict do nothing;
  end if;
  return null;
end $$;
create trigger note_added after insert on students referencing new table as after
  for each statement execute function note_students();
create trigger note_changed after update on students referencing old table as before new table as after
  for each statement execute function note_students();
create trigger note_removed after delete on students referencing old table as before
  for each statement execute function note_students();

create function note_guardians() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into search_words (district_id, word)
  select distinct district_id, word from (
    select distinct district_id, name from after, unnest(array[last_name, first_name, middle_name]) name
    where name is not null) names,
    string_to_table(search_form(name), ' ') word
  where length(word) between 3 and 40 on conflict do nothing;
  return null;
end $$;
create trigger note_added after insert on guardians referencing new table as after
  for each statement execute function note_guardians();
create trigger note_changed after update on guardians referencing new table as after
  for each statement execute function note_guardians();

insert into search_words (district_id, word)
select distinct district_id, word from (
  select district_id, name from students,
    unnest(array[last_name, first_name, middle_name, legal_last_name, legal_first_name]) name
  union select district_id, name from guardians, unnest(array[last_name, first_name, middle_name]) name) names,
  string_to_table(search_form(name), ' ') word
where length(word) between 3 and 40;
insert into student_counts (district_id, entity_id, school, status, grade, number)
select district_id, entity_id, coalesce(school_name, entity_name), status, grade, count(*)
from students group by 1, 2, 3, 4, 5;

-- Adds the rows of a district up. Two at once are no harm: each row is taken by one of them, with its number.
create function add_up_student_counts(district bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
  with gone as (delete from student_counts where district_id = district returning *)
  insert into student_counts (district_id, entity_id, school, status, grade, number)
  select district_id, entity_id, school, status, grade, sum(number)
  from gone group by 1, 2, 3, 4, 5 having sum(number) <> 0;
$$;
revoke execute on function add_up_student_counts(bigint) from public;

-- Words of a name like a mistyped one, the nearest first. A word that is still being typed is compared with as
-- many letters of the whole one. Up to four letters take one slip, longer words two (two letters changed
-- about are two).
create function similar_words(district bigint, typed text) returns setof text
language sql stable set search_path = public, pg_temp set pg_trgm.similarity_threshold = 0.2 as $$
  select word from search_words,
    least(levenshtein_less_equal(word, typed, 2), levenshtein_less_equal(left(word, length(typed)), typed, 2)) slips
  where district_id = district and word % typed and slips <= case when length(typed) < 5 then 1 else 2 end
  order by slips, abs(length(word) - length(typed)), word limit 12
$$;
revoke execute on function similar_words(bigint, text) from public;

-- What a word asks for: to be a word of the record, or to begin one. Numbers from four digits on may be phones.
create function word_query(district bigint, word text, is_beginning boolean) returns tsquery
language plpgsql immutable parallel safe set search_path = public, pg_temp as $$
declare
  ending text := case when is_beginning then ':*' else '' end;
  quoted text := replace(replace(word, '\', '\\'), '''', '''''');
begin
  return format(case when word ~ '^[0-9]{4,}$' then '''%1$s/%2$s''%3$s | ''%1$s#%2$s''%3$s' else '''%1$s/%2$s''%3$s' end,
    district, quoted, ending)::tsquery;
end $$;

create type student_hit as (
  student_id bigint,
  -- 0 the number itself, 1 the last name itself, 2 its beginning, 3 another name or number, 4 a guardian or a
  -- phone, 5 a name nearly alike, 6 a guardian's name nearly alike
  rank smallint,
  -- name, number, phone, guardian
  matched text,
  -- The guardian whose name or phone it is.
  guardian_id bigint,
  status text,
  entity_id bigint,
  grade text
);

/*
 * The students of the caller's district and schools who are found by what was typed, the best `most` of them.
 * Each word has to begin a word of the name, a number or a phone, or all of them words of one guardian; when
 * hardly anybody is found so, words nearly alike count too. The other parameters narrow; null: everybody.
 *
 * Works as the owner: words are not searched leak-proof, so row-level security would put its policy before the
 * index. The function itself is bound to the district and the schools of the transaction instead.
 */
create function find_students(
  typed text, most integer, statuses text[], entities bigint[], grades text[], changed_since_run bigint, among bigint[]
) returns setof student_hit
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
declare
  district bigint := current_district_id();
  schools bigint[] := current_schools();
  form text := search_form(typed);
  words text[];
  -- Too short to be looked up by itself: nearly everybody has a word that begins so.
  short_words text[] := '{}';
  long_words text[] := '{}';
  one text;
  whole tsquery;
  beginning tsquery;
  alike tsquery;
  asked tsquery;
  is_number boolean;
  is_phone boolean;
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
      whole := coalesce(whole && word_query(district, one, false), word_query(district, one, false));
      beginning := coalesce(beginning && word_query(district, one, true), word_query(district, one, true));
    end if;
  end loop;
  is_number := words[1] ~ '^[0-9]+$';
  is_phone := exists (select from unnest(long_words) w where w ~ '^[0-9]+$');

  -- By the beginning of the last name or of the number, in their order: one walk along an index.
  if is_number and cardinality(words) = 1 then
    select array_agg(row(s.id, case s.student_number when words[1] then 0 else 3 end, 'number', null,
      s.status, s.entity_id, s.grade)::student_hit)
    into more from (
      select s.* from students s
      where s.district_id = district and s.student_number collate "C" >= words[1]
          and s.student_number collate "C" < words[1] || ':'
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
          and (among is null or s.id = any (among))
      order by s.student_number collate "C", s.id limit most) s;
    hits := coalesce(more, '{}');
  elsif cardinality(words) = 1 or whole is null then
    select array_agg(row(s.id, case when split_part(s.name_key, '  ', 1) = words[1] then 1 else 2 end, 'name', null,
      s.status, s.entity_id, s.grade)::student_hit)
    into more from (
      select s.* from students s
      where s.district_id = district and s.name_key >= words[1] and s.name_key < words[1] || U&'\+10FFFF'
          and not exists (select from unnest(short_words) w where strpos(' ' || s.name_key, ' ' || w) = 0)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
          and (among is null or s.id = any (among))
      order by s.name_key, s.id limit most) s;
    hits := coalesce(more, '{}');
  end if;

  for round in 1 .. 5 loop
    exit when cardinality(hits) >= most or whole is null;
    if round = 4 then
      -- Nearly alike, only when hardly anybody is found by what was typed.
      exit when cardinality(hits) >= 10;
      foreach one in array long_words loop
        asked := word_query(district, one, true);
        if one ~ '^[^0-9]{4,40}$' then
          select coalesce(asked || string_agg(word_query(district, w, false)::text, ' | ')::tsquery, asked)
          into asked from similar_words(district, one) w;
        end if;
        alike := coalesce(alike && asked, asked);
      end loop;
      exit when alike::text = beginning::text;
    end if;
    asked := case when round = 1 then whole when round <= 3 then beginning else alike end;
    seen := array(select student_id from unnest(hits));
    if round in (1, 2, 4) then
      select array_agg(row(s.id, s.rank, s.matched, null, s.status, s.entity_id, s.grade)::student_hit)
      into more from (
        select s.id, s.status, s.entity_id, s.grade,
          case when round = 4 then 5
            when words[1] in (s.student_number, s.state_id) then 0
            when split_part(s.name_key, '  ', 1) = any (words) then 1
            when exists (select from unnest(words) w where starts_with(s.name_key, w)) then 2
            else 3 end as rank,
          case when not is_number then 'name'
            when starts_with(s.student_number, words[1]) or starts_with(s.state_id, words[1]) then 'number'
            else 'phone' end as matched
        from students s
        where search_keys(s.district_id, s.name_key || ' ' || search_form(
            coalesce(s.student_number, '') || ' ' || coalesce(s.state_id, '')
              || ' ' || coalesce(nullif(s.legal_last_name, s.last_name), '')
              || ' ' || coalesce(nullif(s.legal_first_name, s.first_name), '')), s.phones) @@ asked
          and s.district_id = district and s.id <> all (seen)
          and not exists (select from unnest(short_words) w
            where strpos(' ' || s.name_key || ' ' || coalesce(s.student_number, ''), ' ' || w) = 0)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
          and (among is null or s.id = any (among))
        limit most - cardinality(hits)) s;
    else
      select array_agg(row(s.id, case round when 5 then 6 else 4 end, case when is_phone then 'phone' else 'guardian' end,
        s.guardian_id, s.status, s.entity_id, s.grade)::student_hit)
      into more from (
        select s.id, min(s.guardian_id) as guardian_id, s.status, s.entity_id, s.grade from (
          select s.id, g.skyward_id as guardian_id, s.status, s.entity_id, s.grade
          from guardians g join students s on s.district_id = g.district_id and s.id = g.student_id
          where search_keys(g.district_id, search_form(
            coalesce(g.last_name, '') || ' ' || coalesce(g.first_name, '') || ' ' || coalesce(g.middle_name, '')), g.phones) @@ asked
            and g.district_id = district and s.id <> all (seen)
            and not exists (select from unnest(short_words) w where strpos(' ' || search_form(
              coalesce(g.last_name, '') || ' ' || coalesce(g.first_name, '') || ' ' || coalesce(g.middle_name, '')),
              ' ' || w) = 0)
          and (schools is null or s.entity_id = any (schools))
          and (statuses is null or s.status = any (statuses))
          and (entities is null or s.entity_id = any (entities))
          and (grades is null or s.grade = any (grades))
          and (changed_since_run is null or s.changed_run_id >= changed_since_run)
          and (among is null or s.id = any (among))
          limit most - cardinality(hits)) s
        group by s.id, s.status, s.entity_id, s.grade) s;
    end if;
    hits := hits || coalesce(more, '{}');
  end loop;
  return query select * from unnest(hits);
end $$;
revoke execute on function find_students(text, integer, text[], bigint[], text[], bigint, bigint[]) from public;
grant execute on function find_students(text, integer, text[], bigint[], text[], bigint, bigint[]) to daybreak_web;

-- A list as somebody wants to see it again: what stands in its address. Belongs to one person; shared, everybody of
-- the district sees it.
create table saved_views (
  district_id bigint not null references districts (id) on delete cascade,
  id bigint generated always as identity,
  account_id uuid not null references accounts (id) on delete cascade,
  name text not null,
  is_shared boolean not null default false,
  asked jsonb not null,
  created_at timestamptz not null default now(),
  primary key (district_id, id),
  constraint saved_views_name_length check (length(name) between 1 and 80)
);
create index saved_views_by_account on saved_views (account_id);
call protect_by_district('saved_views', 'district');
grant select, insert, update (name, is_shared, asked), delete on saved_views to daybreak_web;
