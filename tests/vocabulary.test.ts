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
  [/\bfollowDates?\b|date-(?:change|rounds)/g, 'updateStatusesForDate, daily-status-update'],
  [/hasRunOut/g, 'isExpired'],
  [/[sS]topWish|stop wish|\bisStopping\b|requestStop/g, 'cancel'],
  [/createSteps|RunSteps|run-steps/g, 'RunRecorder'],
  [/\bbringIn(?:All)?\b|brought in\b/g, 'load rows, import'],
  [/\bundelivered\b|copyUndelivered|no longer deliver\w*/gi, 'not received, no longer in Skyward'],
  [/setAside|setProblemsAside|\bset(?:s|ting)? aside\b/gi, 'skip (a student), drop (indexes)'],
  [/LeftOutEnrollment|isLeftOut|leftOutSentence/g, 'UncountedEnrollment'],
  [/\w*[nN]otGranted\b|fieldsLeftOut|objectsLeftOut/g, 'missingPermissions'],
  [/[kK]eptValues?\b|kept-values/g, 'retainedValues'],
  [/RowSpool|row-spool|openSpool|\bspooled\b|SpooledChunk|scratch file/g, 'temporary file'],
  [/IdFolds|id-folds|foldedBefore|FoldLayer|TableFolding/g, 'IdHashes'],
  [/[nN]umberClash\w*|number[- ]clash\w*/g, 'duplicate student number'],
  [/[rR]unTraffic|run-traffic|countTraffic/g, 'request statistics'],
  [/\bunder way\b|isUnderWay/g, 'in progress, isRunning'],
  // Records
  [/\bskywardId\b|[sS]tudentSkywardId|lastSkywardId/g, 'sisStudentId'],
  [
    /[hH]and-?[kK]ept|kept by hand|status(?:es)? by hand|StatusByHand/g,
    'manual student, manual status',
  ],
  [/HandChanges?\b|hand-changes/g, 'manual change'],
  [/[sS]tatusStretch\w*|status-stretches|stretchOn\b|stretchesOf/g, 'status period'],
  [/keepApart|keptApart|kept apart/gi, 'not a duplicate'],
  [/originsOf|value-origin/g, 'value source'],
  [/\bdirt\b|\bDirt\w*|dirtKinds|applyDirt/g, 'malformed data'],
  [/tidyText|tidy-text/g, 'normalizeText'],
  [/takeOverDetails/g, 'updateFromDetails'],
  [/[tT]allyWords|documents-tally/g, 'summary, counts'],
  [/faulty-parts|noteFaultyParts/g, 'unreadable parts'],
  // Users
  [/listPeople|changePerson|people-screen/g, 'users'],
  [/withdrawInvitation/g, 'cancelInvitation'],
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
  [/[lL]eaveUntidied|untidied|tidying up/g, 'disableAutovacuum'],
  [/\bways? to the (?:server|database)\b/g, 'round trip'],
  [/analyzeBriefly|believesFewer/g, 'analyzeWithSmallSample, hasStaleEstimates'],
  [/OwnConnection|own-connection/g, 'dedicated connection'],
  [/removeDeadTables|deadSchemas|dead tables/g, 'orphaned tables'],
  [/holdImportsOff/g, 'tryBlockImports'],
  [/EmbeddedPlace|embedded-place/g, 'EmbeddedPaths'],
  [/noteAnswered/g, 'recordResponse'],
  // HTTP, errors, limits
  [/HttpAnswer|http-answer|ErrorAnswer|answerJson|faultAnswer/g, 'HttpResponse, errorResponse'],
  [
    /\b\w*(?:Import|Database|Setup|District|Accounts|Partner|Setting|Seal)Fault\b|faultRecord|fault-record/g,
    '…Error, errorLogFields',
  ],
  [/ApiRefusal|api-refusal|doneOrRefuse|refuseProblems|fieldsRefused/g, 'ApiError, invalidFields'],
  [/nothingHere|noSuchStudent|no-such-student/g, 'notFound, studentNotFound'],
  [/passingFault|lastingFaults|isBeyondHelp/g, 'transientError, permanentErrors, isPermanent'],
  [/takeRepeat|keepQuiet|quietUntil|untilQuiet/g, 'takeRetry, throttle, throttledUntil'],
  [/RetryWorld|\b(?:Api|WebhookSender|Office)Parts\b/g, '…Deps'],
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
    /createTurns|PrintRoom|CopyingConnections|withPlaceAtHost|takePlace/g,
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
  [
    /[sS]kyward-?(?:Passage|passage|Counter|counter|Gate|gate)\b/g,
    'SkywardProxy, CountingProxy, BlockingProxy',
  ],
  [/sample-life|[sS]ampleLife/g, 'sample history'],
  // Prose
  [/\bwhoever\b/gi, 'anyone who'],
  [/\banew\b/gi, 'again'],
  [/\breckon\w*/gi, 'calculate'],
  [/\bhears? of\b/gi, 'receives'],
];

/** Phrases that screens no longer show. */
const replacedOnScreens: readonly (readonly [RegExp, string])[] = [
  [/how it ended|\btook\b:/gi, 'Result, Duration'],
  [/nothing had changed/gi, 'No changes'],
  [/not granted in skyward/gi, 'Missing Skyward permissions'],
  [/released?\b|turn down/gi, 'Import anyway, Discard'],
  [/one import of the district at a time/gi, 'An import is already running.'],
  [/saved by itself/gi, 'Saves automatically'],
  [/\bby hand\b|kept by staff/gi, 'manually, Staff notes'],
  [/^born$|state id\b(?<!ID)|^no\. /gi, 'Date of birth, State ID, Student ID'],
  [/decides the status/gi, 'determines status'],
  [/wanted by/gi, 'Due date'],
  [/take over|say now|bring back|set back/gi, 'Update, Restore, Reopen'],
  [/comes? with the program|forms of the district/gi, 'Built-in, Form library'],
  [/to settle|keep apart/gi, 'To review, Not a duplicate'],
  [/\bsomebody\b/gi, 'user'],
  [/that did not work|that was not done/gi, 'Something went wrong.'],
  [/there is no such page/gi, 'Page not found'],
  [/waits for (?:a person|your decision)|dealt with/gi, 'Needs review, Mark as done'],
  [/\bmend(?:ed|s)?\b|\bbrought\b|\bbrings\b/gi, 'fix, import'],
  [/no student fits|\bnobody of\b/gi, 'No students found'],
  [/kind of meeting|name in use|who took part/gi, 'Meeting type, Preferred name, Team members'],
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
