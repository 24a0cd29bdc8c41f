/** Parses the project's source files: imports, exports, and top-level declarations. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type ESTree, parseSync } from 'vite';

/** The folders with the project's code. */
const codeFolders = ['src', 'sandbox', 'web', 'bench', 'proof', 'tests', 'scripts'] as const;

/** The project's folder, which all paths are relative to. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly imports: readonly SourceImport[];
  /** The text of the comment that the file begins with; empty without one. */
  readonly firstComment: string;
  readonly hasDefaultExport: boolean;
  /** `let` and `var` outside of any function. */
  readonly moduleVariables: readonly string[];
  /** `Date`, `Temporal.Now` and `Math.random`, wherever they are used. */
  readonly ambientInputs: readonly string[];
}

export interface SourceImport {
  /** A path relative to the project for a project file, else the name as written. */
  readonly target: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

/** Parses every TypeScript file of the project. */
export async function readSourceFiles(): Promise<SourceFile[]> {
  const paths = await listSourcePaths();
  return paths.map((path) => parseSource(path, readFileSync(join(projectRoot, path), 'utf8')));
}

/** Lists the paths of all TypeScript files of the project, except built files, in order. */
export async function listSourcePaths(): Promise<string[]> {
  const lists = await Promise.all(
    codeFolders.map(async (folder) => {
      const entries = await readdir(join(projectRoot, folder), { recursive: true });
      return entries.map((entry) => `${folder}/${entry.split(sep).join('/')}`);
    }),
  );
  return lists
    .flat()
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('web/dist/'))
    .toSorted();
}

/** Parses one file. Throws if it is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { errors, module, program } = parseSync(path, text);
  const syntaxError = errors[0];
  if (syntaxError !== undefined) throw new SyntaxError(`${path}: ${syntaxError.message}`);
  const asImport = (specifier: string, isTypeOnly: boolean): SourceImport => {
    const isOurs = specifier.startsWith('.');
    const target = isOurs ? posix.join(dirname(path), specifier) : specifier;
    return { target, isOurs, isTypeOnly };
  };
  const exports = module.staticExports.flatMap(({ entries }) => entries);
  return {
    path,
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries }) =>
        asImport(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType)),
      ),
      ...exports.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [asImport(moduleRequest.value, isType)],
      ),
      ...module.dynamicImports.map(({ moduleRequest }) =>
        asImport(unquoted(text.slice(moduleRequest.start, moduleRequest.end)), false),
      ),
      ...findNodes(program, 'TSImportType').map(({ source }) => asImport(source.value, true)),
    ],
    firstComment: readFirstComment(text),
    hasDefaultExport: exports.some(({ exportName }) => exportName.kind === 'Default'),
    moduleVariables: program.body.flatMap(listVariables),
    ambientInputs: listAmbientInputs(program),
  };
}

const readFirstComment = (text: string) =>
  /^(?:#![^\n]*\n)?\/\*\*?(.*?)\*\//s
    .exec(text)?.[1]
    ?.replaceAll(/^ *\*? */gm, '')
    .trim() ?? '';

const unquoted = (text: string) => text.replace(/^['"`](.*)['"`]$/s, '$1');

function listVariables(statement: ESTree.Statement | ESTree.Directive): string[] {
  const declaration =
    statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type !== 'VariableDeclaration' || declaration.declare === true) return [];
  if (declaration.kind !== 'let' && declaration.kind !== 'var') return [];
  return declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : 'pattern'));
}

function listAmbientInputs(program: ESTree.Program): string[] {
  const made = [...findNodes(program, 'NewExpression'), ...findNodes(program, 'CallExpression')]
    .map(({ callee }) => callee)
    .filter((callee) => callee.type === 'Identifier' && callee.name === 'Date')
    .map(() => 'Date');
  const read = findNodes(program, 'MemberExpression').flatMap(({ object, property }) => {
    if (object.type !== 'Identifier' || property.type !== 'Identifier') return [];
    if (object.name === 'Date') return ['Date'];
    const name = `${object.name}.${property.name}`;
    return name === 'Temporal.Now' || name === 'Math.random' ? [name] : [];
  });
  const named = findNodes(program, 'TSTypeReference')
    .filter(({ typeName }) => typeName.type === 'Identifier' && typeName.name === 'Date')
    .map(() => 'Date');
  return [...made, ...read, ...named];
}

type NodeOf<Type extends ESTree.Node['type']> = Extract<ESTree.Node, { readonly type: Type }>;

/** Returns all nodes of a type at or below `root`. */
export function findNodes<Type extends ESTree.Node['type']>(
  root: object,
  type: Type,
): NodeOf<Type>[] {
  const found: NodeOf<Type>[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    if (isNodeOfType(value, type)) found.push(value);
    for (const child of Object.values(value)) visit(child);
  };
  visit(root);
  return found;
}

const isNodeOfType = <Type extends ESTree.Node['type']>(
  value: object,
  type: Type,
): value is NodeOf<Type> => 'type' in value && value.type === type;
