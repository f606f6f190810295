/** Forms that bring files: read into the body's fields and the request's files; and the way back for a form on a page without script. */
import { finished } from 'node:stream/promises';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteContract } from './contract.ts';
import { BYTES_MAX } from './pictures/rules.ts';
import type { ProblemCode } from './problems.ts';
import type { WebApp } from './services.ts';

/** Bytes of everything in a form that is no file, and of a body that is no form. */
const WORDS_MAX = 64 * 1024;
/** Bytes that are let in and thrown away, so that a browser which sends too much hears why; from there on its line is cut. */
const PATIENCE_MAX = 100 * 1024 * 1024;
/** Characters that go back to the page in its address, so that nobody types them again. */
const TYPED_MAX = 3000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The files of a form, by the name of their field. */
    files: Record<string, Buffer> | null;
  }
}

/** The most bytes that a route with this many files takes. */
export const bodyLimitOf = (files: number): number => files * (BYTES_MAX + 1) + WORDS_MAX;

/** What a route says of a form that is too large: by what it takes. */
export function tooLargeFor(contract: RouteContract | undefined): ProblemCode {
  if (!contract?.files) return 'too-large';
  return contract.problems.includes('audio-too-large') ? 'audio-too-large' : 'picture-too-large';
}

const isForm = (request: FastifyRequest): boolean => request.headers['content-type']?.startsWith('multipart/form-data') ?? false;

/** Whether a body is one that is read as it comes: a form is looked at before, everything else is small. */
export function sortBody(request: FastifyRequest): 'form' | 'small' | 'large' {
  if (isForm(request)) return 'form';
  if (request.headers['transfer-encoding'] !== undefined) return 'large';
  return Number(request.headers['content-length'] ?? 0) > WORDS_MAX ? 'large' : 'small';
}

/**
 * Whether a form is larger than its route takes. Lets it come to its end first, unread: a browser that is answered while
 * it sends takes the answer for a broken line.
 */
export async function isTooLarge(request: FastifyRequest, limit: number): Promise<boolean> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length <= limit || length > PATIENCE_MAX) return false;
  await finished(request.raw.resume());
  return true;
}

/** Forms that one account sends at once, and all accounts together: each lies in memory several times over while it is read. */
const AT_ONCE = { account: 4, all: 16 };
const underWay = new Map<string, number>();

/** Takes up the form of an account until it is answered or its line is cut; false while too many are under way. */
export function takeUp(accountId: string, response: ServerResponse): boolean {
  const theirs = underWay.get(accountId) ?? 0;
  const all = [...underWay.values()].reduce((sum, count) => sum + count, 0);
  if (theirs >= AT_ONCE.account || all >= AT_ONCE.all) return false;
  underWay.set(accountId, theirs + 1);
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    const left = (underWay.get(accountId) ?? 1) - 1;
    if (left > 0) underWay.set(accountId, left);
    else underWay.delete(accountId);
  };
  response.once('finish', end).once('close', end);
  return true;
}

/** A problem of the request's own, which `errors.ts` turns into its answer. */
function fault(statusCode: number): Error {
  return Object.assign(new Error('the form cannot be read'), { statusCode });
}

/** Reads forms, on routes that take files and on no other. */
export function registerUploads(app: WebApp): void {
  app.decorateRequest('files', null);
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (!request.routeOptions.config.contract?.files) throw fault(415);
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData().catch(() => null);
    if (!form) throw fault(400);
    const fields: [string, string][] = [];
    const files: [string, Buffer][] = [];
    for (const [name, value] of form) {
      if (typeof value !== 'string') files.push([name, Buffer.from(await value.arrayBuffer())]);
      // A browser sends every field, and line breaks as two characters.
      else if (value.trim() !== '') fields.push([name, value.replaceAll('\r\n', '\n')]);
    }
    request.files = Object.fromEntries(files.filter(([, bytes]) => bytes.length > 0));
    return Object.fromEntries(fields);
  });
}

/** The page that sent this form, where it was a page of ours and not a program. */
function pageOf(request: FastifyRequest, ownOrigin: string): URL | null {
  const { referer, accept } = request.headers;
  if (!isForm(request) || !accept?.includes('text/html') || !referer || !URL.canParse(referer)) return null;
  const page = new URL(referer);
  return page.origin === ownOrigin ? page : null;
}

/** Answers a page's form by leading back to the page: `done`, or the problem's code and what was typed. Programs get the answer itself. */
export function leadBack(ownOrigin: string) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const page = pageOf(request, ownOrigin);
    if (!page) return payload;
    const answer = new URLSearchParams();
    if (reply.statusCode < 400) answer.set('done', '1');
    else {
      answer.set('problem', (JSON.parse(String(payload)) as { code: string }).code);
      const typed = Object.entries((request.body as Record<string, unknown> | undefined) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
      if (typed.reduce((sum, [, value]) => sum + value.length, 0) <= TYPED_MAX) for (const [name, value] of typed) answer.append(name, value);
    }
    // A path that begins with two slashes would lead to another site.
    void reply.code(303).header('location', `${page.pathname.replace(/^\/+/, '/')}?${answer}`).header('content-type', 'text/plain; charset=utf-8').removeHeader('content-length');
    return '';
  };
}
