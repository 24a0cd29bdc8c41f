import { crc32, deflateSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readPdf } from '../../../tests/builders/pdf-text.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { documentsApi } from '../../contract/documents/documents.ts';
import type { Role } from '../../contract/endpoint.ts';
import { type FormDraft, formsApi } from '../../contract/documents/forms.ts';

let api: TestApi;
let studentId = 0;

beforeAll(async () => {
  api = await openTestApi();
  studentId = await insertStudent(api.database, api.districtId, {
    skyward_id: 100,
    legal_first_name: 'Ana',
    legal_last_name: 'Núñez',
    first_run_id: await insertRun(api.database, api.districtId),
  });
});
afterAll(() => api.close());

const draft = (change: Partial<FormDraft> = {}): FormDraft => ({
  key: 'field-trip',
  title: 'Field trip',
  group: 'Our own',
  summary: 'Who comes along.',
  allowsSeveral: false,
  sections: [
    {
      title: 'Who',
      fields: [
        { kind: 'text', key: 'name', label: 'Student', binding: 'student.legalName' },
        { kind: 'yes-no', key: 'comes', label: 'Comes along' },
      ],
    },
  ],
  ...change,
});

const save = async (seen: number, template: FormDraft, role: Role = 'administrator') =>
  api.send(role, 'PUT', `/form-templates/${template.key}`, { seen, template });
const offer = async (key: string, isOffered: boolean) =>
  api.send('administrator', 'PUT', `/form-templates/${key}/offer`, { isOffered });
const offered = async () => {
  const { forms } = await parseResponse(
    documentsApi.listForms.response,
    await api.askDistrict('staff', '/forms'),
  );
  return forms.map(({ key, version }) => `${key} ${version}`);
};
const create = async (form: string) => {
  const body = { form, students: [studentId] };
  const response = await api.send('staff', 'POST', '/documents', body);
  if (response.status !== 200) return response.status;
  const { results } = await parseResponse(documentsApi.createDocuments.response, response);
  return results[0]?.documentId ?? 0;
};

describe("a form of the district's own", () => {
  it('is offered immediately, fills documents, and leaves existing ones unchanged', async () => {
    const saved = await parseResponse(formsApi.saveFormTemplate.response, await save(0, draft()));
    expect(saved).toEqual({ version: 1 });
    expect(await offered()).toContain('field-trip 1');
    const id = await create('field-trip');

    const [who] = draft().sections;
    const changed = draft({
      title: 'Excursion',
      sections: [{ ...who, title: 'Which child', fields: [] }],
    });
    expect((await save(1, changed)).status).toBe(200);
    expect(await offered()).toContain('field-trip 2');
    const document = await parseResponse(
      documentsApi.getDocument.response,
      await api.askDistrict('staff', `/documents/${id}`),
    );
    expect([document.title, document.form.version]).toEqual(['Field trip', 1]);
    expect(document.fields[0]?.value).toBe('Ana Núñez');

    const response = await api.askDistrict('administrator', '/form-templates/field-trip');
    const { template, versions } = await parseResponse(formsApi.getFormTemplate.response, response);
    expect(template.title).toBe('Excursion');
    expect(versions.map(({ version, by }) => [version, by])).toEqual([
      [2, 'Sam Poe'],
      [1, 'Sam Poe'],
    ]);
    const first = await api.askDistrict('administrator', '/form-templates/field-trip/versions/1');
    expect((await parseResponse(formsApi.getFormVersion.response, first)).title).toBe('Field trip');
  });

  it('from an older version is rejected', async () => {
    await save(0, draft({ key: 'contested' }));
    const both = await Promise.all(
      [1, 1].map(async (seen) => save(seen, draft({ key: 'contested' }))),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await save(0, draft({ key: 'contested' }))).status).toBe(409);
  });

  it.each([
    ['binds to nothing', { binding: 'student.shoeSize' }, 'student.shoeSize'],
    ['holds people in a line of text', { binding: 'guardians' }, 'can’t hold'],
  ])('that %s is refused in words', async (_, change, words) => {
    const field = { kind: 'text' as const, key: 'a', label: 'A', ...change };
    const rejected = await save(
      0,
      draft({ key: 'broken', sections: [{ title: 'S', fields: [field] }] }),
    );
    expect(rejected.status).toBe(422);
    expect((await errorOf(rejected)).message).toContain(words);
  });

  it('can neither use the key of a built-in one nor be larger than any form', async () => {
    expect((await save(0, draft({ key: 'section-504-plan' }))).status).toBe(422);
    const sections = Array.from({ length: 31 }, () => ({ title: 'S', fields: [] }));
    expect((await save(0, draft({ sections }))).status).toBe(400);
    const introduction = Array.from({ length: 400 }, () => 'x'.repeat(4000));
    const huge = draft({ sections: [{ title: 'S', introduction, fields: [] }] });
    expect((await save(0, huge)).status).toBe(413);
  });

  it('can be edited by administrators only; another district does not have it', async () => {
    expect((await save(0, draft({ key: 'by-staff' }), 'staff')).status).toBe(404);
    const other = await api.ask(
      'technician',
      '/api/districts/other.example/form-templates/field-trip',
    );
    expect(other.status).toBe(404);
  });
});

