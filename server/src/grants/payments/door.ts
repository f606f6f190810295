/** The door of a private link. */
import type { Transaction } from '@commonpot/db/client';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../requests/links.ts';
import { lockByTokenHash, type Linked, type Request } from '../requests/reads.ts';

/** The request behind a private link, locked; a wrong one counts as a wrong code of its network. Refuses `too-many-tries`, `wrong-code`. */
export async function openLink(services: Services, tx: Transaction, fundId: string, given: { token: string; ip: string }): Promise<Request | Refusal> {
  const linked = await openLinked(services, tx, fundId, given);
  return linked instanceof Refusal ? linked : linked.request;
}

/** The same, with whether the link is the person's own. */
export async function openLinked({ limits, secrets }: Services, tx: Transaction, fundId: string, given: { token: string; ip: string }): Promise<Linked | Refusal> {
  const wait = await limits.codes.wait(given.ip);
  if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
  const found = await lockByTokenHash(tx, fundId, hashToken(secrets, given.token));
  if (found) return found;
  await limits.codes.wrong(given.ip);
  return refuse('wrong-code');
}
