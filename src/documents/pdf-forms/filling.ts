/** Writes and draws values in the fields of a PDF; the fields remain editable. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import {
  PDFBool,
  PDFCheckBox,
  type PDFDocument,
  PDFDropdown,
  type PDFField,
  type PDFFont,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFOptionList,
  PDFRadioGroup,
  PDFString,
  PDFTextField,
  StandardFonts,
} from '@cantoo/pdf-lib';

import { fontPaths } from '../printing/page.ts';
import { namedFields, openPdf } from './file.ts';
import type { PdfFieldSetting } from './values.ts';
import { printable, unknownCharacters } from '../printing/printable-text.ts';

/** A sentence about how one field looks on paper. */
export interface DrawingNote {
  readonly field: string;
  readonly note: string;
}

export interface FilledPdfForm {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly notes: readonly DrawingNote[];
}

const require = createRequire(import.meta.url);
type Fontkit = Parameters<PDFDocument['registerFontkit']>[0];

const maxFontSize = 12;
const minFontSize = 6;
const name = (text: string): PDFName => PDFName.of(text);

/** Fills a file cleaned by `readPdfForm`. The notes name fields that can't be set. */
export async function fillPdf(
  file: Uint8Array,
  settings: readonly PdfFieldSetting[],
): Promise<FilledPdfForm> {
  const document = await openPdf(file);
  const fonts = createFontPicker(document);
  const byField = new Map(settings.map((setting) => [setting.field, setting]));
  const notes = new Map<string, string>();
  let isAllDrawn = true;
  for (const [fieldName, field] of namedFields(document)) {
    const setting = byField.get(fieldName);
    const { note, isDrawn } = await fillField(document, fonts, field, setting);
    if (note !== undefined) notes.set(fieldName, note);
    isAllDrawn &&= isDrawn;
  }
  // Otherwise readers redraw every field in the form's font, which may lack characters.
  const form = document.getForm().acroForm.dict;
  if (isAllDrawn) form.delete(name('NeedAppearances'));
  else form.set(name('NeedAppearances'), PDFBool.True);
  const filled = await document.save({ updateFieldAppearances: false, addDefaultPage: false });
  return {
    file: new Uint8Array(filled),
    notes: Array.from(notes, ([field, note]) => ({ field, note })),
  };
}

interface Drawn {
  readonly note?: string | undefined;
  readonly isDrawn: boolean;
}

async function fillField(
  document: PDFDocument,
  fonts: FontPicker,
  field: PDFField,
  setting: PdfFieldSetting | undefined,
): Promise<Drawn> {
  if (setting === undefined) return drawStoredValue(document, fonts, field);
  if ('isOff' in setting) {
    return { isDrawn: field instanceof PDFCheckBox ? check(field, null) : true };
  }
  if ('option' in setting && (field instanceof PDFCheckBox || field instanceof PDFRadioGroup)) {
    return { isDrawn: check(field, setting.option) };
  }
  if ('text' in setting && field instanceof PDFTextField) {
    field.disableRichFormatting();
    field.acroField.dict.delete(name('RV'));
    return drawText(document, fonts, field, setting.text, PDFHexString.fromText(setting.text));
  }
  if ('option' in setting && (field instanceof PDFDropdown || field instanceof PDFOptionList)) {
    const options = field.acroField.getOptions();
    const index = options.findIndex(({ value }) => value.decodeText() === setting.option);
    const option = options[index];
    if (option === undefined) return { isDrawn: true, note: 'The file has no such option.' };
    const label = option.display.decodeText();
    const drawn = await drawText(document, fonts, field, label, option.value);
    field.acroField.dict.set(name('I'), document.context.obj([PDFNumber.of(index)]));
    return drawn;
  }
  return { isDrawn: true, note: 'The field with this name is of another kind.' };
}

/** Checks the boxes of this option and unchecks the others; null unchecks all. */
function check({ acroField }: PDFCheckBox | PDFRadioGroup, option: string | null): boolean {
  const off = name('Off');
  let chosen = off;
  for (const widget of acroField.getWidgets()) {
    const on = widget.getOnValue();
    const isChosen = on !== undefined && on.decodeText() === option;
    if (isChosen) chosen = on;
    widget.setAppearanceState(isChosen ? on : off);
  }
  acroField.dict.set(name('V'), chosen);
  return true;
}

/** Draws a value that was in the file but never drawn. */
async function drawStoredValue(
  document: PDFDocument,
  fonts: FontPicker,
  field: PDFField,
): Promise<Drawn> {
  const isText =
    field instanceof PDFTextField || field instanceof PDFDropdown || field instanceof PDFOptionList;
  if (!isText) return { isDrawn: true };
  const value = field.acroField.V();
  if (!(value instanceof PDFString || value instanceof PDFHexString)) return { isDrawn: true };
  const hasAppearance = field.acroField.getWidgets().every(({ dict }) => dict.has(name('AP')));
  if (hasAppearance) return { isDrawn: true };
  const { isDrawn } = await drawText(document, fonts, field, value.decodeText(), value);
  return { isDrawn };
}

type TextLike = PDFTextField | PDFDropdown | PDFOptionList;

/**
 * Draws the text and stores `value` in the field. The field keeps the form's font and size for later editing.
 */
