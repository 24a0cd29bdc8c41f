/** Takes screenshots of every built-in form's first page, for an invented student: npm run form-screenshots */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { documentPdf } from '../src/documents/printing/document-pdf.ts';
import { shownFields } from '../src/documents/document-work.ts';
import { exampleDetails } from '../src/documents/example-details.ts';
import { fillFields } from '../src/documents/filled-values.ts';
import { builtInForms } from '../src/documents/built-in-forms.ts';
import { openBrowser } from '../tests/browser/browser.ts';

const folder = fileURLToPath(new URL('../docs/images/forms', import.meta.url));
await mkdir(folder, { recursive: true });
const require = createRequire(import.meta.url);
const viewer = require.resolve('pdfjs-dist/legacy/build/pdf.mjs');

await using cleanUp = new AsyncDisposableStack();
const chromium = await openBrowser();
cleanUp.defer(() => chromium.close());
const page = await chromium.browser.newPage();
// The page has only the PDF renderer; there are no requests to a server.
await page.route('http://pictures.example/**', async (route) => {
  const name = new URL(route.request().url()).pathname.slice(1);
  if (name === '') return route.fulfill({ contentType: 'text/html', body: '<canvas></canvas>' });
  const body = await readFile(viewer.replace('pdf.mjs', name));
  return route.fulfill({ contentType: 'text/javascript', body });
});
await page.goto('http://pictures.example/');

for (const form of builtInForms) {
  const details = exampleDetails();
  const pdf = await documentPdf({
    form,
    fields: shownFields(form, fillFields(form, details)),
    districtName: details.districtName,
    studentName: 'Ana Reyes',
    footer: 'Incomplete, version 1',
    letterhead: { lines: ['Pine Ridge ISD', '400 Oak Ave, Lufkin, TX 75901'], logo: null },
  });
  const canvas = await page.locator('canvas').elementHandle();
  if (canvas === null) throw new Error('The page has no canvas');
  const picture = await canvas.evaluate(drawFirstPage, Buffer.from(pdf).toString('base64'));
  const path = join(folder, `${form.key}.png`);
  await writeFile(path, Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64'));
  console.log(path);
}

/** The browser's canvas element, whose types are not available here. */
interface Canvas {
  width: number;
  height: number;
  toDataURL(type: string): string;
}

/** Runs in the browser: draws the first page and returns it as a PNG. */
async function drawFirstPage(element: unknown, base64: string): Promise<string> {
  const address = '/pdf.mjs';
  const { getDocument, GlobalWorkerOptions } = (await import(
    address
  )) as typeof import('pdfjs-dist');
  GlobalWorkerOptions.workerSrc = '/pdf.worker.mjs';
  const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const first = await (await getDocument({ data }).promise).getPage(1);
  const viewport = first.getViewport({ scale: 1.25 });
  const canvas = element as Canvas;
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await first.render({ canvas: canvas as never, viewport }).promise;
  return canvas.toDataURL('image/png');
}
