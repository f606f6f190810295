/** What a route's contract is made of. Rooms declare theirs in `contract.ts`; the web imports them as types only. */
import { z } from 'zod';
import type { Permission } from './policy.ts';
import type { ProblemCode } from './problems.ts';

/**
 * Who may call: `anyone`; `account`, whoever is signed in; `voter`, a signed-in account or somebody
 * with a printed code; or the roles of a permission, as members of the fund in the path.
 */
export type Access = 'anyone' | 'account' | 'voter' | Permission;

export interface RouteContract {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`. A `:fund` in it is the fund's slug and scopes the call to that fund. */
  path: `/${string}`;
  summary: string;
  access: Access;
  params: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  answer: z.ZodType;
  status?: 200 | 201;
  /** Beside the ones every route knows: wrong-shape, signed-out, not-allowed, not-found, unexpected, unavailable. */
  problems: readonly ProblemCode[];
  /** Moves money: asks for an Idempotency-Key, and answers the same key with the same answer. */
  idempotent?: true;
  /** Leaves no log line: ballot routes. */
  silent?: true;
  /** Takes a form (multipart) with up to this many files beside the fields of its body. */
  files?: number;
}

/** Keeps a contract's literal types. */
export function route<const C extends RouteContract>(contract: C): C {
  return contract;
}

export type ParamsOf<C extends RouteContract> = z.output<C['params']>;
export type QueryOf<C extends RouteContract> = C['query'] extends z.ZodType ? z.output<C['query']> : undefined;
export type BodyOf<C extends RouteContract> = C['body'] extends z.ZodType ? z.output<C['body']> : undefined;
export type GivenBodyOf<C extends RouteContract> = C['body'] extends z.ZodType ? z.input<C['body']> : undefined;
export type AnswerOf<C extends RouteContract> = z.output<C['answer']>;

/** Shapes that many contracts share. */
export const shapes = {
  id: z.uuid(),
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(60),
  /** Integer minor units (pence, cents); up to ten thousand million of the major unit. */
  amountMinor: z.int().min(1).max(1_000_000_000_000),
  levelMinor: z.int().min(0),
  /** ISO 639, as the `lang` attribute has it: `pl`. */
  language: z.string().regex(/^[a-z]{2,3}$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  moment: z.iso.datetime({ offset: true }),
  name: z.string().trim().min(1).max(120),
  text: z.string().trim().max(4000),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
} as const;

export const noParams = z.object({});
export const fundParams = z.object({ fund: shapes.slug });
