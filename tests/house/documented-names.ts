/** Finds names in the code that docs/ must explain: error codes and settings. */
import { type ESTree, parseSync } from 'vite';

import { findNodes } from './source-file.ts';

/** Foreign codes: zod's kind of issue. */
const foreignCodes = new Set(['custom']);

/**
 * Finds the error codes of a file: the members of a type whose name ends in `Code`
 * (a union of texts, or the keys of an object), and the declared types and values of members named
 * `code`. Codes are lower-case words, joined by hyphens.
 */
export function findErrorCodes(path: string, text: string): string[] {
  const { program } = parseSync(path, text);
  const aliases = findNodes(program, 'TSTypeAliasDeclaration').filter(({ id }) =>
    id.name.endsWith('Code'),
  );
  const found = [
    ...aliases.flatMap(({ typeAnnotation }) => [
      ...listTexts(typeAnnotation),
      ...findNodes(typeAnnotation, 'TSTypeQuery').flatMap(({ exprName }) =>
        exprName.type === 'Identifier' ? listKeys(program, exprName.name) : [],
      ),
    ]),
    ...findNodes(program, 'TSPropertySignature')
      .filter(({ key }) => isNamedCode(key))
      .flatMap(({ typeAnnotation }) => listTexts(typeAnnotation)),
    ...findNodes(program, 'PropertyDefinition')
      .filter(({ key }) => isNamedCode(key))
      .flatMap(({ typeAnnotation, value }) => [
        ...listTexts(typeAnnotation),
        ...findLiteral(value),
      ]),
    ...findNodes(program, 'Property')
      .filter(({ key }) => isNamedCode(key))
      .flatMap(({ value }) => findLiteral(value)),
  ];
  return [...new Set(found)].filter(
    (code) => /^[a-z]+(-[a-z]+)*$/.test(code) && !foreignCodes.has(code),
  );
}

const isNamedCode = (key: ESTree.Node) => key.type === 'Identifier' && key.name === 'code';

/** Lists the texts that a type allows. */
const listTexts = (type: object | null | undefined): string[] =>
  type == null
    ? []
    : findNodes(type, 'TSLiteralType').flatMap(({ literal }) => findLiteral(literal));

const findLiteral = (node: ESTree.Node | null | undefined): string[] =>
  node?.type === 'Literal' && typeof node.value === 'string' ? [node.value] : [];

/** Lists the keys of `const NAME = { … }` in a file. */
function listKeys(program: ESTree.Program, name: string): string[] {
  return findNodes(program, 'VariableDeclarator')
    .filter(({ id }) => id.type === 'Identifier' && id.name === name)
    .flatMap(({ init }) => (init === null ? [] : findNodes(init, 'ObjectExpression').slice(0, 1)))
    .flatMap(({ properties }) =>
      properties.flatMap((property) =>
        property.type !== 'Property'
          ? []
          : property.key.type === 'Identifier'
            ? [property.key.name]
            : findLiteral(property.key),
      ),
    );
}

/** Set temporarily for a library (src/api/server/web-build.ts); not a setting. */
const notSettings = new Set(['NODE_ENV']);

/** Finds the environment variables that a file reads, and all names with our prefix. */
export function findEnvironmentVariables(text: string): string[] {
  const read = text.matchAll(/\b(?:environment|process\.env)(?:\['(\w+)'\]|\.([A-Z][A-Z0-9_]+))/g);
  const given = text.matchAll(/\bgiven\('(\w+)'\)/g);
  const ours = text.matchAll(/\b(DAYBREAK_[A-Z_]+[A-Z])\b/g);
  const names = [...read, ...given, ...ours].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(names)].filter((name) => !notSettings.has(name));
}
