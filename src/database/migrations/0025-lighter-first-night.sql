-- Cheaper functions behind the search's indexes and words: a part of what a first night costs the server.

-- As before (0006), to the letter, since the indexes stay: the words are put together as one text that is taken
-- apart once, and phones are written down here instead of by a function called for each.
create or replace function search_keys(district_id bigint, form text, phones jsonb) returns tsvector
language plpgsql immutable parallel safe as $$
declare
  mark text := district_id || '/';
  phone_mark text := ' ' || district_id || '#';
  keys text := mark || replace(form, ' ', ' ' || mark);
  digits text;
begin
  for place in 0 .. least(jsonb_array_length(phones), 10) - 1 loop
    -- `phone_digits`
    digits := translate(phones -> place ->> 'number', ' ()-./+', '');
    if digits ~ '[^0-9]' then digits := regexp_replace(digits, '[^0-9]', '', 'g'); end if;
    if length(digits) > 10 then
      digits := left(case when length(digits) = 11 and starts_with(digits, '1') then substr(digits, 2) else digits end, 20);
    end if;
    if length(digits) > 7 then
      keys := keys || phone_mark || digits || phone_mark || right(digits, 7);
    elsif digits <> '' then
      keys := keys || phone_mark || digits;
    end if;
  end loop;
  return array_to_tsvector(array_remove(string_to_array(keys, ' '), mark));
end $$;

-- Words of names are noted as before (0006); each set of the grouping has one name, the others are null.
create or replace function note_students() returns trigger
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
      select district_id, coalesce(last_name, first_name, middle_name, legal_last_name, legal_first_name) as name
      from after group by district_id,
        grouping sets (last_name, first_name, middle_name, legal_last_name, legal_first_name)) names,
      string_to_table(search_form(name), ' ') word
    where length(word) between 3 and 40 on conflict do nothing;
  end if;
  return null;
end $$;

create or replace function note_guardians() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into search_words (district_id, word)
  select distinct district_id, word from (
    select district_id, coalesce(last_name, first_name, middle_name) as name
    from after group by district_id, grouping sets (last_name, first_name, middle_name)) names,
    string_to_table(search_form(name), ' ') word
  where length(word) between 3 and 40 on conflict do nothing;
  return null;
end $$;
