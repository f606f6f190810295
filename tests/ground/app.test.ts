/** What the one process serves: headers, policies, and a document that tells of every route. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts } from '@commonpot/server/contracts';
import { serveWorld, type Served } from '../lib/served.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(served.url + path, { headers, redirect: 'manual' });

describe('every answer', () => {
  it.each(['/', '/sign-in', '/f/tanner-hill', '/nowhere', '/icon.svg', '/api/v1/funds', '/api/v1/me', '/api/v1/nowhere', '/api/v1/openapi.json', '/health/live', '/health/ready'])('%s has the security headers', async (path) => {
    const { headers } = await get(path);
    expect(Object.fromEntries(['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((name) => [name, headers.get(name)]))).toEqual({
      'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.get('permissions-policy')).toContain('geolocation=()');
    expect(headers.get('server')).toBe(null);
    expect(headers.get('x-powered-by')).toBe(null);
  });

  it.each(['/api/v1/funds', '/api/v1/nowhere', '/health/ready'])('%s may load nothing and is stored nowhere', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toBe(`default-src 'none'; frame-ancestors 'none'`);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['/', '/sign-in', '/nowhere'])('the page %s has a strict content security policy', async (path) => {
    const policy = (await get(path)).headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(policy.split(';').map((each) => each.trim().split(/ (.*)/s)));
    expect(directives).toMatchObject({ 'default-src': `'none'`, 'base-uri': `'none'`, 'frame-ancestors': `'none'`, 'form-action': `'self'` });
    expect(policy).not.toMatch(/unsafe-|https?:|\*/);
  });

  it('gives each page that has script a nonce of its own', async () => {
    const { pages } = await import('../browser/manifest.ts');
    if (!pages.some((row) => row.script)) return;
    const nonces = [1, 2].map(async () => /'nonce-([^']+)'/.exec((await get('/')).headers.get('content-security-policy') ?? '')?.[1]);
    const [one, other] = await Promise.all(nonces);
    if (one !== undefined) expect(one).not.toBe(other);
  });
});

it('answers an unknown path of the API with a problem, and an unknown page with a page', async () => {
  const api = await get('/api/v1/nowhere');
  expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  const page = await get('/nowhere');
  expect(page.status).toBe(404);
  expect(await page.text()).toContain('<h1');
});

it('shows the outbox to nobody who came through a proxy, by the page either', async () => {
  expect((await get('/outbox')).status).toBe(200);
  for (const path of ['/outbox', '/outbox/__data.json', '/api/v1/demonstration/messages']) {
    const answer = await get(path, { 'x-forwarded-for': '192.0.2.7' });
    expect(answer.status === 404 || (await answer.text()).includes('not-found'), path).toBe(true);
  }
});

it('keeps what a voting page reads out of log and figures, and no other page', async () => {
  const lines = async () => (await served.app.metrics.registry.metrics()).split('\n').filter((line) => /^commonpot_http_request_seconds_count.*rounds\/:round"/.test(line));
  const before = await lines();
  await get('/f/tanner-hill/rounds/none/vote');
  await get('/f/tanner-hill/rounds/none/vote/ballot');
  expect(await lines()).toEqual(before);
  await get('/f/tanner-hill/rounds/none');
  await expect.poll(lines).not.toEqual(before);
});

describe('a form from another site', () => {
  const post = (path: string, headers: Record<string, string>) =>
    fetch(served.url + path, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: 'channel=email&address=a@example.org' });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', {}],
  ])('is refused from %s, by pages and API', async (_where, headers) => {
    for (const path of ['/sign-in', '/sign-out', '/api/v1/sign-in/codes', '/api/v1/sign-out']) expect((await post(path, headers)).status, path).toBe(403);
  });

  it('is taken from our own pages', async () => {
    expect((await post('/sign-in', { origin: served.url })).status).toBe(303);
    expect((await post('/sign-in', { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });
});

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}
interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  responses: Record<string, { description: string }>;
  requestBody?: { content: Record<string, { schema: unknown }> };
}

describe('openapi.json', () => {
  let document: Document;
  beforeAll(async () => void (document = (await (await get('/api/v1/openapi.json')).json()) as Document));
  const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

  it('names every contract, and nothing that is none', () => {
    const wanted = [...contracts.values()].map(({ method, path }) => `${method} /api/v1${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(wanted.sort());
  });

  it('is OpenAPI 3.1: operations with answers, and parameters as their paths have them', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    for (const { path, method, operation } of operations()) {
      expect(path).toMatch(/^\//);
      expect(['get', 'put', 'post', 'delete']).toContain(method);
      const inPath = (operation.parameters ?? []).filter((each) => each.in === 'path');
      expect(inPath.map((each) => each.name).sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort());
      expect(inPath.every((each) => each.required)).toBe(true);
      expect(operation.summary, path).toBeTruthy();
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const [status, answer] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^(\d{3}|default)$/);
        expect(answer.description).toEqual(expect.any(String));
      }
      if (method === 'get') expect(operation.requestBody).toBeUndefined();
    }
  });

  it('holds sound JSON Schemas (2020-12)', () => {
    const faults: string[] = [];
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    const visit = (schema: unknown, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, required, properties = {}, pattern, $ref, nullable, exclusiveMinimum, items } = schema as Record<string, any>;
      if (type !== undefined && ![type].flat().every((each) => types.includes(each))) faults.push(`${at}: type ${type}`);
      if ([type].flat().includes('array') && items === undefined && !('prefixItems' in schema)) faults.push(`${at}: array of what`);
      if (required && !required.every((name: string) => name in properties)) faults.push(`${at}: requires what it does not describe`);
      if (pattern !== undefined) new RegExp(pattern, 'u');
      if ($ref !== undefined && !($ref.replace('#/components/schemas/', '') in (document.components?.schemas ?? {}))) faults.push(`${at}: ${$ref} leads nowhere`);
      if (nullable !== undefined || typeof exclusiveMinimum === 'boolean') faults.push(`${at}: a keyword of OpenAPI 3.0`);
      for (const [name, each] of Object.entries(properties)) visit(each, `${at}.${name}`);
      for (const keyword of ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf']) for (const each of [(schema as any)[keyword]].flat()) visit(each, `${at}/${keyword}`);
    };
    for (const { path, method, operation } of operations()) {
      for (const parameter of operation.parameters ?? []) visit(parameter.schema, `${method} ${path}?${parameter.name}`);
      for (const [status, answer] of Object.entries(operation.responses)) visit((answer as any).content?.['application/json']?.schema, `${method} ${path} ${status}`);
      visit(operation.requestBody?.content['application/json']?.schema, `${method} ${path} body`);
    }
    expect(faults).toEqual([]);
  });
});
