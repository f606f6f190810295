/** Serves the requests' contracts. */
import { newCode, showCode } from '../../platform/codes.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { normaliseAddress } from '../../people/rules.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { awardRequest } from '../decisions/writes.ts';
import { holdGrantRound } from '../rounds/reads.ts';
import { isAsking } from '../rounds/rules.ts';
import * as contract from './contract.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const DAY = 86_400_000;
const REFERENCE_CHARACTERS = 6;

/** The private link's token: known again from the key that the asking page drew, and from nothing else. 128 bits. */
export function tokenOf(secrets: Secrets, clientKey: Buffer): string {
  return secrets.hash('request-link', clientKey.toString('hex')).subarray(0, 16).toString('base64url');
}

function show(secrets: Secrets, request: reads.Request, charter: Charter) {
  return { reference: request.reference, token: tokenOf(secrets, request.clientKey), state: request.state, answerBy: new Date(request.askedAt.getTime() + charter.answerDays * DAY).toISOString() };
}

export function requestRoutes(app: WebApp): void {
  const { secrets } = app.services;

  serve(app, contract.ask, async ({ tx, fund, params, body, now }) => {
    const round = await holdGrantRound(tx, fund.id, params.grant, 'share');
    if (!round || round.phase === 'draft') return refuse('not-found');
    const charter = (await charterOf(tx, fund.id, round.charterId as string)).content;
    const clientKey = Buffer.from(body.clientKey, 'hex');
    const known = await reads.findByClientKey(tx, fund.id, round.id, clientKey);
    if (known) return known.amountMinor === body.amountMinor ? show(secrets, known, charter) : refuse('already-exists');
    if (!isAsking(round, now)) return refuse('not-asking-now');
    if (!charter.ways.includes(body.way)) return refuse('way-not-offered');
    const address = body.contact ? normaliseAddress(body.contact.channel, body.contact.address) : null;
    const fields = [...(address ? [] : ['contact']), ...(charter.householdCapMinor !== null && !body.household ? ['household'] : [])];
    if (fields.length > 0 || !body.contact || !address) return refuse('wrong-shape', { fields });
    const taken = await writes.takeIn(tx, secrets, round, charter, {
      ...body, contact: { channel: body.contact.channel, address }, clientKey, tokenHash: secrets.hash('request-link', tokenOf(secrets, clientKey)),
      reference: showCode(newCode(REFERENCE_CHARACTERS)), helper: null,
    }, now);
    if (taken instanceof Refusal) return taken;
    if (taken.agree !== 'at-once' || taken.state !== 'asked') return show(secrets, taken, charter);
    const awarded = await awardRequest(tx, taken, round, { actorId: null, at: now });
    return awarded instanceof Refusal ? awarded : show(secrets, awarded, charter);
  });
}
