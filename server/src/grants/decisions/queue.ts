/** The queue as it is shown: what the charter needs for each request, and nothing of somebody the reader knows. */
import type { Transaction } from '@commonpot/db/client';
import { daysAfter } from '../../platform/days.ts';
import type { AnswerOf } from '../../platform/contract.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { letAtOf } from '../draw/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import type { readQueue } from './contract.ts';
import * as reads from './reads.ts';
import { limitInTheWay } from './writes.ts';
import { agreeing, asksForProof, fitsBatch, proofOf, type NotYou } from './rules.ts';

type Row = Awaited<ReturnType<typeof reads.waitingRequests>>[number];
type Shown = AnswerOf<typeof readQueue>['requests'][number];

/** One page of what waits in a round, for one reader. */
export async function showQueue(tx: Transaction, secrets: Secrets, round: GrantRound, charter: Charter, rows: readonly Row[], accountId: string, now: Date): Promise<Shown[]> {
  const { fundId } = round;
  const requests = rows.map((row) => row.request);
  const people = [...new Set(requests.map((each) => each.applicantId))];
  const beside = await reads.besideThese(tx, fundId, requests.map((each) => each.id), daysAfter(now, -charter.periodDays));
  const [proofs, apart] = [await reads.proofsOf(tx, fundId, people), await reads.apartWordsOf(tx, fundId, people)];
  const brought = await reads.broughtBy(tx, fundId, [...new Set(requests.flatMap((each) => each.helperAccountId ?? []))]);
  const appealed = await reads.appealedAt(tx, fundId, requests.flatMap((each) => (each.state === 'appealed' ? [each.id] : [])));
  const overDoor = new Set<string>();
  for (const each of requests) if ((await limitInTheWay(tx, charter, { ...each, state: 'asked' }, now)) !== null) overDoor.add(each.id);
  const letThrough = await letAtOf(tx, fundId, requests.map((each) => each.id));
  const again = new Map<string, Shown['again']>();
  for (const each of requests) if (each.state === 'appealed') again.set(each.id, await lookAgain(tx, charter, each, now));
  const whyNots = await reads.whyNots(tx, requests, accountId, now);
  return rows.map(({ request, person, helperName }) => {
    const { id, reference, amountMinor, cumulativeMinor, way, purpose, agree, state, askedAt, otherName, helperAccountId, helperCollects } = request;
    const notYou = whyNots.get(id) ?? (agree === 'panel' ? 'panel' as const : null);
    const mayRead = !isKnown(notYou);
    const proof = asksForProof(charter, cumulativeMinor) ? proofOf(proofs.get(person.id) ?? []) : null;
    const lying = mayRead ? (beside.get(id) ?? []) : [];
    const said = apart.get(person.id) ?? [];
    return {
      id, reference, amountMinor, cumulativeMinor, way, purpose: mayRead ? purpose : null, agree, state, proofOfAddress: proof !== null, proof, notYou,
      name: mayRead ? nameOf(secrets, request, person) : reference,
      contact: mayRead ? contactOf(secrets, request, person) : null,
      words: mayRead && request.sealedWords ? secrets.open('applicant', request.sealedWords) : null,
      askedAt: askedAt.toISOString(), answerBy: daysAfter(appealed.get(id) ?? letThrough.get(id) ?? askedAt, charter.answerDays).toISOString(),
      hints: { otherName: mayRead && otherName, sameHousehold: new Set(lying.flatMap((each) => (each.why === 'same-door' ? [each.person.id] : []))).size, overDoor: mayRead && overDoor.has(id) },
      beside: lying.map((each) => ({
        why: each.why, reference: each.request.reference, name: nameOf(secrets, each.request, each.person),
        amountMinor: each.request.amountMinor, state: each.request.state, askedAt: each.request.askedAt.toISOString(),
      })),
      again: again.get(id) ?? null,
      inBatch: notYou === null && fitsBatch({ batches: charter.batches, agree, state, proof }),
      apart: { stands: mayRead && person.standsApart, asks: mayRead && request.asksApart, said: mayRead ? said.length : 0, byYou: said.some((each) => each.accountId === accountId) },
      helper: helperAccountId ? { name: helperName ?? '', brought: brought.get(helperAccountId) ?? 0, collects: helperCollects, consent: request.consent } : null,
      forGroup: request.forGroup,
    };
  });
}

/** How far an appeal is, and whether there are people left who can look at it. */
async function lookAgain(tx: Transaction, charter: Charter, request: Row['request'], now: Date): Promise<Shown['again']> {
  const needed = agreeing(request.agree) ?? ((charter.panelSeats ?? 1) + 1) / 2;
  return { yes: await reads.yesOnAppeal(tx, request), needed, left: (await reads.leftToLook(tx, request, now)).length };
}

/** The name a request came under. */
function nameOf(secrets: Secrets, { sealedName, reference }: Row['request'], person: Row['person']): string {
  const sealed = sealedName ?? person.sealedName;
  return sealed ? secrets.open('applicant', sealed) : reference;
}

/** How to reach who asked; null where nobody said. */
function contactOf(secrets: Secrets, { mayWrite }: Row['request'], { sealedContact }: Row['person']): Shown['contact'] {
  if (!sealedContact) return null;
  const contact = secrets.open('applicant', sealedContact);
  const channel = contact.startsWith('email:') ? 'email' : 'sms';
  return { channel, address: contact.slice(channel.length + 1), mayWrite };
}

/** Whether the reader knows the person: then they read no name and no words, which somebody at one door may have reason to keep from another. */
function isKnown(notYou: NotYou | null): boolean {
  return notYou !== null && notYou !== 'you-decided' && notYou !== 'panel';
}
