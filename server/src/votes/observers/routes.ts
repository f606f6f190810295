/** Serves the observers' contracts. Who holds the key that was named before voting opened needs no account. */
import type { Transaction } from '@commonpot/db/client';
import type { FundScope } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import { makeKeyring } from '../ballots/keyring.ts';
import type { RoundRef } from '../log/reads.ts';
import { openLogKey } from '../log/signer.ts';
import { writeFolder, writeSeal } from '../published/folder.ts';
import type { Sign } from '../published/note.ts';
import { askedBy, readObserverLine, signedBy } from '../published/observer.ts';
import type { SealedRound } from '../published/record.ts';
import { SEAL } from '../sealing/jobs.ts';
import { readSeal } from '../sealing/reads.ts';
import { readSealedRound } from '../sealing/writes.ts';
import * as contract from './contract.ts';
import { observersPolicy } from './policy.ts';
import * as reads from './reads.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;

export function observerRoutes(app: WebApp): void {
  serve(app, contract.readObserving, async ({ tx, fund, actor, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    const [signatures, waived] = [await reads.readSignatures(tx, ref), await reads.readWaiver(tx, ref)];
    return {
      observers: round.observers.map(readObserverLine).map(({ name, publicKey }, index) => ({
        name, hasKey: publicKey !== null, signedAt: signatures.find(({ place }) => place === index + 1)?.at.toISOString() ?? null,
      })),
      waits: await reads.waitsForObservers(tx, round), waived: waived && { reason: waived.reason, at: waived.at.toISOString() },
      may: mayDo(observersPolicy, actor?.memberships.map((each) => each.role) ?? [], round.phase),
    };
  });

  serve(app, contract.askForBallots, async ({ tx, services, fund, params, body, now, reply }) => {
    const found = await findObserved(tx, services, fund, params.round);
    if (found instanceof Refusal) return found;
    const place = askedBy(found.round.statement, { at: body.at, signature: Buffer.from(body.signature, 'hex') }, now);
    if (place === null) return refuse('not-observer');
    reply.header('cache-control', 'no-store');
    const files = [...writeFolder(found.round, found.sign, 'whole')].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')] as const);
    return { place, files: Object.fromEntries(files) };
  });

  serve(app, contract.signSeal, async ({ tx, services, fund, params, body, now }) => {
    const found = await findObserved(tx, services, fund, params.round);
    if (found instanceof Refusal) return found;
    const place = signedBy(found.round.statement, writeSeal(found.round, found.sign), body.note);
    if (place === null) return refuse('not-observer');
    const refusal = await writes.keepSignature(tx, found.ref, { place, note: body.note }, now);
    if (refusal) return refusal;
    await services.queue.enqueue(tx, SEAL, {});
    return done;
  });

  serve(app, contract.waiveObservers, async ({ tx, services, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const refusal = await writes.waiveSignatures(tx, { fundId: fund.id, roundId: round.id }, { reason: body.reason, accountId: actor.accountId as string }, now);
    if (refusal) return refusal;
    await services.queue.enqueue(tx, SEAL, {});
    return done;
  });
}

/** A small round between its seal and the end of its key, with its ballots; at any other time there is nothing to observe. */
async function findObserved(tx: Transaction, services: Services, fund: FundScope, slug: string): Promise<{ ref: RoundRef; round: SealedRound; sign: Sign } | Refusal> {
  const round = await findRound(tx, fund.id, slug);
  if (!round || round.phase === 'draft') return refuse('not-found');
  const ref = { fundId: fund.id, roundId: round.id };
  const sealed = round.sealedAt ? null : await readSeal(tx, ref);
  if (!sealed?.facts.totalsOnly) return refuse('wrong-phase', { phase: round.phase });
  const [keys, signer] = [await makeKeyring(services.keys).open(round.id), await openLogKey(services.keys)];
  const whole = keys && signer && (await readSealedRound(tx, ref, keys));
  return whole ? { ref, round: whole, sign: signer.sign } : refuse('round-key-missing');
}
