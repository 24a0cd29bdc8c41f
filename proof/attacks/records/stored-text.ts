/** Stored scripts and formulas, wherever the application returns them. */
import { openBrowser } from '../../../tests/browser/browser.ts';
import { insertStudent } from '../../../tests/builders/record-builder.ts';
import type { Family, Attempts } from '../attack.ts';
import { type HttpResponse, publicUrl } from '../target/http-client.ts';
import { type Caller, districtPath, schoolIds } from '../target/callers.ts';
import type { Target } from '../target/target.ts';

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
  async attack(target, attempts) {
    const administrator = await target.createUser('administrator', 'b');
    const ids = await plantTexts(target, administrator);
    await searchCsv(target, attempts, administrator);
    await searchResponses(target, attempts, administrator, ids);
    if (!attempts.isQuick) await searchPages(target, attempts, administrator, ids);
  },
};

interface Planted {
  readonly student: number;
  readonly document: number;
}

/** Stores the texts everywhere possible. */
async function plantTexts(target: Target, administrator: Caller): Promise<Planted> {
  let student = 0;
  for (const [index, text] of [...formulas, ...scripts].entries())
    student = await insertStudent(target.database, target.records.b.districtId, {
      skyward_id: 990_000 + index,
      entity_id: schoolIds.b[0],
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
    target.send(administrator, { method, path: `${districtPath('b')}${path}`, body });
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

/** No cell of a CSV file may start with a formula. */
async function searchCsv(target: Target, attempts: Attempts, administrator: Caller): Promise<void> {
  for (const path of ['/students.csv', '/documents.csv', '/audit.csv']) {
    const { status, text } = await target.send(administrator, {
      path: `${districtPath('b')}${path}`,
    });
    const cells = Array.from(
      text.matchAll(/"((?:[^"]|"")*)"|[^,\r\n]+/g),
      ([whole, quoted]) => quoted ?? whole,
    );
    const badCells = cells.filter(
      (cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^-?[\d.,]+$/.test(cell),
    );
    attempts.record(`GET ${path}`, status !== 200 && `got ${status}`);
    attempts.record(
      `formulas in ${path}`,
      badCells.length > 0 &&
        `${badCells.length} cells are formulas, such as ${JSON.stringify(badCells[0])}`,
    );
  }
}

/** No response with these texts may be executable by a browser. */
async function searchResponses(
  target: Target,
  attempts: Attempts,
  administrator: Caller,
  { student, document }: Planted,
): Promise<void> {
  const check = (path: string, { headers, status }: HttpResponse) => {
    const type = headers['content-type'] ?? '';
    const policy = String(headers['content-security-policy'] ?? '');
    const scriptRule =
      /script-src ([^;]*)/.exec(policy)?.[1] ?? /default-src ([^;]*)/.exec(policy)?.[1] ?? '*';
    attempts.record(`GET ${path}`, status >= 500 && `got ${status}`);
    attempts.record(
      `GET ${path}`,
      headers['x-content-type-options'] !== 'nosniff' && 'lets the browser guess its type',
    );
    attempts.record(
      `GET ${path}`,
      /unsafe-inline|unsafe-eval|\*|data:|https?:/.test(scriptRule) &&
        `runs scripts of ${scriptRule}`,
    );
    attempts.record(`GET ${path}`, !policy.includes("frame-ancestors 'none'") && 'can be framed');
    attempts.record(
      `GET ${path}`,
      /text\/html|svg|xml/.test(type) && path.startsWith('/api/districts') && `is ${type}`,
    );
    if (path.startsWith('/api/districts'))
      attempts.record(
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
  for (const path of paths) check(path, await target.send(administrator, { path }));
  for (const logo of [
    'data:image/svg+xml;base64,PHN2Zy8+',
    'data:image/png;base64,PHNjcmlwdD4=',
    'https://evil.example/x.png',
  ]) {
    const response = await target.send(administrator, {
      method: 'PUT',
      path: `${district}/letterhead`,
      body: { lines: ['x'], logo },
    });
    attempts.record(`a logo ${logo}`, response.status < 400 && `got ${response.status}`);
  }
}

/** Opens the pages that show the texts. */
async function searchPages(
  target: Target,
  attempts: Attempts,
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
    // The browser uses the public URL, whose requests a proxy would forward.
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
    let shownCount = 0;
    for (const path of paths) {
      await page.goto(`${publicUrl}/a/b.example/${path}`, { waitUntil: 'networkidle' });
      const hasRun = await page.evaluate('window.zqran === 1');
      attempts.record(`the page ${path}`, hasRun === true && 'runs a script from a name');
      if ((await page.innerText('body')).includes('zqran')) shownCount += 1;
    }
    attempts.record(
      'these pages',
      shownCount < 3 && `show the texts on only ${shownCount} pages, so little was tested`,
    );
  } finally {
    await opened.close();
  }
}
