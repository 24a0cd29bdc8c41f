import { deflateSync } from 'node:zlib';

import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  buildPdfForm,
  buildReleaseForm,
  readPdfFields,
  readPrintedText,
} from '../../../tests/builders/pdf-form-builder.ts';
import { readPdfForm, type ReadPdfForm } from './file.ts';
import { fillPdf } from './filling.ts';
import { openPdfInThread } from './thread.ts';
import type { PdfFieldSetting } from './values.ts';

const read = async (file: Uint8Array): Promise<ReadPdfForm> => {
  const found = await readPdfForm(file);
  if (typeof found === 'string') throw new Error(`Rejected as ${found}`);
  return found;
};

const fillRelease = async (settings: readonly PdfFieldSetting[]) => {
  const { file } = await read(await buildReleaseForm());
  return fillPdf(file, settings);
};

describe('the fields of a PDF', () => {
  it('are in the order of the pages, with their kinds and limits', async () => {
    const { fields, pages } = await read(await buildReleaseForm());
    expect(pages).toBe(1);
    expect(fields.find(({ name }) => name === 'student.stateId')).toMatchObject({
      kind: 'text',
      maxLength: 10,
      isComb: true,
      page: 1,
    });
    expect(fields.find(({ name }) => name === 'spanish')?.options).toEqual([
      { value: '0', label: 'yes' },
      { value: '1', label: 'no' },
    ]);
    expect(fields.find(({ name }) => name === 'parents')?.isMultiline).toBe(true);
  });

  it('with the same name are one; invalid names are skipped', async () => {
    const file = await buildPdfForm((form, page) => {
      form.createTextField('twice').addToPage(page);
      form.createTextField('other').addToPage(page, { y: 100 });
      form.createTextField('third').addToPage(page, { y: 200 });
      form.getTextField('other').acroField.setPartialName('twice');
      form.getTextField('third').acroField.setPartialName('bad\0name');
    });
    expect((await read(file)).fields.map(({ name }) => name)).toEqual(['twice']);
    const { file: filled } = await fillPdf((await read(file)).file, [
      { field: 'twice', text: 'Ana' },
    ]);
    expect((await readPrintedText(filled)).match(/Ana/g)).toHaveLength(2);
  });
});

it('on a page but not in the list of the form are found and filled', async () => {
  const document = await PDFDocument.create();
  const page = document.addPage();
  const { context } = document;
  const stray = { Type: 'Annot', Subtype: 'Widget', FT: 'Tx', T: PDFString.of('stray') };
  page.node.addAnnot(context.register(context.obj({ ...stray, Rect: [50, 50, 250, 70], F: 4 })));
  document.catalog.set(PDFName.of('AcroForm'), context.obj({}));
  const cleaned = await read(await document.save());
  expect(cleaned.fields).toMatchObject([{ name: 'stray', kind: 'text', page: 1 }]);
  const { file } = await fillPdf(cleaned.file, [{ field: 'stray', text: 'Ana' }]);
  expect((await readPdfFields(file)).get('stray')?.value).toBe('Ana');
  expect(await readPrintedText(file)).toContain('Ana');
});

describe('active content', () => {
  it('is removed from the file, including its text', async () => {
    const file = await buildPdfForm(async (form, page, document) => {
      const { context } = document;
      const field = form.createTextField('name');
      field.addToPage(page);
      const script = (text: string) => context.obj({ S: 'JavaScript', JS: PDFString.of(text) });
      field.acroField.dict.set(PDFName.of('AA'), context.obj({ K: script('secretKeystroke') }));
      const button = form.createButton('send');
      button.addToPage('Send', page);
      const launch = context.obj({ S: 'Launch', F: PDFString.of('evil.exe') });
      const chained = context.obj({ S: 'GoTo', Next: [launch] });
      button.acroField.getWidgets()[0]?.dict.set(PDFName.of('A'), chained);
      page.node.set(PDFName.of('AA'), context.obj({ O: script('secretOpened') }));
      document.catalog.set(PDFName.of('OpenAction'), context.register(script('secretStart')));
      document.addJavaScript('all', 'secretNamed()');
      await document.attach(Buffer.from('secretAttached'), 'a.txt', { mimeType: 'text/plain' });
      const attached = context.obj({
        Type: 'Annot',
        Subtype: 'FileAttachment',
        Rect: [0, 0, 9, 9],
      });
      page.node.addAnnot(context.register(attached));
    });
    const withXfa = await PDFDocument.load(file);
    const form = withXfa.catalog.lookup(PDFName.of('AcroForm'), PDFDict);
    form.set(PDFName.of('XFA'), PDFString.of('secretXfa'));
    const cleaned = await read(await withXfa.save());
    expect(cleaned.removedContent).toHaveLength(4);
    const document = await PDFDocument.load(cleaned.file);
    const inside = document.context
      .enumerateIndirectObjects()
      .map(([, object]) => object.toString())
      .join('\n');
    expect(inside).not.toMatch(
      /secret|JavaScript|Launch|EmbeddedFile|FileAttachment|XFA|\/AA|OpenAction/,
    );
    expect(cleaned.fields.map(({ name }) => name)).toEqual(['name', 'send']);
  });

  it('keeps links to web pages and within the document, but not those that run something', async () => {
    const link = async (uri: string) => {
      const file = await buildPdfForm((form, page, document) => {
        form.createTextField('name').addToPage(page);
        const { context } = document;
        const action = context.obj({ S: 'URI', URI: PDFString.of(uri) });
        const annotation = { Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], A: action };
        page.node.addAnnot(context.register(context.obj(annotation)));
      });
      return (await read(file)).removedContent;
    };
    expect(await link('https://www.example.org/form')).toEqual([]);
    expect(await link('javascript:alert(1)')).toHaveLength(1);
  });
});

