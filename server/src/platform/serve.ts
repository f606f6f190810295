/**
 * The one way from a contract to a served route: shape, guard, scope, transaction, idempotency, answer.
 * Rooms hand in a handler; it works inside one transaction that sees only its fund's rows.
 */
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Transaction } from '@commonpot/db/client';
import { idempotentAnswer } from '@commonpot/db/platform';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteContract } from './contract.ts';
import { problemDocument, problems, Refusal, refuse, type ProblemCode, type ProblemFacts } from './problems.ts';
import type { Actor, FundScope } from './actor.ts';
import type { Services, WebApp } from './services.ts';
import { bodyLimitOf, isTooLarge, leadBack, sortBody, takeUp, tooLargeFor } from './uploads.ts';

export interface Call<C extends RouteContract> {
  tx: Transaction;
  services: Services;
  /** The fund of the path; calling it on a route without one is a bug. */
  fund: FundScope;
  /** Who calls. Null only on routes for anyone. */
  actor: C['access'] extends 'anyone' ? Actor | null : Actor;
  params: ParamsOf<C>;
  query: QueryOf<C>;
  body: BodyOf<C>;
  now: Date;
  request: FastifyRequest;
  reply: FastifyReply;
}

export type Handler<C extends RouteContract> = (call: Call<C>) => Promise<AnswerOf<C> | Refusal>;

class RolledBack extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Serves one contract. The handler returns the answer or a `Refusal`; a throw is a bug and answers 500. */
export function serve<C extends RouteContract>(app: WebApp, contract: C, handler: Handler<C>): void {
  mount(app, contract, async (request, reply) => {
    const outcome = await inOneTransaction(app.services, contract, (tx) => answer(app.services, tx, contract, handler, request, reply, app.services.clock()));
    return outcome instanceof Refusal ? sendProblem(reply, outcome.code, outcome.facts) : reply.code(contract.status ?? 200).send(outcome);
  });
}

/**
 * Serves a contract whose work has a transaction of its own: `prepare` reads and refuses in one, as with `serve`;
 * `finish` works after that has ended, so that nobody holds a connection while waiting for a shared commit.
 */
export function serveApart<C extends RouteContract, P extends object>(
  app: WebApp, contract: C, prepare: (call: Call<C>) => Promise<P | Refusal>, finish: (prepared: P) => Promise<AnswerOf<C> | Refusal>,
): void {
  mount(app, contract, async (request, reply) => {
    const prepared = await inOneTransaction(app.services, contract, (tx) => answer(app.services, tx, contract, prepare, request, reply, app.services.clock()));
    const outcome = prepared instanceof Refusal ? prepared : await finish(prepared);
    return outcome instanceof Refusal ? sendProblem(reply, outcome.code, outcome.facts) : reply.code(contract.status ?? 200).send(outcome);
  });
}

/**
 * Serves a contract that takes files. `admit` decides before a byte of a form is read, in a transaction of its own; the
 * handler decides again in the one in which it writes.
 */
export function serveFiles<C extends RouteContract>(app: WebApp, contract: C, admit: (call: Call<C>) => Promise<Refusal | null>, handler: Handler<C>): void {
  const { services } = app;
  const bodyLimit = bodyLimitOf(contract.files ?? 0);
  app.route({
    method: contract.method, url: `/api/v1${contract.path}`, schema: describe(contract), config: { contract }, bodyLimit,
    preParsing: async (request, reply, payload) => {
      const body = sortBody(request);
      if (body === 'large') return sendProblem(reply, 'too-large') as never;
      // Parameters in the wrong shape are answered where every route answers them.
      if (body === 'small' || !contract.params.safeParse(request.params).success) return payload;
      let sender = '';
      const refusal = await inOneTransaction(services, contract, (tx) => answer<C, null>(services, tx, contract, (call) => {
        sender = call.actor?.accountId ?? '';
        return admit(call);
      }, request, reply, services.clock()));
      if (refusal instanceof Refusal) return sendProblem(reply, refusal.code, refusal.facts) as never;
      if (!takeUp(sender, reply.raw)) return sendProblem(reply, 'busy') as never;
      return (await isTooLarge(request, bodyLimit)) ? (sendProblem(reply, tooLargeFor(contract)) as never) : payload;
    },
    onSend: leadBack(services.config.publicUrl),
    handler: async (request, reply) => {
      const outcome = await inOneTransaction(services, contract, (tx) => answer(services, tx, contract, handler, request as FastifyRequest, reply as FastifyReply, services.clock()));
      return outcome instanceof Refusal ? sendProblem(reply as FastifyReply, outcome.code, outcome.facts) : reply.code(contract.status ?? 200).send(outcome);
    },
  });
}

function mount(app: WebApp, contract: RouteContract, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>): void {
  app.route({ method: contract.method, url: `/api/v1${contract.path}`, schema: describe(contract), config: { contract }, handler: handler as never });
}

/**
 * Commits what `work` did, unless it refuses without keeping. What only reads sees one moment, however many statements it
 * takes, so that its sums fit its lists; the little that a read writes (a session's use) is tried again where another was first,
 * and so is all that PostgreSQL gave up because others waited in a circle with it: nothing of it was kept.
 */
