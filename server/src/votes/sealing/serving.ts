/** Serves sealed rounds as they lie in their folder: no database, no script, and nobody is told what a reader looks for. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shapes } from '../../platform/contract.ts';
import { sendProblem } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';

/** Names without a dot in front, at most one folder deep: nothing else was ever written there. */
const PATH = /^(?:[A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w-]*(?:\.[\w-]+)+$/;
const TYPES: Record<string, string> = { html: 'text/html; charset=utf-8', json: 'application/json; charset=utf-8' };

export function publishedRoutes(app: WebApp): void {
  const { publishFolder, publishCopy } = app.services.config;
  app.get('/f/:fund/rounds/:round/published', { schema: { hide: true } as object }, async (request, reply) => {
    const { fund, round } = request.params as Record<string, string>;
    return reply.redirect(`/f/${encodeURIComponent(fund ?? '')}/rounds/${encodeURIComponent(round ?? '')}/published/`, 301);
  });
  app.get('/f/:fund/rounds/:round/published/*', { schema: { hide: true } as object }, async (request, reply) => {
    const { fund, round, '*': asked = '' } = request.params as Record<string, string>;
    const path = asked === '' || asked.endsWith('/') ? `${asked}index.html` : asked;
    if (!shapes.slug.safeParse(fund).success || !shapes.slug.safeParse(round).success || !PATH.test(path)) return sendProblem(reply, 'not-found');
    for (const folder of [publishFolder, publishCopy]) {
      const file = join(folder, fund as string, round as string, path);
      const found = await stat(file).catch(() => null);
      if (!found?.isFile()) continue;
      const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'text/plain; charset=utf-8';
      reply.header('content-type', type).header('cache-control', 'public, max-age=3600').header('content-length', found.size);
      if (!path.endsWith('.html')) return reply.send(createReadStream(file));
      const page = await readFile(file);
      return reply.header('content-security-policy', policyOf(page.toString('utf8'))).send(page);
    }
    return sendProblem(reply, 'not-found');
  });
}

/** The page's own style and nothing else. */
function policyOf(page: string): string {
  const [, style] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
  const allowed = style === undefined ? "'none'" : `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  return `default-src 'none'; style-src ${allowed}; frame-ancestors 'none'`;
}
