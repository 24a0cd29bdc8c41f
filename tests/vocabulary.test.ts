/** Fails on words that the project has replaced, in code, docs and the texts of screens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parseSync } from 'vite';

import { readPages } from './house/documentation.ts';
import { listSourcePaths, findNodes, projectRoot } from './house/source-file.ts';

/** What was replaced, and the word to use. Only what is wrong wherever it occurs; everyday words are not listed. */
const replacedWords: readonly (readonly [RegExp, string])[] = [
  // Imports
  [/(?<!mid|every |once a )night(?!ly)/gi, 'import run, import date, simulated day'],
  [/\bbrakes?\b|\w*Brake\w*/g, 'safety limits'],
  [/redecid\w+|redecision/gi, 'recalculate'],
  [/\bholdOf\b|addHeldDistrict|held for a decision|waits for a person/gi, 'hold reason, on hold'],
  [/decideHeld\w+|HeldDecision|run-decision/g, 'reviewHeldRun'],
  [/\blet through\b|\bturn(?:s|ed|ing)? (?:down|away)\b/gi, 'accept, approve; discard, reject'],
  [/what would happen\b|\bplan only\b/gi, 'dry run, preview of changes'],
  [
    /\bfollowDates?\b|date-(?:change|rounds)|statuses follow/gi,
    'updateStatusesForDate, daily-status-update',
  ],
  [/hasRunOut|\bhas run out\b/g, 'isExpired, has expired'],
  [
    /(?<![-'"`])\bcancell(?:ed|ing)\b(?![-'"`:} ]* ?[:}=])/gi,
    'canceled, canceling (codes keep two l)',
  ],
  [/[sS]topWish|stop wish|\bisStopping\b|requestStop/g, 'cancel'],
  [/createSteps|RunSteps|run-steps/g, 'RunRecorder'],
  [/\bbringIn(?:All)?\b|\bbr(?:ing|ings|ought)\b/gi, 'load rows, import'],
  [
    /\bundelivered\b|copyUndelivered|no longer deliver\w*|\bvanish\w*|left the feed/gi,
    'not received, no longer in Skyward',
  ],
  [/\bisDelivered\b|delivered-values|\bdelivered (?:rows?|students?|values?)\b/gi, 'received'],
  [/findCandidates|import\/candidates/g, 'findChangedStudents'],
  [/\bnotCreated\w*/g, 'notImported'],
  [/setAside|setProblemsAside|\bset(?:s|ting)? aside\b/gi, 'skip (a student), drop (indexes)'],
  [/LeftOutEnrollment|isLeftOut|leftOutSentence/g, 'UncountedEnrollment'],
  [/\w*[nN]otGranted\b|fieldsLeftOut|objectsLeftOut/g, 'missingPermissions'],
  [/[kK]eptValues?\b|kept-values/g, 'retainedValues'],
  [/\w*[sS]pool(?:s|ed|er|ing)?\b|scratch file/g, 'temporary file'],
  [/IdFolds|id-folds|foldedBefore|FoldLayer|\b\w*[fF]olding\b|\bfolds?\b/g, 'IdHashes, hash'],
  [/\badoptions?\b|[tT]akeovers?/g, 'number matches'],
  [/[nN]umberClash\w*|number[- ]clash\w*/g, 'duplicate student number'],
  [/[rR]unTraffic|run-traffic|countTraffic|\bfigures\b/g, 'request statistics, metrics'],
  [/\bunder way\b|isUnderWay/g, 'in progress, isRunning'],
  // Records
  [/\bskywardId\b|[sS]tudentSkywardId|lastSkywardId/g, 'sisStudentId'],
  [
    /[hH]and-?[kK]ept|kept ?[bB]y ?[hH]and|(?:set|status(?:es)?) by hand|\w*StatusByHand|\bbyHand|\/by-hand/g,
    'manual student, manual status',
  ],
  [/what (?:staff|people) keep|kept by staff/gi, 'staff values'],
  [/row that counts|\bwhom to call\b|who guards/gi, 'enrollment, guardian'],
  [/decidingEnrollment|what the enrollments come/g, 'status decision'],
  [/[hH]andChanges?\b|hand-changes/g, 'manual change'],
  [/[sS]tatusStretch\w*|status-stretches|stretchOn\b|stretchesOf/g, 'status period'],
  [/keepApart|keptApart|kept apart/gi, 'not a duplicate'],
  [/originsOf|value-origin/g, 'value source'],
  [/\bdirt\b|\bDirt\w*|dirtKinds|applyDirt/g, 'malformed data'],
  [/\btid(?:y|ies|ied|ying)\b|tidyText/gi, 'normalize'],
  [/takeOverDetails|keep what the document/g, 'updateFromDetails'],
  [
    /\bsetBack\b|set-back|\bsets? back to\b|\bg(?:ive|ives|iven|ave) back\b/gi,
    'reopen, restore, return',
  ],
  [/\bwanted by\b/gi, 'due date'],
  [/[tT]allyWords|\btall(?:y|ies)\b/g, 'summary, counts'],
  [/faulty-parts|noteFaultyParts/g, 'unreadable parts'],
  // Users
  [/listPeople|changePerson|people-screen/g, 'users'],
  [/withdrawInvitation|\bsetLock\b/g, 'cancelInvitation, setSuspended'],
  [/(?<![sS]ingle)SignOn|(?<!single-)sign-on-settings/g, 'SingleSignOn'],
  [
    /[sS]econd[ -]?[fF]actors?|[sS]econdStep|second step\b/g,
    'two-factor; two-step verification on screens',
  ],
  [/mail-choices|readersOf/g, 'e-mail subscription, recipients'],
  [
    /tellNotices|takeUntold|tellWebhooks|tellTurnedOff|tellFault|ToldFault|told-fault/g,
    'send, queue, notify, print, serialize',
  ],
  [/\badmit\b|\bAdmitted\b/g, 'authorize'],
  // Database
  [/[lL]eaveUntidied|untidied/g, 'disableAutovacuum'],
  [/setIndexesAside|restoreIndexes|set-aside-indexes/g, 'dropIndexes, rebuildIndexes'],
  [/\bways? to the (?:server|database)\b/g, 'round trip'],
  [/analyzeBriefly|believesFewer/g, 'analyzeWithSmallSample, hasStaleEstimates'],
  [/OwnConnection|own-connection|\blend(?:s|ing)?\b/g, 'dedicated connection, provide'],
  [/removeDeadTables|deadSchemas|dead tables/g, 'orphaned tables'],
  [/holdImportsOff|import-pause/g, 'tryBlockImports'],
  [/EmbeddedPlace|embedded-place/g, 'EmbeddedPaths'],
  [/noteAnswered/g, 'recordResponse'],
  // HTTP, errors, limits
  [
    /\b\w+Answer\b|\banswer(?:Of|Json|With)\b|answer-forms|http-answer/g,
    'HttpResponse, errorResponse',
  ],
  [
    /\b\w*(?:Import|Database|Setup|District|Accounts|Partner|Setting|Seal)Fault\b|faultRecord|fault-record/g,
    '…Error, errorLogFields',
  ],
  [
    /ApiRefusal|api-refusal|doneOrRefuse|refuseProblems|fieldsRefused|[rR]efusal[A-Z]\w*|refusal-form/g,
    'ApiError, invalidFields',
  ],
  [/nothingHere|noSuchStudent|no-such-student/g, 'notFound, studentNotFound'],
  [/passingFault|lastingFaults|isBeyondHelp/g, 'transientError, permanentErrors, isPermanent'],
  [/takeRepeat|keepQuiet|quietUntil|untilQuiet/g, 'takeRetry, throttle, throttledUntil'],
  [/\b(?:outcome|failure|lists|steps)Of\b/g, 'a verb and a noun: toOutcome, listObjects'],
  [/\bthe dice\b|RetryWorld|\b(?:Api|WebhookSender|Office)Parts\b/g, '…Deps'],
  [
    /\b(?:Import|Print|PdfForm|Supervisor|Verification|Step|Web)Order\b|\bMergeOrder\b/g,
    '…Options, MergeRequest',
  ],
  [/\b(?:most|usual|longest|largest|shortest)(?=[A-Z])(?!Recent|Unit)/g, 'max…, min…, default…'],
  [
    /\b(?:day|value|age|role|phase|state|kind|field|rule|end|source|notCreated)Words\b/g,
    'format…, …Labels',
  ],
  [/startRounds|startDateRounds/g, 'startPeriodicTask'],
  [
    /createTurns|\binTurn\b|PrintRoom|CopyingConnections|withPlaceAtHost|takePlace/g,
    'semaphore, withHostSlot',
  ],
  [/\bDesk\b|SetupDesk|\bdesk\b/g, '…Context'],
  // Tests and the sandbox
  [
    /\bpractice (?:Skyward|Qmlativ|system|district|server)|\bpractice[A-Z-]\w*|Practice(?!Stu)[A-Z]\w*/g,
    'sandbox',
  ],
  [/\w*[pP]upils?\b|Pupil[A-Z]\w*/g, 'SandboxStudent'],
  [/\bspells?\b|\bSpells?\b|planSpells|SpellPlan|spell-plan/g, 'planned enrollment'],
  [/[nN]ewcomers?/g, 'new student'],
  [/mountOffice|OfficeParts/g, 'admin side'],
  [/impatience/g, 'fastRetry'],
  [/control interface|\bspoil\w*/gi, 'control API, corrupt'],
  [
    /[sS]kyward-?(?:Passage|passage|Counter|counter|Gate|gate)\b/g,
    'SkywardProxy, CountingProxy, BlockingProxy',
  ],
  [/sample-life|[sS]ampleLife/g, 'sample history'],
  // Screens
  [/\bonAsk\b|\bListTools\b/g, 'onQueryChange, ListToolbar'],
  // Prose
  [/\bwhoever\b|\b(?:some|every)body\b/gi, 'anyone who, someone, all users'],
  [/\banew\b/gi, 'again'],
  [/\breckon\w*/gi, 'calculate'],
  [/\bhears? of\b|\bunheard\b|\blearns nothing\b/gi, 'receives'],
  [/\bbeside\b/gi, 'next to'],
  [/\bstands?\b(?! for| still)|\bstood\b/gi, 'is'],
  [/\bmend(?:s|ed|ing)?\b/gi, 'fix'],
  [/\bbeliev\w+/gi, 'accept, estimate'],
  [/\b(?:of|after|with|most) so many\b/gi, 'N'],
  [/\bmakes of\b|\bc(?:omes?|ame) to nothing\b|\bhas to come to\b/gi, 'returns, parses'],
];

/** Phrases that screens no longer show. */
const replacedOnScreens: readonly (readonly [RegExp, string])[] = [
  // Imports
  [/how it ended|how long it took|\btook\b:/gi, 'Result, Duration, Import time'],
  [/\bevery run\b|what happened that|is about to begin/gi, 'All imports, View import report'],
  [/nothing (?:had|has) changed|statuses by the date/gi, 'No changes, Daily status update'],
  [
    /values that changed|of a known student|rows read|putting records/gi,
    'Fields updated, Records read',
  ],
  [/not granted in skyward|what comes of/gi, 'Missing Skyward permissions'],
  [/left as last imported|\bthe plan\b/gi, 'not updated (data problem), Preview of changes'],
  [/released?\b|reject\w*/gi, 'Import anyway, Discard'],
  [/free worker|asked for by|one import of the district/gi, 'queued by, already running'],
  [/by a command on|by the new date/gi, 'from the server command line, date change'],
  [/hold a night|nights may begin/gi, 'Hold an import for review when'],
  // Records
  [/saved by itself/gi, 'Saves automatically'],
  [
    /\bby hand\b|first seen|decided for|number in daybreak/gi,
    'manually, First imported, Internal ID',
  ],
  [
    /^born$|State id\b|^no\. |language at home/g,
    'Date of birth, State ID, Student ID, Home language',
  ],
  [
    /decides the status|day looked at|change before|let skyward/gi,
    'determines status, selected date',
  ],
  [/\bId\b|\bids?\b/g, 'ID, IDs'],
  // Documents and forms
  [/by any day|record changed since|deleted within/gi, 'Any date, Student info changed'],
  [/take over|say now|bring back|set back|in details now/gi, 'Update, Restore, Reopen'],
  [/does not change any more|written here|^look at it/gi, 'No further edits, Entered by, View'],
  [/kind of |name in use|who took part|of the meeting/gi, 'type, Preferred name, Team members'],
  [/comes? with the program|forms of the district|^offered$/gi, 'Built-in, Form library'],
  [
    /who fills it in|text above its|a paragraph a line|they began with/gi,
    'Help text, Introduction',
  ],
  // Lists and duplicates
  [/no student fits|\bnobody\b|small slips|filter back/gi, 'No students found'],
  [/keep this list|have them back|students chosen|choose all/gi, 'Save this view, selected'],
  [/with or without problems|\blines? found\b/gi, 'Import issues, entries'],
  [/to settle|keep apart|merged in\b(?! the)|also belongs/gi, 'To review, Not a duplicate'],
  // Users and support
  [/app of codes|counts as it is|\bsomebody\b|link of the invitation/gi, 'authenticator app, user'],
  [/^lock$|^withdraw$|send again|nobody else reads/gi, 'Suspend, Cancel invitation, Resend'],
  [/take addresses of|make an account|people can sign in/gi, 'Trust, Create accounts, Turn on'],
  [/who gets mail|^trouble$|mails sent|mail server yet/gi, 'E-mail notifications, Sent messages'],
  [
    /another program|\badd it$|not asked for|ask for completion/gi,
    'another system, Request activation',
  ],
  [
    /dealt with|waits for|waiting for the|left aside|^refuse\b/gi,
    'Needs review, Mark as done, Decline',
  ],
  [/\bcustomer|\btold\b|throw the/gi, 'Skyward district, given, Discard'],
  [/was refused|looked at|record is gone/gi, 'failed to sign in, viewed, (deleted record)'],
  // Everywhere
  [/that did not work|that was not done|can not be\b/gi, 'Something went wrong.'],
  [/(?<=\p{L})'(?=\p{L})/gu, 'the apostrophe ’'],
  [/(?:nothing was decided|not taken over|not given back)/gi, 'Couldn’t save, update, undo'],
  [/there is no such page|to the first page|load the page again/gi, 'Page not found, Refresh'],
];

interface Finding {
  readonly path: string;
  readonly line: number;
  readonly word: string;
  readonly use: string;
}

/** Returns each replaced word of a text. Names of columns (`scheduled_nights`) stay, so they are skipped. */
function findReplaced(path: string, text: string, words = replacedWords): Finding[] {
  const prose = text
    .replaceAll(/\b[a-z]\w*_\w+\b/g, '_')
    // Stored secrets depend on the name of their key.
    .replaceAll('daybreak second factors', '_');
  return words.flatMap(([pattern, use]) =>
    Array.from(prose.matchAll(pattern), ({ 0: word, index }) => ({
      path,
      line: prose.slice(0, index).split('\n').length,
      word,
      use,
    })),
  );
}

/** Returns what a person reads of a file of the web app: text between tags, and strings that are not names. */
function findScreenTexts(path: string, source: string): string[] {
  const { program } = parseSync(path, source);
  return [
    ...findNodes(program, 'JSXText').map(({ value }) => value),
    ...findNodes(program, 'TemplateElement').map(({ value }) => value.cooked ?? value.raw),
    ...findNodes(program, 'Literal').flatMap(({ value }) =>
      typeof value === 'string' && /^\p{Lu}| /u.test(value) ? [value] : [],
    ),
  ].map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** Decisions before this vocabulary stay as they were written. */
const isOldDecision = (path: string) => /^docs\/decisions\/00(?:[0-2]\d|30)/.test(path);

const sources = (await listSourcePaths())
  // Tests of the migrations that rename stored values contain the old ones.
  .filter((path) => !/^tests\/vocabulary\.test\.ts$|^src\/database\/.*-names\.test\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }));
const pages = (await readPages())
  .filter(({ path }) => path !== 'CHANGELOG.md' && !isOldDecision(path))
  // Links to decisions carry the old titles.
  .map(({ path, text }) => ({
    path,
    text: text.replaceAll(/\[[^\]]*\]\((?:[^)]*decisions\/)?00\d\d-[^)]*\)/g, ''),
  }));

