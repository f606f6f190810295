/** Turns what goes wrong into problems, and says nothing about anybody in the log. */
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { sendProblem } from './serve.ts';
import type { WebApp } from './services.ts';
import { tooLargeFor } from './uploads.ts';

/** Connection refused or lost, server starting up or shutting down, too many connections (PostgreSQL classes 08, 53, 57P). */
function isDatabaseAway(error: unknown): boolean {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  if (cause && isDatabaseAway(cause)) return true;
  if (typeof code === 'string' && /^(08|53|57P)|^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code)) return true;
  return typeof message === 'string' && /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(message);
}

/** A value that fits its shape and no column: a cursor that is no id, a character that no text may hold, a day in no year that there is (PostgreSQL 22P02, 22021, 22P05; 22007, 22008, 22009). */
function isUnreadable(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return (typeof code === 'string' && /^22(P02|021|P05|007|008|009)$/.test(code)) || Boolean(cause && isUnreadable(cause));
}

export function registerErrors(app: WebApp): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const fields = error.validation.map((issue) => issue.instancePath.replace(/^\//, '').replaceAll('/', '.'));
      return sendProblem(reply, 'wrong-shape', { fields: [...new Set(fields)].filter((field) => field !== '') });
    }
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return sendProblem(reply, tooLargeFor(request.routeOptions.config.contract));
    if (statusCode && statusCode >= 400 && statusCode < 500) return sendProblem(reply, 'wrong-shape', { fields: [] });
    if (isDatabaseAway(error)) return sendProblem(reply, 'unavailable');
    if (isUnreadable(error)) return sendProblem(reply, 'wrong-shape', { fields: [] });
    // The message of a database error can hold a value somebody typed; its class and code cannot.
    const { name, stack } = error as Error;
    const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8);
    request.log.error({ event: 'unexpected', route: request.routeOptions.url, error: name, code: code ?? (error as { cause?: { code?: string } }).cause?.code, frames }, 'a handler threw');
    return sendProblem(reply, 'unexpected');
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
}
