/** What every answer and every unsafe request must carry: security headers, and proof that our own pages sent it. */
import type { IncomingHttpHeaders } from 'node:http';
import { sendProblem } from './serve.ts';
import type { WebApp } from './services.ts';

/** On every answer; pages add their content security policy with a nonce. */
export const securityHeaders: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), microphone=(), payment=(), camera=(self)',
};

/** For answers that are no pages: nothing may be loaded or framed by them. */
const apiContentPolicy = "default-src 'none'; frame-ancestors 'none'";

/** A year, once the deployment is on https. */
export const strictTransport = 'max-age=31536000; includeSubDomains';

/**
 * Whether an unsafe request came from our own origin: by Sec-Fetch-Site, else by Origin.
 * A request with neither is refused, because every browser sends one of them on a form post.
 */
function isSameOrigin(headers: IncomingHttpHeaders, ownOrigin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === ownOrigin;
}

/** Methods that change nothing. */
function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Registers both for the API; pages are hijacked and set their own (`pages.ts`). */
export function registerSecurity(app: WebApp): void {
  const { publicUrl } = app.services.config;
  app.addHook('onRequest', async (request, reply) => {
    if (!isSafeMethod(request.method) && !isSameOrigin(request.headers, publicUrl)) return sendProblem(reply, 'cross-origin');
    return undefined;
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ ...securityHeaders, 'content-security-policy': reply.getHeader('content-security-policy') ?? apiContentPolicy, 'cache-control': reply.getHeader('cache-control') ?? 'no-store' });
    if (publicUrl.startsWith('https:')) reply.header('strict-transport-security', strictTransport);
  });
}
