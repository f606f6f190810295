/** The request log: route patterns, statuses and milliseconds; no address, no URL, no body. Ballot routes leave nothing. */
import type { Config } from './config.ts';
import type { WebApp } from './services.ts';

export function loggerOptions(config: Config) {
  return { level: config.logLevel, base: null, serializers: { req: () => ({}), res: () => ({}) } };
}

export function registerRequestLog(app: WebApp): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.contract?.silent) return;
    request.log.info({ event: 'request', method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
}