async function drawText(
  document: PDFDocument,
  fonts: FontPicker,
  field: TextLike,
  text: string,
  value: PDFString | PDFHexString,
): Promise<Drawn> {
  const { dict } = field.acroField;
  try {
    const { font, drawn, missing } = await fonts.pickFont(text);
    const isSet = keepingAppearance(document, field, () => {
      dict.set(name('V'), PDFHexString.fromText(drawn));
      const fits = field.acroField
        .getWidgets()
        .map((widget) => fitSize(document, field, widget, font, drawn));
      if (field instanceof PDFTextField) field.updateAppearances(font);
      else if (field instanceof PDFDropdown) field.updateAppearances(font);
      else field.updateAppearances(font);
      return fits.every((one) => one);
    });
    dict.set(name('V'), value);
    const notes = [
      missing.length > 0
        ? `The font of the PDF lacks ${missing.join(', ')}, drawn as □; the field value has them.`
        : undefined,
      isSet ? undefined : 'The value is longer than its box. Check the printed page.',
    ].filter((note) => note !== undefined);
    return { isDrawn: true, note: notes.length === 0 ? undefined : notes.join(' ') };
  } catch {
    // For example a box without size: the value is stored, and readers draw it.
    dict.set(name('V'), value);
    for (const widget of field.acroField.getWidgets()) widget.dict.delete(name('AP'));
    return { isDrawn: false };
  }
}

/** Calls a function that overwrites the field's default appearance, and restores it. */
function keepingAppearance<Result>(
  document: PDFDocument,
  field: TextLike,
  draw: () => Result,
): Result {
  const key = name('DA');
  const dicts = new Set([
    field.acroField.dict,
    ...field.acroField.getWidgets().map(({ dict }) => dict),
  ]);
  const before = Array.from(dicts, (dict) => [dict, dict.get(key)] as const);
  try {
    return draw();
  } finally {
    for (const [dict, appearance] of before) {
      if (appearance === undefined) dict.delete(key);
      else dict.set(key, appearance);
    }
    document.getForm().markFieldAsClean(field.ref);
  }
}

type Widget = ReturnType<TextLike['acroField']['getWidgets']>[number];

/** Sets the font size: the form's own, or smaller if the text is too long; returns false if it still does not fit. */
function fitSize(
  document: PDFDocument,
  field: TextLike,
  widget: Widget,
  font: PDFFont,
  text: string,
): boolean {
  const appearance = findAppearance(document, field, widget);
  const fontSize = Number(/([\d.]+)\s+Tf/.exec(appearance)?.[1] ?? 0);
  const { width, height } = widget.getRectangle();
  const border = (widget.getBorderStyle()?.getWidth() ?? 0) + 1;
  const box = { width: Math.abs(width) - 2 * border, height: Math.abs(height) - 2 * border };
  const isMultiline = field instanceof PDFTextField && field.isMultiline();
  const isComb = field instanceof PDFTextField && field.isCombed();
  const first =
    fontSize > 0
      ? fontSize
      : Math.max(minFontSize, Math.min(maxFontSize, Math.floor(box.height * 0.8)));
  let size = first;
  const fits = () =>
    isComb ||
    field instanceof PDFOptionList ||
    (isMultiline
      ? linesHeight(font, text, size, box.width) <= box.height
      : font.widthOfTextAtSize(text, size) <= box.width);
  while (size > minFontSize && !fits()) size = Math.max(minFontSize, size - 0.5);
  const color = appearance.replace(/\/\S+\s+[\d.]+\s+Tf/, '').trim();
  widget.dict.set(name('DA'), PDFString.of(`/Helv ${size} Tf ${color === '' ? '0 g' : color}`));
  return fits();
}

/** Returns the default appearance of the widget, its field, an ancestor, or the form. */
function findAppearance(document: PDFDocument, field: TextLike, widget: Widget): string {
  const inherited = field.acroField.getInheritableAttribute(name('DA'));
  const appearance =
    widget.dict.lookup(name('DA')) ??
    (inherited && document.context.lookup(inherited)) ??
    document.getForm().acroForm.dict.lookup(name('DA'));
  return appearance instanceof PDFString || appearance instanceof PDFHexString
    ? appearance.decodeText()
    : '';
}

function linesHeight(font: PDFFont, text: string, size: number, width: number): number {
  const lines = text
    .split('\n')
    .map((line) => Math.max(1, Math.ceil((font.widthOfTextAtSize(line, size) * 1.08) / width)));
  const total = lines.reduce((sum, count) => sum + count, 0);
  // Room for descenders below the last line.
  return total * font.heightAtSize(size) * 1.2 + size * 0.25;
}

interface FontPicker {
  /** Returns a font for the text, the text with a box for each character that it lacks, and these characters. */
  pickFont(
    text: string,
  ): Promise<{ readonly font: PDFFont; readonly drawn: string; readonly missing: string[] }>;
}

const withGlyphs = (font: PDFFont) => ({ font, glyphs: new Set(font.getCharacterSet()) });

/** Picks Helvetica, which every reader has, if it has all characters; else a subset of DejaVu is embedded. */
function createFontPicker(document: PDFDocument): FontPicker {
  let helvetica: ReturnType<typeof withGlyphs> | undefined;
  let dejaVu: ReturnType<typeof withGlyphs> | undefined;
  return {
    async pickFont(text) {
      helvetica ??= withGlyphs(document.embedStandardFont(StandardFonts.Helvetica));
      const { glyphs } = helvetica;
      const isPlain = Array.from(text).every(
        (one) => one === '\n' || glyphs.has(one.codePointAt(0) ?? 0),
      );
      if (isPlain) return { font: helvetica.font, drawn: text, missing: [] };
      if (dejaVu === undefined) {
        document.registerFontkit(require('fontkit') as Fontkit);
        const bytes = await readFile(fontPaths.regular);
        dejaVu = withGlyphs(await document.embedFont(bytes, { subset: true }));
      }
      const dejaVuGlyphs = dejaVu.glyphs;
      const hasGlyph = (codePoint: number) => dejaVuGlyphs.has(codePoint);
      return {
        font: dejaVu.font,
        drawn: printable(text, hasGlyph),
        missing: unknownCharacters(text, hasGlyph),
      };
    },
  };
}
