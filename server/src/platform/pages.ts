/**
 * The SvelteKit pages, in the same process and on the same origin. Their calls to `/api/` do not leave
 * the process: they are injected into this app with the visitor's cookies and address.
 */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { makePage } from './log.ts';
import type { Press } from './press/contract.ts';
import { makePress } from './press/press.ts';
import { securityHeaders, strictTransport } from './security.ts';
import { sendProblem } from './serve.ts';
import type { WebApp } from './services.ts';

const build = new URL('../../../web/build/', import.meta.url);
const PROTOCOL_HEADER = 'x-commonpot-protocol';
const ADDRESS_HEADER = 'x-commonpot-address';

type PageHandler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** What the pages call instead of the network; `web/src/hooks.server.ts` looks for it. */
export interface InProcessApi {
  (call: { method: string; url: string; headers: Record<string, string>; body: Buffer | undefined; address: string }): Promise<{ status: number; headers: [string, string][]; body: Buffer }>;
}

declare global {
  var commonpotApi: InProcessApi | undefined;
  /** Draws cards and posters for the pages. */
  var commonpotPress: Press | undefined;
}

/** Registers the built pages; throws when they were not built. */
export async function registerPages(app: WebApp): Promise<void> {
  if (!existsSync(new URL('handler.js', build))) throw new Error(`The pages are not built: ${fileURLToPath(build)} is missing.`);
  process.env.PROTOCOL_HEADER = PROTOCOL_HEADER;
  process.env.ADDRESS_HEADER = ADDRESS_HEADER;
  process.env.ORIGIN = app.services.config.publicUrl;
  process.env.BODY_SIZE_LIMIT = '262144';
  const { handler } = (await import(new URL('handler.js', build).href)) as { handler: PageHandler };
  globalThis.commonpotApi = inProcessApi(app);
  globalThis.commonpotPress ??= makePress();

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const serve = (request: FastifyRequest, reply: FastifyReply) =>
      /^\/(api|health)(\/|$)/.test(request.url) ? sendProblem(reply, 'not-found') : servePage(app, handler, request, reply);
    scope.route({ method: ['GET', 'HEAD', 'POST'], url: '/*', schema: { hide: true } as object, handler: serve });
    scope.route({ method: ['GET', 'HEAD', 'POST'], url: '/', schema: { hide: true } as object, handler: serve });
  });
}

/** Only what is read is compressed: the length of an answer to a form could say what was chosen on it. */
const compress = compression({ filter: (request, response) => request.method === 'GET' && compression.filter(request, response) }) as unknown as PageHandler;

/** In the place of the worker: removes what it kept, and itself. A browser asks for it at its next page. */
const NO_WORKER = `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
})()));
`;

function servePage(app: WebApp, handler: PageHandler, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.headers[PROTOCOL_HEADER] = new URL(app.services.config.publicUrl).protocol.slice(0, -1);
  request.raw.headers[ADDRESS_HEADER] = request.ip;
  for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
  if (app.services.config.publicUrl.startsWith('https:')) reply.raw.setHeader('strict-transport-security', strictTransport);
  // Pages are made for whoever asks; the adapter marks what is the same for all as cacheable itself.
  reply.raw.setHeader('cache-control', 'private, no-cache');
  if (!app.services.config.ballotOffline && request.url === '/service-worker.js') return void reply.raw.setHeader('content-type', 'text/javascript').end(NO_WORKER);
  makePage(request, () => compress(request.raw, reply.raw, () => {
    handler(request.raw, reply.raw, () => {
      reply.raw.statusCode = 404;
      reply.raw.end();
    });
  }));
}

function inProcessApi(app: WebApp): InProcessApi {
  return async ({ method, url, headers, body, address }) => {
    const answer = await app.inject({ method: method as 'GET', url, headers, ...(body ? { payload: body } : {}), remoteAddress: address });
    const entries = Object.entries(answer.headers).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [String(value)]).map((each): [string, string] => [name, each]));
    return { status: answer.statusCode, headers: entries, body: answer.rawPayload };
  };
}
