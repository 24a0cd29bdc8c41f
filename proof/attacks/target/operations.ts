/** The operations of the API's OpenAPI document, and valid requests for them. */
import * as fc from 'fast-check';

import type { Role } from '../../../src/contract/endpoint.ts';
import type { RequestOptions } from './http-client.ts';

/** The parts of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

interface Parameter {
  readonly in: 'path' | 'query';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Roles that may call it. */
  readonly roles: 'public' | readonly Role[];
  readonly parameters: readonly Parameter[];
  readonly bodyType: string | undefined;
  readonly body: Schema | undefined;
  readonly isOfDistrict: boolean;
}

/** Values for a request, instead of the smallest valid ones. */
export interface Fill {
  readonly domain?: string;
  /** Returns the value of a path parameter. */
  readonly param?: (name: string) => string | undefined;
  /** Value of every record id in the body. */
  readonly record?: number;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

/** Returns the operations, with references resolved. */
export function readOperations(document: unknown): Operation[] {
  const { paths, components } = document as OpenApi;
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const found = components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (found === undefined) throw new Error(`${schema.$ref} is missing`);
    return resolve(found);
  };
  const complete = (schema: Schema, depth = 0): Schema => {
    const one = resolve(schema);
    if (depth > 12) return {};
    const each = (schemas: readonly Schema[] | undefined) =>
      schemas?.map((part) => complete(part, depth + 1));
    const { anyOf, oneOf, allOf, items, properties } = one;
    return {
      ...one,
      ...(anyOf && { anyOf: each(anyOf) ?? [] }),
      ...(oneOf && { oneOf: each(oneOf) ?? [] }),
      ...(allOf && { allOf: each(allOf) ?? [] }),
      ...(items && { items: complete(items, depth + 1) }),
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, part]) => [name, complete(part, depth + 1)]),
        ),
      }),
    };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, given]): Operation => {
      const [type, content] = Object.entries(given.requestBody?.content ?? {})[0] ?? [];
      const roles = /Roles: ([a-z, -]+)\./.exec(given.description ?? '')?.[1]?.split(', ');
      return {
        id: given.operationId,
        method: method.toUpperCase(),
        path,
        roles:
          (given.security?.length ?? 0) === 0 ? 'public' : ((roles as Role[] | undefined) ?? []),
        parameters: (given.parameters ?? []).map((one) => ({
          ...one,
          schema: complete(one.schema),
        })),
        bodyType: type,
        body: content && complete(content.schema),
        isOfDistrict: path.startsWith('/api/districts/{domain}'),
      };
    }),
  );
}

/** A request that fits the operation but for what is filled in otherwise. */
export function createRequest(operation: Operation, fill: Fill = {}): RequestOptions {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'domain') return fill.domain ?? 'a.example';
    const schema = operation.parameters.find((one) => one.in === 'path' && one.name === name);
    return encodeURIComponent(
      fill.param?.(name) ?? String(createSample(schema?.schema ?? {}, fill)),
    );
  });
  const needed = operation.parameters
    .filter((one) => one.in === 'query' && one.required === true)
    .map(({ name, schema }) => [name, String(createSample(schema, fill))]);
  const query = new URLSearchParams({ ...Object.fromEntries(needed), ...fill.query }).toString();
  const isJson = operation.bodyType === 'application/json';
  const body =
    fill.body ?? (operation.body && isJson ? createSample(operation.body, fill) : undefined);
  return {
    method: operation.method,
    path: query === '' ? path : `${path}?${query}`,
    ...(body !== undefined && { body }),
    ...(operation.bodyType !== undefined &&
      !isJson && { body: '%PDF-1.7 nothing', headers: { 'content-type': operation.bodyType } }),
  };
}

/** Returns the smallest value valid for a schema, or with `isComplete` one with all optional members. */
export function createSample(schema: Schema, fill: Fill = {}, isComplete = false): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const chosen = choices.find(({ type }) => type !== 'null') ?? choices[0];
    return createSample(chosen ?? {}, fill, isComplete);
  }
  const type = [schema.type].flat().find((one) => one !== 'null');
  switch (type ?? 'any') {
    case 'object': {
      const names = Object.keys(schema.properties ?? {}).filter(
        (name) => isComplete || schema.required?.includes(name) === true,
      );
      return Object.fromEntries(
        names.map((name) => [
          name,
          createSample(schema.properties?.[name] ?? {}, fill, isComplete),
        ]),
      );
    }
    case 'array': {
      const isOfRecords = fill.record !== undefined && schema.items?.type === 'integer';
      const count = Math.max(schema.minItems ?? 0, isComplete || isOfRecords ? 1 : 0);
      return Array.from({ length: count }, () =>
        createSample(schema.items ?? {}, fill, isComplete),
      );
    }
    case 'integer':
    case 'number':
      if (schema.exclusiveMinimum === 0 && fill.record !== undefined) return fill.record;
      return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
    case 'boolean':
      return false;
    case 'string':
      return createText(schema);
    default:
      return 'x';
  }
}

const texts: Readonly<Record<string, string>> = {
  email: 'nobody@elsewhere.example',
  uuid: '3f1f6a34-5b0e-4d4e-8d8e-1a2b3c4d5e6f',
  date: '2026-11-23',
  'date-time': '2026-11-23T12:00:00Z',
};

function createText({ format, pattern, minLength = 1 }: Schema): string {
  const known = format === undefined ? undefined : texts[format];
  if (known !== undefined) return known;
  if (pattern === undefined) return 'x'.repeat(minLength);
  const fitting = new RegExp(pattern, 'u');
  const simple = ['1', 'x'.repeat(minLength), '/', 'ax', '01:00'].find((text) =>
    fitting.test(text),
  );
  return (
    simple ??
    fc.sample(fc.stringMatching(fitting), { numRuns: 1, seed: 1 })[0] ??
    'x'.repeat(minLength)
  );
}

/** Returns the paths of all texts in a value. */
export function listTextPaths(value: unknown): (string | number)[][] {
  if (typeof value === 'string') return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    listTextPaths(part).map((path) => [Array.isArray(value) ? Number(name) : name, ...path]),
  );
}

/** Returns a copy of the value with another value at a path. */
export function replaceAtPath(
  value: unknown,
  path: readonly (string | number)[],
  text: unknown,
): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return text;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[name] = replaceAtPath(copy[name], rest, text);
  return copy;
}
