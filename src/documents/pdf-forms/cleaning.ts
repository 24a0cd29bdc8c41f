/**
 * Removes scripts, actions and attachments from a PDF, so that only pages and fields are left.
 *
 * This folder is for a district's own PDF forms: reading, cleaning, mapping and filling them.
 */
import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  PDFRef,
  PDFStream,
  PDFString,
} from '@cantoo/pdf-lib';

/** Actions within the document or opening a web address; all others are removed. */
const allowedActions = ['GoTo', 'URI', 'Named', 'Hide', 'ResetForm', 'SetOCGState', 'Thread'];
const actionKeys = ['A', 'PA', 'OpenAction', 'Next'];
const attachingAnnotations = ['FileAttachment', 'RichMedia', 'Screen', 'Movie', 'Sound', '3D'];

const name = (text: string): PDFName => PDFName.of(text);

type Removed = 'scripts' | 'actions' | 'files' | 'xfa' | 'signatures';

const sentences: Readonly<Record<Removed, string>> = {
  scripts:
    'Scripts were removed. What they calculated, checked or formatted must be done manually.',
  actions: 'Buttons and links that open files or send the form were disabled.',
  files: 'Attached files, sounds and videos were removed.',
  xfa: 'The Adobe LiveCycle part was removed; the form fields are kept.',
  signatures: 'A signature of Adobe or a signer is no longer valid and was removed.',
};

/** Cleans the document in place; returns a sentence for each kind of removed content. */
export function removeActiveContent(document: PDFDocument): string[] {
  const removed = new Set<Removed>();
  cleanCatalog(document, removed);
  for (const dict of listDictionaries(document)) cleanDictionary(dict, removed);
  dropUnreachable(document);
  return (Object.keys(sentences) as Removed[])
    .filter((kind) => removed.has(kind))
    .map((kind) => sentences[kind]);
}

function cleanCatalog({ catalog }: PDFDocument, removed: Set<Removed>): void {
  const remove = (dict: PDFDict | undefined, key: string, kind: Removed): void => {
    if (dict?.delete(name(key)) === true) removed.add(kind);
  };
  const names = findDictionary(catalog, 'Names');
  remove(names, 'JavaScript', 'scripts');
  for (const key of ['EmbeddedFiles', 'Renditions', 'AlternatePresentations']) {
    remove(names, key, 'files');
  }
  remove(catalog, 'Perms', 'signatures');
  for (const key of ['Collection', 'Requirements', 'NeedsRendering', 'Legal', 'DSS']) {
    catalog.delete(name(key));
  }
  const form = findDictionary(catalog, 'AcroForm');
  remove(form, 'XFA', 'xfa');
  // The calculation order of scripts.
  form?.delete(name('CO'));
  form?.delete(name('SigFlags'));
}

function cleanDictionary(dict: PDFDict, removed: Set<Removed>): void {
  const additional = dict.lookup(name('AA'));
  if (additional !== undefined) {
    dict.delete(name('AA'));
    removed.add('scripts');
  }
  for (const key of actionKeys) {
    const kind = findHarm(dict.lookup(name(key)));
    if (kind === undefined) continue;
    dict.delete(name(key));
    removed.add(kind);
  }
  for (const key of ['EF', 'AF', 'RichMediaContent']) {
    if (dict.delete(name(key))) removed.add('files');
  }
  if (dict.lookup(name('FT')) === name('Sig') && dict.delete(name('V'))) removed.add('signatures');
  const annotations = dict.lookup(name('Annots'));
  if (annotations instanceof PDFArray) cleanAnnotations(annotations, removed);
}

function cleanAnnotations(annotations: PDFArray, removed: Set<Removed>): void {
  for (let index = annotations.size() - 1; index >= 0; index--) {
    const annotation = annotations.lookup(index);
    const subtype = annotation instanceof PDFDict ? annotation.lookup(name('Subtype')) : undefined;
    if (!attachingAnnotations.some((one) => name(one) === subtype)) continue;
    annotations.remove(index);
    removed.add('files');
  }
}

/** Returns why an action must be removed; `undefined` for a harmless one or another object. */
function findHarm(value: PDFObject | undefined): Removed | undefined {
  if (value instanceof PDFArray) {
    return value
      .asArray()
      .map((_, index) => findHarm(value.lookup(index)))
      .find((kind) => kind !== undefined);
  }
  if (!(value instanceof PDFDict)) return undefined;
  const kind = value.lookup(name('S'));
  if (value.has(name('JS')) || kind === name('JavaScript')) return 'scripts';
  if (!(kind instanceof PDFName)) return undefined;
  if (!allowedActions.some((one) => name(one) === kind)) return 'actions';
  const address = value.lookup(name('URI'));
  const text =
    address instanceof PDFString || address instanceof PDFHexString ? address.decodeText() : '';
  return kind === name('URI') && !/^(?:https?|mailto|tel):/i.test(text.trim())
    ? 'actions'
    : undefined;
}

function findDictionary(dict: PDFDict, key: string): PDFDict | undefined {
  const found = dict.lookup(name(key));
  return found instanceof PDFDict ? found : undefined;
}

/** Yields every dictionary of the document, including nested ones. */
function* listDictionaries({ context }: PDFDocument): Generator<PDFDict> {
  const open: PDFObject[] = context.enumerateIndirectObjects().map(([, object]) => object);
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const dict = one instanceof PDFStream ? one.dict : one;
    if (dict instanceof PDFDict) {
      yield dict;
      open.push(...dict.values());
    } else if (dict instanceof PDFArray) {
      for (const inner of dict.asArray()) open.push(inner);
    }
  }
}

/** Deletes unreachable objects, which would otherwise remain in the file. */
function dropUnreachable({ context }: PDFDocument): void {
  const reached = new Set<PDFRef>();
  const { Root, Info } = context.trailerInfo;
  const open: (PDFObject | undefined)[] = [Root, Info];
  while (open.length > 0) {
    const one = open.pop();
    if (one instanceof PDFRef) {
      if (reached.has(one)) continue;
      reached.add(one);
      open.push(context.lookup(one));
      continue;
    }
    const dict = one instanceof PDFStream ? one.dict : one;
    if (dict instanceof PDFDict) for (const value of dict.values()) open.push(value);
    else if (dict instanceof PDFArray) for (const value of dict.asArray()) open.push(value);
  }
  for (const [ref] of context.enumerateIndirectObjects()) {
    if (!reached.has(ref)) context.delete(ref);
  }
}
