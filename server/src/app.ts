/** The app that every process shares: services, floors, API, pages. Built apart from any listening socket. */
import { randomBytes } from 'node:crypto';
import fastifySwagger from '@fastify/swagger';
import Fastify, { LogController } from 'fastify';
import { createJsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { openDatabase } from '@commonpot/db/client';
import { discussionRoutes } from './community/discussion/routes.ts';
import { contracts } from './contracts.ts';
import { grantRoutes } from './grants/routes.ts';
import { moneyRoutes } from './money/routes.ts';
import { payoutRoutes } from './payouts/routes.ts';
import { makeFundFinder } from './people/reads.ts';
import { peopleRoutes } from './people/routes.ts';
import { identify, registerSessions } from './people/sessions.ts';
import { registerAdmin } from './platform/admin.ts';
import type { Config } from './platform/config.ts';
import { registerErrors } from './platform/errors.ts';
import { registerHealth } from './platform/health.ts';
import { openQueue } from './platform/jobs.ts';
import { fileKeyStore } from './platform/keys.ts';
import { makeLimits } from './platform/limits.ts';
import { loggerOptions, registerRequestLog } from './platform/log.ts';
import { deliveringMessenger, demonstrationMessenger } from './platform/messages.ts';
import { registerMetrics } from './platform/metrics.ts';
import { registerOutbox } from './platform/outbox.ts';
import { registerPages } from './platform/pages.ts';
import { pictureRoutes } from './platform/pictures/routes.ts';
import { makeSecrets } from './platform/secrets.ts';
import { registerSecurity } from './platform/security.ts';
import type { Services, WebApp } from './platform/services.ts';
import { registerText } from './platform/text.ts';
import { registerTracing } from './platform/tracing.ts';
import { registerUploads } from './platform/uploads.ts';
import { awardRoutes } from './rounds/awards/routes.ts';
import { charterRoutes } from './rounds/charter/routes.ts';
import { roundsRoutes } from './rounds/routes.ts';
import { voteRounds } from './votes/kind.ts';
import { voteRoutes } from './votes/routes.ts';
import { ideaSubjects, projectSubjects } from './votes/subject-reads.ts';

/** What a test or a simulation puts in the place of the real thing. */
export interface AppOptions {
  clock?: () => Date;
  /** False leaves the SvelteKit pages out. */
  pages?: boolean;
}

/** Builds the app. Nothing listens and no job runs yet. */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<WebApp> {
  const app: WebApp = Fastify({
    logger: loggerOptions(config),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    // Not counted up: a gap in the numbers of the log would say that somebody voted in between.
    genReqId: () => randomBytes(6).toString('base64url'),
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 10_000,
    // Keep-alive connections end with the answer in flight when the app closes.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  }).withTypeProvider() as unknown as WebApp;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const services = makeServices(config, options, app);
  app.decorate('services', services);
  registerErrors(app);
  registerRequestLog(app);
  registerMetrics(app);
  await registerTracing(app);
  registerAdmin(app);
  registerSecurity(app);
  await registerSessions(app, services.secrets);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Commonpot', version: '1', description: 'Money in, people decide, money out, and everyone can see. Errors are RFC 9457 problems.' },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-session' } } },
    },
    transform: createJsonSchemaTransform({}),
  });

  registerUploads(app);
  registerText(app);
  registerHealth(app);
  pictureRoutes(app);
  peopleRoutes(app);
  moneyRoutes(app);
  payoutRoutes(app);
  awardRoutes(app);
  charterRoutes(app);
  roundsRoutes(app);
  grantRoutes(app);
  voteRoutes(app);
  discussionRoutes(app);
  app.get('/api/v1/openapi.json', { schema: { hide: true } as object, handler: async () => app.swagger() });
  if (config.demonstration) registerOutbox(app);
  if (options.pages !== false) await registerPages(app);
  assertServed(app);
  app.addHook('onReady', () => services.queue.open());
  app.addHook('onClose', async () => {
    await services.queue.stop();
    await services.db.$client.end();
  });
  return app;
}

function makeServices(config: Config, options: AppOptions, app: WebApp): Services {
  const db = openDatabase(config.databaseUrl, config.databasePoolSize);
  return {
    config, db, identify,
    findFund: makeFundFinder(),
    clock: options.clock ?? (() => new Date()),
    secrets: makeSecrets(config.secret),
    keys: fileKeyStore(config.keysFolder),
    queue: openQueue(config.databaseUrl, (error) => app.log.error({ event: 'queue', error: error.name, code: (error as { code?: string }).code }, 'the job queue reports a fault')),
    messenger: config.demonstration ? demonstrationMessenger(db) : deliveringMessenger(config),
    limits: makeLimits(config),
    roundKinds: { vote: voteRounds },
    discussionSubjects: { idea: ideaSubjects, project: projectSubjects },
  };
}

/** A contract without a handler, or one that is not in the registry, is a bug that must not start. */
function assertServed(app: WebApp): void {
  for (const [name, contract] of contracts) {
    if (!app.hasRoute({ method: contract.method, url: `/api/v1${contract.path}` })) throw new Error(`no handler serves ${name}`);
  }
}
