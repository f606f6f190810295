/** Private links: 128 bits that are known again from the key which the asking page drew, and from nothing else. */
import type { FundScope } from '../../platform/actor.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Services } from '../../platform/services.ts';
import { words, type Language } from '../../platform/words.ts';
import { enqueueMessage } from '../../people/jobs.ts';
import type { Transaction } from '@commonpot/db/client';

/** The token of a request's private link. */
export function tokenOf(secrets: Secrets, clientKey: Buffer): string {
  return secrets.hash('request-link', clientKey.toString('hex')).subarray(0, 16).toString('base64url');
}

/** What the database keeps of a token. */
export function hashToken(secrets: Secrets, token: string): Buffer {
  return secrets.hash('request-link', token);
}

/** Sends a private link with the transaction. The words name no fund and no money: somebody else may look at the telephone. */
export async function sendLink(services: Services, tx: Transaction, given: { fund: Pick<FundScope, 'slug'>; channel: 'email' | 'sms'; recipient: string; language: Language; clientKey: Buffer; sentence: 'request_news' | 'request_link' }): Promise<void> {
  const { fund, channel, recipient, language, clientKey, sentence } = given;
  const link = `${services.config.publicUrl}/f/${fund.slug}/asked/${tokenOf(services.secrets, clientKey)}`;
  await enqueueMessage(services, tx, { channel, recipient, language, subject: words(language, 'request_subject'), body: words(language, sentence, { link }) });
}