describe('filling', () => {
  it('draws Vietnamese, Greek and Cyrillic names in an embedded font', async () => {
    for (const name of ['Nguyễn Thị Ánh', 'Ελένη Παπαδοπούλου', 'Наталія Коваль', "Zoë O'Brien"]) {
      const { file, notes } = await fillRelease([{ field: 'student.name', text: name }]);
      expect(notes).toEqual([]);
      expect((await readPdfFields(file)).get('student.name')?.value).toBe(name);
      expect(await readPrintedText(file)).toContain(name);
    }
  });

  it('lists the characters that the font lacks; the field value has them', async () => {
    const { file, notes } = await fillRelease([{ field: 'student.name', text: '王小明' }]);
    expect(notes).toEqual([{ field: 'student.name', note: expect.stringContaining('U+738B') }]);
    expect((await readPdfFields(file)).get('student.name')?.value).toBe('王小明');
    expect(await readPrintedText(file)).toContain('□□□');
  });

  it('shrinks long text, and notes if it still does not fit', async () => {
    const long = 'Maximiliana Theodora of Hohenstaufen-Wolfenbüttel y Castillo de la Vega';
    expect((await fillRelease([{ field: 'student.name', text: long }])).notes).toEqual([]);
    const { notes } = await fillRelease([{ field: 'student.name', text: long.repeat(3) }]);
    expect(notes).toEqual([
      { field: 'student.name', note: expect.stringContaining('longer than') },
    ]);
  });

  it('keeps the font and size of the form for later editing', async () => {
    const form = await buildPdfForm((fields, page) => {
      const field = fields.createTextField('name');
      field.addToPage(page);
      field.acroField.setDefaultAppearance('/Cour 9 Tf 0 0 1 rg');
    });
    const { file } = await fillPdf((await read(form)).file, [{ field: 'name', text: 'Łucja' }]);
    const filled = await PDFDocument.load(file);
    const { acroField } = filled.getForm().getTextField('name');
    expect(acroField.getDefaultAppearance()).toBe('/Cour 9 Tf 0 0 1 rg');
    expect(
      acroField.getWidgets().every((widget) => widget.getDefaultAppearance() === undefined),
    ).toBe(true);
  });

  it('shows the label of an option and stores its value', async () => {
    const form = await buildPdfForm((fields, page) => {
      const field = fields.createDropdown('gender');
      const option = (value: string, display: string) => ({
        value: PDFString.of(value),
        display: PDFString.of(display),
      });
      field.acroField.setOptions([option('1', 'Female'), option('2', 'Male')]);
      field.addToPage(page);
    });
    const cleaned = await read(form);
    expect(cleaned.fields[0]?.options[0]).toEqual({ value: '1', label: 'Female' });
    const { file } = await fillPdf(cleaned.file, [{ field: 'gender', option: '1' }]);
    expect((await readPdfFields(file)).get('gender')?.value).toEqual(['1']);
    expect(await readPrintedText(file)).toContain('Female');
  });

  it('checks one of several boxes with the same name', async () => {
    const { file } = await fillRelease([
      { field: 'girl', option: 'Yes' },
      { field: 'spanish', option: '1' },
    ]);
    const document = await PDFDocument.load(file);
    expect(document.getForm().getCheckBox('girl').isChecked()).toBe(true);
    expect(document.getForm().getRadioGroup('spanish').getSelected()).toBe('no');
  });

  it('unchecks a checked box if the value is a different one', async () => {
    const form = await buildPdfForm((fields, page) => {
      const box = fields.createCheckBox('girl');
      box.addToPage(page);
      box.check();
    });
    const { file } = await fillPdf((await read(form)).file, [{ field: 'girl', isOff: true }]);
    expect((await PDFDocument.load(file)).getForm().getCheckBox('girl').isChecked()).toBe(false);
  });

  it('leaves unmapped fields unchanged', async () => {
    const form = await buildPdfForm((fields, page) => {
      const field = fields.createTextField('state');
      field.setText('Texas');
      field.addToPage(page);
      fields.createTextField('name').addToPage(page, { y: 100 });
    });
    const { file } = await fillPdf((await read(form)).file, [{ field: 'name', text: 'Ana' }]);
    expect((await readPdfFields(file)).get('state')?.value).toBe('Texas');
  });

  it('keeps any text unchanged in its field', { timeout: 60_000 }, async () => {
    const { file: form } = await read(await buildReleaseForm());
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
        async (text) => {
          const { file } = await fillPdf(form, [
            { field: 'student.name', text },
            { field: 'parents', text },
          ]);
          const { acroField } = (await PDFDocument.load(file)).getForm().getTextField('parents');
          expect(acroField.getValue()?.decodeText()).toBe(text);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the thread that opens a file', () => {
  const bomb = (): Uint8Array => {
    const packed = deflateSync(Buffer.alloc(600 * 1024 * 1024, 32), { level: 1 });
    const head = `%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`;
    return Buffer.concat([
      Buffer.from(head),
      packed,
      Buffer.from('\nendstream\nendobj\ntrailer\n<</Root 2 0 R>>\n%%EOF'),
    ]);
  };

  it(
    'is terminated if the file unpacks to more than the memory limit',
    { timeout: 30_000 },
    async () => {
      const file = bomb();
      expect(file.byteLength).toBeLessThan(10 * 1024 * 1024);
      expect(await openPdfInThread({ task: 'read', file })).toEqual({ problem: 'too-large' });
    },
  );

  /** Creates a file whose page tree has these kids at its root; `ref` is its only page. */
  const withPages = async (
    kidsOf: (document: PDFDocument, page: PDFRef, top: PDFRef) => readonly PDFRef[],
  ): Promise<Uint8Array> => {
    const document = await PDFDocument.load(await buildReleaseForm());
    const top = document.catalog.get(PDFName.of('Pages'));
    const pages = document.catalog.lookup(PDFName.of('Pages'), PDFDict);
    const [page] = pages.lookup(PDFName.of('Kids'), PDFArray).asArray();
    if (!(page instanceof PDFRef) || !(top instanceof PDFRef)) throw new Error('no page');
    pages.set(PDFName.of('Kids'), document.context.obj([...kidsOf(document, page, top)]));
    return document.save({ addDefaultPage: false, updateFieldAppearances: false });
  };
  const nodeOf = (document: PDFDocument, kids: readonly PDFRef[]): PDFRef =>
    document.context.register(document.context.obj({ Type: 'Pages', Kids: [...kids], Count: 1 }));

  it('rejects a file with too many pages immediately', async () => {
    const times = async (count: number) =>
      readPdfForm(await withPages((_, page) => Array.from({ length: count }, () => page)));
    expect(await times(201)).toBe('too-many-pages');
    expect(await times(900_000)).toBe('too-many-pages');
    expect(await times(200)).toMatchObject({ pages: 200 });
  });

  it('counts nested pages, and rejects a circular page tree', async () => {
    const doubled = await withPages((document, page) => {
      let kids = [page, page];
      for (let depth = 0; depth < 40; depth++) {
        const node = nodeOf(document, kids);
        kids = [node, node];
      }
      return kids;
    });
    expect(await readPdfForm(doubled)).toBe('too-many-pages');
    const deep = await withPages((document, page) => {
      let node = page;
      for (let depth = 0; depth < 5_000; depth++) node = nodeOf(document, [node]);
      return [node];
    });
    expect(await readPdfForm(deep)).toBe('too-many-pages');
    expect(await readPdfForm(await withPages((_, page, top) => [page, top]))).toBe(
      'too-many-pages',
    );
    expect(await readPdfForm(await withPages((_, __, top) => [top]))).toBe('too-many-pages');
  });

  it('rejects a file with too many fields immediately', async () => {
    const file = await buildPdfForm((form, page, document) => {
      form.createTextField('first').addToPage(page);
      const fields = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict);
      const [first] = fields.lookup(PDFName.of('Fields'), PDFArray).asArray();
      if (!(first instanceof PDFRef)) throw new Error('no field');
      const kids = document.context.obj(Array.from({ length: 50_000 }, () => first));
      fields.set(PDFName.of('Fields'), kids);
    });
    expect(await readPdfForm(file)).toBe('too-many-fields');
  });

  it('is terminated if it takes too long', async () => {
    const limits = { seconds: 0.05, memoryMb: 256 };
    const file = await buildReleaseForm();
    expect(await openPdfInThread({ task: 'read', file }, limits)).toEqual({ problem: 'too-slow' });
  });

  it('rejects a form with circular fields', { timeout: 30_000 }, async () => {
    const document = await PDFDocument.load(await buildReleaseForm());
    for (const [ref, object] of document.context.enumerateIndirectObjects()) {
      if (object instanceof PDFDict && object.has(PDFName.of('FT'))) {
        object.set(PDFName.of('Parent'), ref);
      }
    }
    const file = await document.save();
    const answer = await openPdfInThread({ task: 'read', file });
    expect(answer).toEqual({ problem: 'broken' });
  });

  it('returns a result for every damaged file, and never throws', { timeout: 60_000 }, async () => {
    const whole = await buildReleaseForm();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 }),
        fc.nat(whole.length),
        async (changes, length) => {
          const damaged = whole.slice(0, Math.max(length, 20));
          for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
          const found = await readPdfForm(damaged);
          expect(['string', 'object']).toContain(typeof found);
        },
      ),
      { numRuns: 60 },
    );
  });
});
