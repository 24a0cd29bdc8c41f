/** The contract as an OpenAPI document, and a page that reads it to people. */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';

import {
  type Audit,
  type Endpoint,
  ErrorResponse,
  type ErrorCode,
  errorStatus,
  belongsToDistrict,
} from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { DomainInPath } from '../../contract/values.ts';
import { type Limit, limits } from '../../contract/limits.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** OpenAPI 3.1, made of the very schemas that parse requests and answers. */
export function openApiDocument(): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = (paths[endpoint.path] ??= {});
    path[toMethod(endpoint)] = toOperation(name, endpoint);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Daybreak',
      version: '1',
      description:
        'Students, guardians and enrollment status as of the last import. Sign in first; the session is a cookie.',
    },
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'daybreak.session_token',
          description: 'Over https the name begins with `__Host-`.',
        },
      },
    },
  });
}

const toMethod = (endpoint: Endpoint) =>
  endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';

function toOperation(name: string, endpoint: Endpoint): ZodOpenApiOperationObject {
  const { query, body, access } = endpoint;
  const params = pathParameters(endpoint);
  return {
    operationId: name,
    summary: endpoint.summary,
    ...(access === 'public' ? { security: [] } : { security: [{ session: [] }] }),
    description: describe(endpoint),
    'x-audit': endpoint.audit,
    'x-limit': endpoint.limit,
    ...(params === undefined && query === undefined
      ? {}
      : {
          requestParams: {
            ...(params === undefined ? {} : { path: params }),
            ...(query === undefined ? {} : { query }),
          },
        }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { [endpoint.takes ?? 'application/json']: { schema: body } },
          },
        }),
    responses: {
      '200': {
        description: 'OK',
        content: toContent(endpoint),
      },
      ...errorResponses(listErrorCodes(endpoint)),
    },
  };
}

/** Who may call it, what that leaves in the audit trail, and how often, in words. */
const describe = (endpoint: Endpoint): string => {
  const { access, audit, limit } = endpoint;
  return [
    `Roles: ${access === 'public' ? 'anyone' : access.join(', ')}.`,
    `Audit trail: ${describeAudit(audit)}.`,
    `Limit "${limit}": ${formatLimit(endpoint)}.`,
  ].join(' ');
};

function describeAudit(audit: Audit): string {
  if (audit.kind === 'nothing') return 'nothing';
  if (audit.kind === 'change') return audit.actions.join(', ');
  return audit.everyTime === true ? `${audit.action}, every time` : audit.action;
}

const formatLimit = (endpoint: Endpoint): string => {
  const words = Object.entries(countedLimits(endpoint)).map(
    ([of, count]) => `${count} a minute for each ${of}`,
  );
  return words.length === 0 ? 'none' : words.join(', ');
};

/** The numbers that count for those who may call it. */
function countedLimits({ access, limit }: Endpoint): Limit {
  const { address, user, district }: Limit = limits[limit];
  return access === 'public'
    ? { ...(address !== undefined && { address }) }
    : { ...(user !== undefined && { user }), ...(district !== undefined && { district }) };
}

/** The parameters of the path: those of the endpoint, and the district's domain before them. */
const pathParameters = (endpoint: Endpoint): z.ZodObject | undefined =>
  belongsToDistrict(endpoint)
    ? z.object({ domain: DomainInPath, ...endpoint.params?.shape })
    : endpoint.params;

const toContent = ({ responseKind, response }: Endpoint) => {
  if (responseKind === 'events') return { 'text/event-stream': { schema: response } };
  if (responseKind === 'download') return { 'application/octet-stream': { schema: response } };
  return { 'application/json': { schema: response } };
};

const isFile = (endpoint: Endpoint) =>
  endpoint.responseKind === 'download' && belongsToDistrict(endpoint);

/** The codes of the endpoint and those that its form makes possible. */
function listErrorCodes(endpoint: Endpoint): readonly ErrorCode[] {
  const takesInput = endpoint.params ?? endpoint.query ?? endpoint.body;
  return [
    ...(takesInput === undefined ? [] : (['bad-request'] as const)),
    ...(endpoint.access === 'public' ? [] : (['not-signed-in', 'not-found'] as const)),
    ...(endpoint.method === 'GET' ? [] : (['foreign-origin'] as const)),
    ...(endpoint.body === undefined ? [] : (['body-too-large'] as const)),
    ...(isFile(endpoint) ? (['too-many-attempts', 'temporary-file-failed'] as const) : []),
    ...(endpoint.errors ?? []),
    ...(Object.keys(countedLimits(endpoint)).length === 0 ? [] : (['too-many-attempts'] as const)),
    'internal-error',
  ];
}

function errorResponses(codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(new Set(codes), (code) => `${errorStatus[code]}`);
  return Object.fromEntries(
    Array.from(byStatus, ([status, group]) => [
      status,
      { description: group.join(', '), content: { 'application/json': { schema: ErrorResponse } } },
    ]),
  );
}

/** A page of plain HTML without script: every endpoint with who may call it, what goes in and comes out. */
export function docsPage(document: OpenApiDocument): string {
  const schemas = Object.entries(document.components?.schemas ?? {});
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Daybreak API</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid #8886; border-radius: 6px; }
h2 { margin-top: 2.5rem; } h3 { font-size: 1rem; margin-bottom: 0; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 0.25rem 1rem 0.25rem 0; vertical-align: top; }
</style>
</head>
<body>
<main>
<h1>Daybreak API</h1>
<p>${escapeHtml(document.info.description ?? '')} As a document for tools: <a href="/api/openapi.json">openapi.json</a>.</p>
<p>Every error response is <code>{ "error": { "code", "message", "advice", "field", "requestId" } }</code>.</p>
${Object.values<Endpoint>(endpoints).map(endpointSection).join('\n')}
<h2>Schemas</h2>
${schemas.map(([name, schema]) => `<details><summary><code>${escapeHtml(name)}</code></summary>${jsonBlock(schema)}</details>`).join('\n')}
</main>
</body>
</html>
`;

  function endpointSection(endpoint: Endpoint): string {
    const operation = document.paths?.[endpoint.path]?.[toMethod(endpoint)];
    const parameters = operation?.parameters ?? [];
    return `<section>
<h2><code>${endpoint.method} ${escapeHtml(endpoint.path)}</code></h2>
<p>${escapeHtml(endpoint.summary)}. ${escapeHtml(describe(endpoint))}</p>
${parameters.length === 0 ? '' : `<h3>Parameters</h3>${jsonBlock(parameters)}`}
${operation?.requestBody === undefined ? '' : `<h3>Body</h3>${jsonBlock(operation.requestBody)}`}
<h3>Responses</h3>
<table>${Object.entries(operation?.responses ?? {})
      .map(
        ([status, response]) =>
          `<tr><th scope="row">${status}</th><td>${escapeHtml('description' in response ? (response.description ?? '') : '')}</td></tr>`,
      )
      .join('')}</table>
</section>`;
  }
}

const jsonBlock = (value: unknown): string =>
  `<pre tabindex="0">${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
