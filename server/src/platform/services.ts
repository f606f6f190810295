/** What the floors share at run time: made once in `app.ts`, handed to every route and job. */
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Database, Transaction } from '@commonpot/db/client';
import type { Config } from './config.ts';
import type { RouteContract } from './contract.ts';
import type { Queue } from './jobs.ts';
import type { KeyStore } from './keys.ts';
import type { Limits } from './limits.ts';
import type { Messenger } from './messages.ts';
import type { Secrets } from './secrets.ts';
import type { FundScope, Identify } from './actor.ts';

export interface Services {
  config: Config;
  db: Database;
  clock: () => Date;
  secrets: Secrets;
  keys: KeyStore;
  queue: Queue;
  messenger: Messenger;
  limits: Limits;
  identify: Identify;
  findFund: (tx: Transaction, slug: string) => Promise<FundScope | null>;
}

export type WebApp = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>;

declare module 'fastify' {
  interface FastifyInstance {
    services: Services;
  }
  interface FastifyContextConfig {
    contract?: RouteContract;
  }
}
