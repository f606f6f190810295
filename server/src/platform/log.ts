/** The request log: route patterns, statuses and milliseconds; no address, no URL, no body. Ballot routes leave nothing. */
import type { FastifyRequest } from 'fastify';
import type { Config } from './config.ts';
import type { WebApp } from './services.ts';

export function loggerOptions(config: Config) {
  return { level: config.logLevel, base: null, serializers: { req: () => ({}), res: () => ({}) } };
}

/** The pages on which people vote; a line for each would say when somebody did. */
const VOTING_PAGE = /^\/f\/[^/?]+\/rounds\/[^/?]+\/vote(?:[/?.]|$)/;

/** Requests in which people vote: they leave no line, no time and no span. */
export function isVoting(request: FastifyRequest): boolean {
  return Boolean(request.routeOptions.config.contract?.silent) || VOTING_PAGE.test(request.url);
}

export function registerRequestLog(app: WebApp): void {
  app.addHook('onResponse', async (request, reply) => {
    if (isVoting(request)) return;
    request.log.info({ event: 'request', method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
}
