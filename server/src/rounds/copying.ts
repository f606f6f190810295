/** Starts a round as a draft from another: to practise it, or to vote again. */
import type { Transaction } from '@commonpot/db/client';
import type { FundScope } from '../platform/actor.ts';
import { Refusal } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import { listWholeProjects, type Project } from './projects/reads.ts';
import { addProjects, type NewProject } from './projects/writes.ts';
import type { Round } from './rules.ts';
import * as writes from './writes.ts';

/**
 * The ballot, the rule and the projects come along; dates, ideas and people do not. A practice round has no money and
 * nobody waits; who votes again keeps the pot, and how deliverers are reached.
 */
export async function copyRound(
  tx: Transaction, fund: FundScope, round: Round, given: { title: string; as: 'practice' | 'again'; actorId: string | null }, now: Date,
): Promise<{ id: string; slug: string } | Refusal> {
  const { summary, budgetMinor, ballotForm, rule, minimumAge, consentBelowAge, area, credentials, potId, objectionDays, mirrors, observers, runningCostsAllowed } = round;
  const isPractice = given.as === 'practice';
  const kept = { summary, budgetMinor, ballotForm, rule, minimumAge, consentBelowAge, area, credentials };
  const more = isPractice ? { objectionDays: 0 } : { potId, objectionDays, mirrors, observers, runningCostsAllowed };
  const made = await writes.createRound(tx, fund, { title: given.title, isPractice, ...kept, ...more }, now);
  if (made instanceof Refusal) return made;
  const projects = await listWholeProjects(tx, fund.id, round.id);
  const copied = projects.length > 0 ? await addProjects(tx, { fundId: fund.id, id: made.id }, projects.map((project) => copyOf(project, isPractice)), now) : [];
  if (copied instanceof Refusal) return copied;
  await record(tx, { fundId: fund.id, name: 'round.created', subject: { round: made.id, [isPractice ? 'practiceOf' : 'votesAgainOn']: round.id }, actorId: given.actorId, at: now });
  return made;
}

/** A project's words and cost; who would deliver it stays named, and how to reach them does not come along to practise. */
function copyOf({ number, title, summary, description, costMinor, category, area, delivererName, delivererContact, language }: Project, isPractice: boolean): NewProject {
  return { number, title, summary, description, costMinor, category, area, delivererName, delivererContact: isPractice ? null : delivererContact, language };
}
