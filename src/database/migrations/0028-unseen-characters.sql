-- Names are compared without the characters that nobody sees: spaces of no width, joiners, marks of direction.
create or replace function search_form(words text) returns text
language plpgsql immutable strict parallel safe as $$
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
$$;

-- What was kept in the old form; there is little of it.
update students set last_name = last_name
where coalesce(first_name, '') || coalesce(middle_name, '') || coalesce(last_name, '') || coalesce(legal_first_name, '')
  || coalesce(legal_last_name, '') ~ '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]';
do $$
begin
  if exists (select from guardians
    where coalesce(first_name, '') || coalesce(middle_name, '') || coalesce(last_name, '')
      ~ '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
  then
    reindex index guardians_by_words;
  end if;
end
$$;
