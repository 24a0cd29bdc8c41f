/** The objects and fields of the practice Qmlativ, read from `catalog.json`. */
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

/** A field's database type; `Unknown` where no public client shows it. */
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

/** The form in which values of a type are compared and sent; dates travel as text. */
export function valueKind(type: FieldType): 'number' | 'boolean' | 'date' | 'text' {
  return valueKinds[type];
}

/** One field of an object. `target` and `relationship` are given for foreign keys only. */
export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly isKey: boolean;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  /** True when a public access file lists the field, so an access is usually allowed to read it. */
  readonly isGrantedByDefault: boolean;
  readonly target?: string;
  readonly relationship?: string;
}

/** One object such as `Student/Student`, with its fields in the order of the catalogue. */
export interface ObjectDefinition {
  readonly path: string;
  readonly module: string;
  readonly name: string;
  readonly key: string;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Foreign-key fields by the name of their relationship. */
  readonly relationships: ReadonlyMap<string, FieldDefinition>;
}

/** Every object of the practice system by `Module/Object`. */
export type Catalog = ReadonlyMap<string, ObjectDefinition>;

/**
 * Reads the catalogue. `assumed` marks a field of an object that public clients ask for without showing
 * its fields. A line that is not understood is a fault of the data file and throws.
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
    throw new Error(`catalog.json: ${path}.${name} is not understood: "${line}".`);
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
