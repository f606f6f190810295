/** Who calls, and in which fund. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from '@commonpot/db/client';
import type { Role } from './policy.ts';

export interface FundScope {
  id: string;
  slug: string;
  currency: string;
}

export interface Membership {
  id: string;
  role: Role;
  name: string;
  agencyId: string | null;
  shopId: string | null;
}

/** Somebody who came with a printed code: one elector of one round, and no account. */
export interface CodeHolder {
  fundId: string;
  roundId: string;
  electorId: string;
}

export interface Actor {
  sessionId: string;
  accountId: string | null;
  codeHolder: CodeHolder | null;
  /** In the fund of the call; empty outside a fund. */
  memberships: readonly Membership[];
}

/** Answers who a request's cookie stands for; the people's room provides it. */
export type Identify = (tx: Transaction, request: FastifyRequest, reply: FastifyReply, fundId: string | null, now: Date) => Promise<Actor | null>;
