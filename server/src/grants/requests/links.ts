/** Private links: 128 bits that are known again from the key which the asking page drew, and from nothing else. One for whoever asked, one for their address. */
import type { FundScope } from '../../platform/actor.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Services } from '../../platform/services.ts';
import { words, type Language } from '../../platform/words.ts';
import { enqueueMessage } from '../../people/jobs.ts';
import type { Transaction } from '@commonpot/db/client';
import type { Request } from './reads.ts';
import { keepToldHash } from './writes.ts';

/** The token of a request's private link. */
export function tokenOf(secrets: Secrets, clientKey: Buffer): string {
  return secrets.hash('request-link', clientKey.toString('hex')).subarray(0, 16).toString('base64url');
}

/** The token of the link that goes to the person's own address: whoever opens it holds the address, which whoever asked may not. */
function toldTokenOf(secrets: Secrets, clientKey: Buffer): string {
  return secrets.hash('request-link', `told:${clientKey.toString('hex')}`).subarray(0, 16).toString('base64url');
}

/** What the database keeps of a token. */
export function hashToken(secrets: Secrets, token: string): Buffer {
  return secrets.hash('request-link', token);
}

export interface Letter {
  fund: Pick<FundScope, 'slug'>;
  /** Channel and address as they are sealed: `sms:+44…`. */
  contact: string;
  language: Language;
  sentence: 'request_news' | 'request_link' | 'request_confirm';
}

/** Sends a request's own link to its address with the transaction. The words name no fund and no money: somebody else may look at the telephone. */
export async function sendLink(services: Services, tx: Transaction, of: Pick<Request, 'fundId' | 'id' | 'clientKey'>, { fund, contact, language, sentence }: Letter): Promise<void> {
  const channel = contact.startsWith('email:') ? 'email' : 'sms';
  const token = toldTokenOf(services.secrets, of.clientKey);
  await keepToldHash(tx, of, hashToken(services.secrets, token));
  const link = `${services.config.publicUrl}/f/${fund.slug}/asked/${token}`;
  await enqueueMessage(services, tx, { channel, recipient: contact.slice(channel.length + 1), language, subject: words(language, 'request_subject'), body: words(language, sentence, { link }) });
}
