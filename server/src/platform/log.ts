/** The request log: route patterns, statuses and milliseconds; no address, no URL, no body. Ballot routes leave nothing. */
import type { Config } from './config.ts';
import type { WebApp } from './services.ts';

export function loggerOptions(config: Config) {
  return { level: config.logLevel, base: null, serializers: { req: () => ({}), res: () => ({}) } };
}

/** The pages on which people vote; a line for each would say when somebody did. */
const VOTING_PAGE = /^\/f\/[^/?]+\/rounds\/[^/?]+\/vote(?:[/?.]|$)/;

export function registerRequestLog(app: WebApp): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.contract?.silent || VOTING_PAGE.test(request.url)) return;
    request.log.info({ event: 'request', method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
}