async function inOneTransaction<T>(services: Services, { method }: Pick<RouteContract, 'method'>, work: (tx: Transaction) => Promise<T | Refusal>, tries = 5): Promise<T | Refusal> {
  const isRead = method === 'GET';
  try {
    return await services.db.transaction(async (drizzleTx) => {
      const result = await work(drizzleTx as unknown as Transaction);
      if (result instanceof Refusal && !result.keep) throw new RolledBack(result);
      return result;
    }, isRead ? { isolationLevel: 'repeatable read' } : undefined);
  } catch (error) {
    if (error instanceof RolledBack) return error.refusal;
    if (tries > 1 && (failedAs(error, '40P01') || (isRead && failedAs(error, '40001')))) return inOneTransaction(services, { method }, work, tries - 1);
    throw error;
  }
}

/** What PostgreSQL said: 40001, another transaction wrote the row that this one was about to write; 40P01, it was the one of a circle that was given up. */
function failedAs(error: unknown, what: '40001' | '40P01'): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === what || Boolean(cause && failedAs(cause, what));
}

/** Sends a problem with its status and media type. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, facts: ProblemFacts = {}): FastifyReply {
  return reply.code(problems[code].status).header('content-type', 'application/problem+json').serializer(JSON.stringify).send(problemDocument(code, facts));
}

async function answer<C extends RouteContract, R>(
  services: Services, tx: Transaction, contract: C, handler: (call: Call<C>) => Promise<R | Refusal>, request: FastifyRequest, reply: FastifyReply, now: Date,
): Promise<R | Refusal> {
  const params = request.params as { fund?: string };
  const fund = contract.path.includes('/:fund') ? await services.findFund(tx, params.fund ?? '') : null;
  const actor = await services.identify(tx, request, reply, fund?.id ?? null, now);
  const refusal = guard(contract, fund, actor);
  if (refusal) return refusal;
  const call = { tx, services, fund, actor, params, query: request.query, body: request.body, now, request, reply } as unknown as Call<C>;
  return contract.idempotent ? answerOnce(call, contract, handler) : handler(call);
}

function guard(contract: RouteContract, fund: FundScope | null, actor: Actor | null): Refusal | null {
  const { access } = contract;
  if (access === 'anyone') return contract.path.includes('/:fund') && !fund ? refuse('not-found') : null;
  if (!actor) return refuse('signed-out');
  if (contract.path.includes('/:fund') && !fund) return refuse('not-found');
  if (access === 'voter') return null;
  if (!actor.accountId) return refuse('not-allowed');
  if (access === 'account') return null;
  return actor.memberships.some((membership) => access.roles.includes(membership.role)) ? null : refuse('not-allowed');
}

/** The same key with the same request gives the stored answer; the row's lock makes two at once wait for each other. */
async function answerOnce<C extends RouteContract, R>(call: Call<C>, contract: C, handler: (call: Call<C>) => Promise<R | Refusal>): Promise<R | Refusal> {
  const key = call.request.headers['idempotency-key'];
  if (typeof key !== 'string' || key.length < 8 || key.length > 100) return refuse('idempotency-key-missing');
  const callerId = call.actor?.accountId ?? '';
  const digest = createHash('sha256').update(JSON.stringify([contract.method, contract.path, call.params, call.body ?? null])).digest();
  const mine = and(eq(idempotentAnswer.fundId, call.fund.id), eq(idempotentAnswer.callerId, callerId), eq(idempotentAnswer.key, key));
  const inserted = await call.tx.insert(idempotentAnswer)
    .values({ fundId: call.fund.id, callerId, key, requestDigest: digest, at: call.now }).onConflictDoNothing().returning({ key: idempotentAnswer.key });
  if (inserted.length === 0) {
    const [stored] = await call.tx.select().from(idempotentAnswer).where(mine);
    if (!stored?.requestDigest.equals(digest)) return refuse('idempotency-key-reused');
    return stored.answer as R;
  }
  const result = await handler(call);
  if (!(result instanceof Refusal)) await call.tx.update(idempotentAnswer).set({ status: contract.status ?? 200, answer: result }).where(mine);
  return result;
}

function describe(contract: RouteContract) {
  return {
    summary: contract.summary,
    tags: [contract.path.split('/')[contract.path.startsWith('/funds/:fund/') ? 3 : 1] ?? 'funds'],
    ...(contract.access === 'anyone' ? {} : { security: [{ session: [] }] }),
    params: contract.params,
    ...(contract.query ? { querystring: contract.query } : {}),
    ...(contract.body ? { body: contract.body } : {}),
    response: { ...problemShapes(contract), [contract.status ?? 200]: contract.answer },
  };
}

/** What a route may refuse with, by status, for the OpenAPI document; problems are sent by `sendProblem`. */
function problemShapes(contract: RouteContract): Record<number, z.ZodType> {
  const codes = new Set<ProblemCode>([...contract.problems, 'wrong-shape', 'unexpected', 'unavailable']);
  if (contract.access !== 'anyone') for (const code of ['signed-out', 'not-allowed'] as const) codes.add(code);
  if (Object.keys(contract.params.shape).length > 0) codes.add('not-found');
  if (contract.method !== 'GET') codes.add('cross-origin');
  if (contract.files) codes.add('busy');
  if (contract.idempotent) for (const code of ['idempotency-key-missing', 'idempotency-key-reused'] as const) codes.add(code);
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries([...byStatus].map(([status, of]) =>
    [status, z.looseObject({ type: z.string(), title: z.string(), status: z.literal(status), code: z.enum(of as [ProblemCode, ...ProblemCode[]]) })]));
}

