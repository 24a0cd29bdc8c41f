/** Scripts and formulas in what people and Skyward deliver, wherever it comes out again. */
import { openBrowser } from '../../tests/browser/browser.ts';
import { insertStudent } from '../../tests/builders/record-builder.ts';
import type { Family, Tries } from './attack.ts';
import { type Answer, publicUrl } from './http-client.ts';
import { type Caller, districtPath, schoolsOf } from './callers.ts';
import type { Target } from './target.ts';

const scripts = [
  '<script>window.zqran=1</script>',
  '<img src=x onerror="window.zqran=1">',
  '"><svg onload=window.zqran=1>',
  'javascript:window.zqran=1',
  '{{constructor.constructor("window.zqran=1")()}}',
];
const formulas = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '=cmd|"/c calc"!A1',
  '＝1+1',
];

export const storedTextFamily: Family = {
  name: 'stored text',
  isQuick: true,
  async attack(target, tries) {
    const administrator = await target.newPerson('administrator', 'b');
    const ids = await plant(target, administrator);
    await searchTables(target, tries, administrator);
    await searchAnswers(target, tries, administrator, ids);
    if (!tries.isQuick) await searchPages(target, tries, administrator, ids);
  },
};

interface Planted {
  readonly student: number;
  readonly document: number;
}

/** Writes the texts to every place that takes them. */
async function plant(target: Target, administrator: Caller): Promise<Planted> {
  let student = 0;
  for (const [index, text] of [...formulas, ...scripts].entries())
    student = await insertStudent(target.database, target.records.b.districtId, {
      skyward_id: 990_000 + index,
      entity_id: schoolsOf.b[0],
      student_number: text.slice(0, 30),
      state_id: text.slice(0, 30),
      first_name: text,
      last_name: text,
      school_name: text,
      homeroom: text,
      grade: '07',
      first_run_id: target.records.b.run,
      guardians: [{ first_name: text, last_name: text }],
    });
  const send = async (method: string, path: string, body: unknown) =>
    target.ask(administrator, { method, path: `${districtPath('b')}${path}`, body });
  const script = scripts[1] ?? '';
  await send('PUT', `/students/${student}/staff-values/notes`, {
    value: scripts.join(' '),
    version: 0,
  });
  await send('POST', '/student-views', { name: script, isShared: true, list: { search: script } });
  await send('PUT', '/letterhead', { lines: [script], logo: null });
  const created = await send('POST', '/documents', {
    form: target.records.b.formKey,
    students: [student],
  });
  const { results } = JSON.parse(created.text) as { results: { documentId: number }[] };
  const document = results[0]?.documentId ?? 0;
  await send('PATCH', `/documents/${document}`, {
    version: 1,
    values: { words: scripts.join(' ') },
  });
  return { student, document };
}

/** No cell of a table begins so that a program that opens it calculates. */
async function searchTables(target: Target, tries: Tries, administrator: Caller): Promise<void> {
  for (const path of ['/students.csv', '/documents.csv', '/audit.csv']) {
    const { status, text } = await target.ask(administrator, {
      path: `${districtPath('b')}${path}`,
    });
    const cells = Array.from(
      text.matchAll(/"((?:[^"]|"")*)"|[^,\r\n]+/g),
      ([whole, quoted]) => quoted ?? whole,
    );
    const bad = cells.filter(
      (cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^-?[\d.,]+$/.test(cell),
    );
    tries.note(`GET ${path}`, status !== 200 && `answered ${status}`);
    tries.note(
      `formulas in ${path}`,
      bad.length > 0 && `${bad.length} cells calculate, such as ${JSON.stringify(bad[0])}`,
    );
  }
}

