/** The demonstration's outbox: what would have been sent, readable on the loopback address only. */
import { desc } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { demonstrationMessage } from '@commonpot/db/platform';
import { sendProblem } from './serve.ts';
import type { WebApp } from './services.ts';

function isLoopback(request: FastifyRequest): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined;
}

/** Serves the newest fifty messages as JSON for the outbox page; registered in a demonstration and nowhere else. */
export function registerOutbox(app: WebApp): void {
  app.get('/api/v1/demonstration/messages', { schema: { hide: true } as object }, async (request, reply) => {
    if (!isLoopback(request)) return sendProblem(reply, 'not-found');
    const messages = await app.services.db.select().from(demonstrationMessage).orderBy(desc(demonstrationMessage.id)).limit(50);
    return { messages: messages.map((message) => ({ ...message, at: message.at.toISOString() })) };
  });
}
