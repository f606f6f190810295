/** Printed codes as they are kept: hashed with their round, so that one says nothing in another. */
import type { Transaction } from '@commonpot/db/client';
import { readCode } from '../../platform/codes.ts';
import type { Services } from '../../platform/services.ts';
import type { Round } from '../rules.ts';
import { findByCode } from './reads.ts';
import { VOTER_CODE_LENGTH } from './rules.ts';

export function hashCode(services: Pick<Services, 'secrets'>, round: Pick<Round, 'id'>, code: string): Buffer {
  return services.secrets.hash('voter-code', `${round.id}:${code}`);
}

/** The elector of a code as somebody typed it, or null. */
export async function findByTypedCode(tx: Transaction, services: Pick<Services, 'secrets'>, round: Pick<Round, 'id' | 'fundId' | 'credentials'>, typed: string): Promise<string | null> {
  const code = readCode(typed, VOTER_CODE_LENGTH);
  return code && round.credentials.includes('code') ? findByCode(tx, round.fundId, round.id, hashCode(services, round, code)) : null;
}