const findFolder = (path: string) => (path.includes('/') ? path.replace(/\/.*/, '') : '.');
const describeFinding = ({ path, line, word, use }: Finding) => `${path}:${line} "${word}": ${use}`;

describe('the vocabulary', () => {
  const found = [...sources, ...pages].flatMap(({ path, text }) => [
    ...findReplaced(path, text),
    ...findReplaced(path, path).map((finding) => ({ ...finding, line: 0 })),
  ]);

  it.each([...new Set([...sources, ...pages].map(({ path }) => findFolder(path)))])(
    'of %s has no replaced word',
    (folder) => {
      const inFolder = found.filter(({ path }) => findFolder(path) === folder);
      expect(inFolder.map(describeFinding)).toEqual([]);
    },
  );

  it('of screens has no replaced phrase', () => {
    const shown = sources
      .filter(({ path }) => path.startsWith('web/') && !path.includes('.test.'))
      .flatMap(({ path, text }) =>
        findScreenTexts(path, text).flatMap((shownText) =>
          findReplaced(path, shownText, [...replacedWords, ...replacedOnScreens]),
        ),
      );
    expect(shown.map(describeFinding)).toEqual([]);
  });
});

describe('a replaced word is found', () => {
  it.each([
    ['const nightStart = 1;', 'night'],
    ['/** Ends the night. */', 'night'],
    ['const mostPrinted = 3;', 'most'],
    ['Whoever asks', 'Whoever'],
    ['class ImportFault {}', 'ImportFault'],
  ])('in %s', (text, word) => {
    expect(findReplaced('a.ts', text).map((finding) => finding.word)).toEqual([word]);
  });

  it.each([
    'the nightly import',
    'at midnight',
    'every night',
    'select nights_paused',
    'mostRecent',
  ])('but not in %s', (text) => {
    expect(findReplaced('a.ts', text)).toEqual([]);
  });

  it('on a screen, between tags and in strings', () => {
    const source = `const a = <p title="Every night of it">Saved by itself {b ? 'Take over' : 'x'}</p>;`;
    expect(findScreenTexts('a.tsx', source)).toEqual([
      'Saved by itself',
      'Every night of it',
      'Take over',
    ]);
  });
});
