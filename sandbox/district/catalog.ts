/**
 * The objects and fields of the sandbox Qmlativ, read from `catalog.json`.
 *
 * This folder generates a district: its schools, people, enrollments and their rows.
 */
import source from './catalog.json' with { type: 'json' };

const fieldTypes = [
  'BigInt',
  'BinaryData',
  'Bool',
  'Date',
  'DateTime',
  'Decimal',
  'GUID',
  'Int',
  'SmallInt',
  'Text',
  'TinyInt',
  'Unknown',
] as const;

/** A field's database type; `Unknown` if no public client shows it. */
export type FieldType = (typeof fieldTypes)[number];

const valueKinds = {
  BigInt: 'number',
  BinaryData: 'text',
  Bool: 'boolean',
  Date: 'date',
  DateTime: 'date',
  Decimal: 'number',
  GUID: 'text',
  Int: 'number',
  SmallInt: 'number',
  Text: 'text',
  TinyInt: 'number',
  Unknown: 'text',
} as const satisfies Record<FieldType, string>;

/** Returns the form in which values of a type are compared and sent; dates are text. */
export function valueKind(type: FieldType): 'number' | 'boolean' | 'date' | 'text' {
  return valueKinds[type];
}

/** A field of an object. Only foreign keys have `target` and `relationship`. */
export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly isKey: boolean;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  /** Whether a public access file lists the field, so that accesses can usually read it. */
  readonly isGrantedByDefault: boolean;
  readonly target?: string;
  readonly relationship?: string;
}

/** One object such as `Student/Student`, with its fields in catalog order. */
export interface ObjectDefinition {
  readonly path: string;
  readonly module: string;
  readonly name: string;
  readonly key: string;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Foreign-key fields by the name of their relationship. */
  readonly relationships: ReadonlyMap<string, FieldDefinition>;
}

/** Every object of the sandbox by `Module/Object`. */
export type Catalog = ReadonlyMap<string, ObjectDefinition>;

/**
 * Reads the catalog. `assumed` marks a field of an object that public clients request without showing
 * its fields. Throws for an invalid line.
 */
export function createCatalog(): Catalog {
  const catalog = new Map<string, ObjectDefinition>();
  for (const [path, lines] of Object.entries(source)) {
    catalog.set(path, parseObject(path, lines));
  }
  return catalog;
}

function parseObject(path: string, lines: Readonly<Record<string, string>>): ObjectDefinition {
  const fields = new Map<string, FieldDefinition>();
  const relationships = new Map<string, FieldDefinition>();
  let key: string | undefined;
  for (const [name, line] of Object.entries(lines)) {
    const field = parseField(path, name, line);
    fields.set(name, field);
    if (field.isKey) key = name;
    if (field.relationship !== undefined) relationships.set(field.relationship, field);
  }
  const [module, object] = path.split('/');
  if (key === undefined || module === undefined || object === undefined) {
    throw new Error(`catalog.json: ${path} has no primary key or no module.`);
  }
  return { path, module, name: object, key, fields, relationships };
}

function parseField(path: string, name: string, line: string): FieldDefinition {
  const match =
    /^(\w+)((?: (?:key|required|readonly|granted|assumed))*)(?: -> (\S+) as (\w+))?$/u.exec(line);
  const type = fieldTypes.find((each) => each === match?.[1]);
  if (match === null || type === undefined) {
    throw new Error(`catalog.json: ${path}.${name} is invalid: "${line}".`);
  }
  const markers = (match[2] ?? '').split(' ');
  const [, , , target, relationship] = match;
  return {
    name,
    type,
    isKey: markers.includes('key'),
    isRequired: markers.includes('required'),
    isReadOnly: markers.includes('readonly'),
    isGrantedByDefault: markers.includes('granted'),
    ...(target === undefined ? {} : { target }),
    ...(relationship === undefined ? {} : { relationship }),
  };
}
