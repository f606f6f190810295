/** The request log: route patterns, statuses and milliseconds; no address, no URL, no body. Ballot routes leave nothing. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { Config } from './config.ts';
import type { WebApp } from './services.ts';

export function loggerOptions(config: Config) {
  return { level: config.logLevel, base: null, serializers: { req: () => ({}), res: () => ({}) } };
}

/** The pages on which people vote; a line for each would say when somebody did. */
const VOTING_PAGE = /^\/f\/[^/?]+\/rounds\/[^/?]+\/vote(?:[/?.]|$)|^\/service-worker\.js/;

/** Whether what runs now runs for such a page; and the calls that it made to the API. */
const page = new AsyncLocalStorage<'voting'>();
const forVotingPages = new WeakSet<FastifyRequest>();

/** Makes a page. What a voting page reads on the way would otherwise say, line by line, when somebody voted. */
export function makePage(request: FastifyRequest, make: () => void): void {
  if (isVoting(request)) page.run('voting', make);
  else make();
}

/** Requests in which people vote: they leave no line, no time and no span. */
export function isVoting(request: FastifyRequest): boolean {
  return Boolean(request.routeOptions.config.contract?.silent) || VOTING_PAGE.test(request.url) || forVotingPages.has(request);
}

export function registerRequestLog(app: WebApp): void {
  app.addHook('onRequest', async (request) => {
    if (page.getStore()) forVotingPages.add(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isVoting(request)) return;
    request.log.info({ event: 'request', method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
}
