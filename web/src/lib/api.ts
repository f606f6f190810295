/** Calls the API from a page's `load` or action, typed by the route's contract. */
import { error, type RequestEvent } from '@sveltejs/kit';
import type { AnswerOf, GivenBodyOf, RouteContract } from '@commonpot/server/platform/contract';
import type { ProblemCode, ProblemFacts } from '@commonpot/server/platform/problems';

export type Problem = { code: ProblemCode; status: number } & ProblemFacts;
export type Reply<T> = { ok: true; value: T; problem?: undefined } | { ok: false; problem: Problem; value?: undefined };

interface Given {
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** For calls that move money: the same key gives the same answer. */
  idempotencyKey?: string;
}

type Fetching = Pick<RequestEvent, 'fetch'>;

/** Calls one route. Every answer comes back as a value; only a broken connection throws. */
export async function call<C extends RouteContract>(
  event: Fetching, method: C['method'], path: C['path'],
  given: Omit<Given, 'body'> & (C['body'] extends object ? { body: GivenBodyOf<C> } : { body?: undefined }),
): Promise<Reply<AnswerOf<C>>> {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given.params?.[name] ?? ''));
  const query = new URLSearchParams(Object.entries(given.query ?? {}).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]])));
  const response = await event.fetch(`/api/v1${filled}${query.size > 0 ? `?${query}` : ''}`, {
    method,
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    headers: { ...(given.body === undefined ? {} : { 'content-type': 'application/json' }), ...(given.idempotencyKey ? { 'idempotency-key': given.idempotencyKey } : {}) },
  });
  const value: unknown = await response.json();
  return response.ok ? { ok: true, value: value as AnswerOf<C> } : { ok: false, problem: value as Problem };
}

/** The value of a reply a page cannot do without; a problem becomes the error page with its sentence. */
export function must<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  error(reply.problem.status, { message: '', code: reply.problem.code });
}
