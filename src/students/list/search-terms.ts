/** What was typed into the search: words, phones, e-mails, a grade, a school. */

/** A search, taken apart. */
export interface SearchTerms {
  /** What `find_students` gets: words, with phones as digits, and e-mails without the end of their domain. */
  readonly words: string;
  /** Codes of a grade that the search names, such as `grade 2`. */
  readonly grades: readonly string[] | undefined;
}

/** A phone with its area code, however it is written; a local one needs a dash or dot to be one. */
const phone = /(?:\+?1[ .-]*)?\(?\b(\d{3})\)?[ .-]*(\d{3})[ .-]?(\d{4})(?!\d)/g;
const localPhone = /\b(\d{3})[.-](\d{4})(?!\d)/g;

/** `grade 2`, `2nd grade`, `kindergarten`, `pre-K`. */
const grade =
  /\bgrade\s+(\d{1,2}|pre-?k\w*|pk\d?|k\w*)(?=\s|$)|\b(\d{1,2})(?:st|nd|rd|th)\s+grade(?:rs?)?(?=\s|$)|\b(kindergarten|pre-?k(?:indergarten)?)(?=\s|$)/i;

/** Takes the search apart. */
export function parseSearch(typed: string): SearchTerms {
  const named = grade.exec(typed);
  const rest = named === null ? typed : typed.replace(named[0], ' ');
  return {
    words: rest
      .replaceAll(phone, ' $1$2$3 ')
      .replaceAll(localPhone, ' $1$2 ')
      // `huda.abboud@district.example` is found by `abboud@district`, as in `search_text` of the database.
      .replaceAll(/(@[^\s.]*)\.\S*/g, '$1')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    grades: named === null ? undefined : toGradeCodes(named[1] ?? named[2] ?? named[3] ?? ''),
  };
}

/** The codes that Skyward's districts use for a grade; the same as in `grade_rank` of the database. */
function toGradeCodes(name: string): readonly string[] {
  if (/^\d+$/.test(name)) return [String(Number(name)), name.padStart(2, '0')];
  return /^p/i.test(name) ? ['PK', 'PREK', 'PK3', 'PK4'] : ['K', 'KG', 'KK', 'KF', 'KP'];
}

/** Returns the words of a text in the form of the database's `search_form`: no accents, capitals and punctuation. */
export function toSearchWords(text: string): readonly string[] {
  return (isPlain.test(text) ? text : removeMarks(text))
    .toLowerCase()
    .split(/[\s\-.,_/()"'`]+/)
    .filter((word) => word !== '');
}

const isPlain = /^[\x20-\x7e]*$/;

const removeMarks = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replaceAll(/[Łł]/g, 'l')
    .replaceAll(/[Øø]/g, 'o')
    .replaceAll(/[Đđ]/g, 'd')
    .replaceAll('ı', 'i')
    .replaceAll(/[’‘ʼ]/g, '');

/** A school whose students a search may mean. */
export interface SearchedSchool {
  readonly entityId: number;
  /** The words of its name (`toSearchWords`). */
  readonly words: readonly string[];
}

/** The schools that a search names, and its other words. */
export interface NamedSchools {
  readonly entityIds: readonly number[];
  readonly otherWords: string;
}

/** More schools than this are no choice. */
const maxSchools = 20;

/** A shorter beginning of a word means no school. */
const minLetters = 4;

/**
 * Returns the schools whose names have some of the words, and the words that they don't have. Words that nearly all
 * schools have, such as `elementary`, name none by themselves.
 */
export function findNamedSchools(
  words: string,
  schools: readonly SearchedSchool[],
): NamedSchools | undefined {
  let named = schools;
  const others: string[] = [];
  for (const word of toSearchWords(words)) {
    const matching = named.filter((school) =>
      school.words.some((part) =>
        word.length < minLetters ? part === word : part.startsWith(word),
      ),
    );
    if (matching.length === 0) others.push(word);
    else named = matching;
  }
  if (named.length === schools.length || named.length > maxSchools) return undefined;
  return { entityIds: named.map(({ entityId }) => entityId), otherWords: others.join(' ') };
}
