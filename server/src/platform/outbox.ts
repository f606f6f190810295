/** The demonstration's outbox: what would have been sent, readable on the loopback address only. */
import { desc } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { demonstrationMessage } from '@commonpot/db/platform';
import { sendProblem } from './serve.ts';
import type { WebApp } from './services.ts';

/** What a proxy adds: whoever comes through one is somewhere else, however near the proxy is. */
const PROXIED = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/** From this machine, by its own name: a page of another site that has its name point here is not. */
function isLoopback(request: FastifyRequest): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') && !PROXIED.some((name) => request.headers[name] !== undefined)
    && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '');
}

/** Serves the newest fifty messages as JSON for the outbox page; registered in a demonstration and nowhere else. */
export function registerOutbox(app: WebApp): void {
  app.get('/api/v1/demonstration/messages', { schema: { hide: true } as object }, async (request, reply) => {
    if (!isLoopback(request)) return sendProblem(reply, 'not-found');
    const messages = await app.services.db.select().from(demonstrationMessage).orderBy(desc(demonstrationMessage.id)).limit(50);
    return { messages: messages.map((message) => ({ ...message, at: message.at.toISOString() })) };
  });
}