describe('which forms are offered', () => {
  it('is decided by the district, also for built-in ones', async () => {
    expect((await offer('transfer-letter', false)).status).toBe(200);
    expect((await offered()).join(' ')).not.toContain('transfer-letter');
    expect(await create('transfer-letter')).toBe(404);
    const response = await api.askDistrict('administrator', '/form-templates');
    const { forms } = await parseResponse(formsApi.listFormTemplates.response, response);
    const line = forms.find(({ key }) => key === 'transfer-letter');
    expect(line).toMatchObject({ origin: 'built-in', isOffered: false, changedBy: 'Sam Poe' });
    await offer('transfer-letter', true);
    expect(await create('transfer-letter')).toBeGreaterThan(0);
    expect((await offer('no-such-form', false)).status).toBe(404);
  });
});

describe('a form exported to another district', () => {
  it('is JSON that can be saved there unchanged', async () => {
    await save(0, draft({ key: 'travels' }));
    const response = await api.askDistrict('administrator', '/form-templates/travels/form.json');
    const exported: unknown = JSON.parse(await response.text());
    expect(exported).toEqual(draft({ key: 'travels' }));
    const address = '/api/districts/other.example/form-templates/travels';
    const there = await api.ask('technician', address, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seen: 0, template: exported }),
    });
    expect(there.status).toBe(200);
  });
});

describe('a preview', () => {
  const preview = async (template: FormDraft, student: number | null) =>
    parseResponse(
      formsApi.previewForm.response,
      await api.send('administrator', 'POST', '/form-previews', { template, student }),
    );

  it('shows an invented student or one of the district, and lists problems', async () => {
    const invented = await preview(draft(), null);
    expect(invented.fields[0]?.value).toBe('Ana María Reyes');
    expect((await preview(draft(), studentId)).fields[0]?.value).toBe('Ana Núñez');
    const field = { kind: 'text' as const, key: 'a', label: 'A', binding: 'student.shoeSize' };
    const { problems } = await preview(
      draft({ sections: [{ title: 'S', fields: [field] }] }),
      null,
    );
    expect(problems).toHaveLength(1);
    const { rows } = await api.database.pool.query(
      `select from form_templates where definition::text like '%shoeSize%'`,
    );
    expect(rows).toHaveLength(0);
  });
});

/** A picture of 100 by 100 points with transparency, whose points are these bytes. */
function pngOf(points: Uint8Array, saidLength = points.byteLength): string {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(100, 0);
  head.writeUInt32BE(100, 4);
  head.set([8, 6], 8);
  const chunk = (name: string, data: Uint8Array, length = data.byteLength) => {
    const named = Buffer.concat([Buffer.from(name), data]);
    const framed = Buffer.alloc(named.byteLength + 8);
    framed.writeUInt32BE(length, 0);
    framed.set(named, 4);
    framed.writeUInt32BE(crc32(named), named.byteLength + 4);
    return framed;
  };
  const file = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', points, saidLength),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${file.toString('base64')}`;
}

describe('the letterhead', () => {
  // One blue point.
  const logo =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const keep = async (letterhead: object) =>
    api.send('administrator', 'PUT', '/letterhead', letterhead);

  it('is on every printed document, with an alternative text for its logo', async () => {
    const id = await create('section-504-plan');
    const kept = { lines: ['Demo District', '1 Main St, Lufkin, TX 75901'], logo };
    expect((await keep(kept)).status).toBe(200);
    const response = await api.askDistrict('administrator', '/letterhead');
    expect(await parseResponse(formsApi.getLetterhead.response, response)).toEqual(kept);
    for (const path of [`/documents/${id}/document.pdf`, `/documents.pdf?ids=${id}`]) {
      const printed = await api.askDistrict('staff', path);
      const pdf = await readPdf(new Uint8Array(await printed.arrayBuffer()));
      expect(pdf.text).toContain('1 Main St, Lufkin, TX 75901');
      expect(pdf.roles).toContain('Figure');
    }
  });

  it.each([
    ['broken', `data:image/png;base64,${btoa('\x89PNG no picture')}`, 422],
    ['without what it says it holds', pngOf(Buffer.from('no pixels')), 422],
    ['made of rows that are none', pngOf(deflateSync(Buffer.alloc(40_100, 9))), 422],
    ['longer than it is', pngOf(Buffer.from('x'), 0xff_ff_ff_ff), 422],
    ['something else', `data:image/svg+xml;base64,${btoa('<svg/>')}`, 400],
    ['600 KB', `data:image/png;base64,${'A'.repeat(600_000)}`, 413],
  ])(
    'with a picture that is %s is refused, and the one before stays',
    async (_, picture, status) => {
      await keep({ lines: ['Before'], logo: null });
      expect((await keep({ lines: ['After'], logo: picture })).status).toBe(status);
      const response = await api.askDistrict('administrator', '/letterhead');
      expect((await parseResponse(formsApi.getLetterhead.response, response)).lines).toEqual([
        'Before',
      ]);
    },
  );
});