/** No answer with these texts in it is one that a browser would run. */
async function searchAnswers(
  target: Target,
  tries: Tries,
  administrator: Caller,
  { student, document }: Planted,
): Promise<void> {
  const check = (path: string, { headers, status }: Answer) => {
    const type = headers['content-type'] ?? '';
    const policy = String(headers['content-security-policy'] ?? '');
    const scriptRule =
      /script-src ([^;]*)/.exec(policy)?.[1] ?? /default-src ([^;]*)/.exec(policy)?.[1] ?? '*';
    tries.note(`GET ${path}`, status >= 500 && `answered ${status}`);
    tries.note(
      `GET ${path}`,
      headers['x-content-type-options'] !== 'nosniff' && 'lets the browser guess its type',
    );
    tries.note(
      `GET ${path}`,
      /unsafe-inline|unsafe-eval|\*|data:|https?:/.test(scriptRule) &&
        `runs scripts of ${scriptRule}`,
    );
    tries.note(`GET ${path}`, !policy.includes("frame-ancestors 'none'") && 'can be framed');
    tries.note(
      `GET ${path}`,
      /text\/html|svg|xml/.test(type) && path.startsWith('/api/districts') && `is ${type}`,
    );
    if (path.startsWith('/api/districts'))
      tries.note(
        `GET ${path}`,
        !/no-store|private/.test(headers['cache-control'] ?? '') && 'may be kept by caches',
      );
  };
  const district = districtPath('b');
  const paths = [
    `${district}/students`,
    `${district}/students/${student}`,
    `${district}/students/${student}/staff-values`,
    `${district}/student-views`,
    `${district}/letterhead`,
    `${district}/documents/${document}`,
    `${district}/documents/${document}/document.pdf`,
    `${district}/students.csv`,
    `${district}/documents.zip`,
    `${district}/form-templates/${target.records.b.formKey}/form.json`,
    `${district}/students?search=${encodeURIComponent(scripts[0] ?? '')}`,
    `${district}/students?sort=${encodeURIComponent(scripts[0] ?? '')}`,
    `/api/${encodeURIComponent(scripts[0] ?? '')}`,
    '/',
    `/sign-in?next=${encodeURIComponent(scripts[3] ?? '')}`,
    `/${encodeURIComponent(scripts[0] ?? '')}`,
  ];
  for (const path of paths) check(path, await target.ask(administrator, { path }));
  for (const logo of [
    'data:image/svg+xml;base64,PHN2Zy8+',
    'data:image/png;base64,PHNjcmlwdD4=',
    'https://evil.example/x.png',
  ]) {
    const answer = await target.ask(administrator, {
      method: 'PUT',
      path: `${district}/letterhead`,
      body: { lines: ['x'], logo },
    });
    tries.note(`a logo ${logo}`, answer.status < 400 && `answered ${answer.status}`);
  }
}

/** Opens the pages that show them. */
async function searchPages(
  target: Target,
  tries: Tries,
  administrator: Caller,
  { student, document }: Planted,
): Promise<void> {
  const opened = await openBrowser();
  const { browser } = opened;
  try {
    const context = await browser.newContext({
      extraHTTPHeaders: { 'x-forwarded-for': '198.51.100.9' },
    });
    const origin = new URL(target.main.url);
    await context.addCookies(
      (administrator.cookie ?? '').split('; ').map((cookie) => ({
        name: cookie.slice(0, cookie.indexOf('=')),
        value: cookie.slice(cookie.indexOf('=') + 1),
        url: publicUrl,
        secure: true,
      })),
    );
    const page = await context.newPage();
    // The browser talks to the public address; a proxy would hand that on.
    await page.route(`${publicUrl}/**`, async (route) => {
      const url = new URL(route.request().url());
      const fetched = await route.fetch({ url: `${origin.origin}${url.pathname}${url.search}` });
      await route.fulfill({ response: fetched });
    });
    const paths = [
      'students',
      `students?search=${encodeURIComponent(scripts[1] ?? '')}`,
      ...['details', 'basics', 'enrollment', 'history', 'documents'].map(
        (tab) => `students/${student}/${tab}`,
      ),
      'documents',
      `documents/${document}`,
      'forms',
      'people',
      'audit',
      'duplicates',
    ];
    let shown = 0;
    for (const path of paths) {
      await page.goto(`${publicUrl}/a/b.example/${path}`, { waitUntil: 'networkidle' });
      const ran = await page.evaluate('window.zqran === 1');
      tries.note(`the page ${path}`, ran === true && 'runs a script that stands in a name');
      if ((await page.innerText('body')).includes('zqran')) shown += 1;
    }
    tries.note(
      'these pages',
      shown < 3 && `show the texts on ${shown} pages only, so little was tried`,
    );
  } finally {
    await opened.close();
  }
}
