import { expect, it } from 'vitest';

import { type Endpoint, belongsToDistrict } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { docsPage, openApiDocument } from './openapi.ts';

const document = openApiDocument();
const all = Object.entries<Endpoint>(endpoints);
const toOperation = ({ path, method }: Endpoint) =>
  document.paths?.[path]?.[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'];

it.each(all)('describes %s: summary, sign-in, response', (name, endpoint) => {
  const operation = toOperation(endpoint);
  expect(operation?.operationId).toBe(name);
  expect(operation?.summary).toBe(endpoint.summary);
  expect(operation?.security?.length).toBe(endpoint.access === 'public' ? 0 : 1);
  expect(operation?.responses?.['200']).toBeDefined();
  expect(operation?.['x-audit']).toEqual(endpoint.audit);
  expect(operation?.['x-limit']).toBe(endpoint.limit);
});

it.each(all)('names every parameter of %s as its schema does', (_, endpoint) => {
  const names = Object.keys({
    ...(belongsToDistrict(endpoint) && { domain: true }),
    ...endpoint.params?.shape,
    ...endpoint.query?.shape,
  });
  const described = (toOperation(endpoint)?.parameters ?? []).map((parameter) =>
    'name' in parameter ? parameter.name : undefined,
  );
  expect(new Set(described)).toEqual(new Set(names));
});

it('has a parameter for every placeholder of a path', () => {
  for (const [, endpoint] of all) {
    const { path, params } = endpoint;
    const placeholders = Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1]);
    const named = Object.keys(params?.shape ?? {});
    expect(placeholders).toEqual(belongsToDistrict(endpoint) ? ['domain', ...named] : named);
  }
});

it('has no broken references', () => {
  const text = JSON.stringify(document);
  const schemas = Object.keys(document.components?.schemas ?? {});
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    expect(schemas).toContain(name);
  }
  expect(schemas).toContain('Student');
});

it('describes roles, audit trail and rate limit', () => {
  expect(toOperation(endpoints.exportStudents)?.description).toBe(
    'Roles: technician, administrator, staff, read-only. Audit trail: students-exported, every time. Limit "heavy": 60 a minute for each user, 240 a minute for each district.',
  );
});

it('renders a page without scripts', () => {
  const page = docsPage(document);
  expect(page).toContain('/api/districts/{domain}/students/{id}');
  expect(page).not.toContain('<script');
});
