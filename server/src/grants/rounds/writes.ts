/** Writes of grant rounds. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { grantRound, type GrantPhase } from '@commonpot/db/grants';
import { release, reserve } from '../../money/ledger.ts';
import { hadAnotherAdministrator } from '../../people/reads.ts';
import type { FundScope } from '../../platform/actor.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { findCharter, listAgencies, listStatements } from '../../rounds/charter/reads.ts';
import { slugOf } from '../../rounds/rules.ts';
import { presentAwards } from '../adoption/writes.ts';
import { adoptingRoute } from '../adoption/rules.ts';
import type { Config } from '../../platform/config.ts';
import { commitPool, fixDraw } from '../draw/writes.ts';
import { sourceOf } from './reads.ts';
import { nextGrantPhase, type GrantRound } from './rules.ts';

const SLUG_TRIES = 50;

type Given = Pick<GrantRound, 'title' | 'kind' | 'potId'> & Partial<Pick<GrantRound, 'summary' | 'budgetMinor' | 'closesAt'>>;

/** Starts a round as a draft. Refuses `already-exists` when no slug is left for its title. */
export async function createGrantRound(tx: Transaction, fund: FundScope, given: Given, actorId: string, now: Date): Promise<{ id: string; slug: string } | Refusal> {
  const base = slugOf(given.title);
  for (let attempt = 1; attempt <= SLUG_TRIES; attempt += 1) {
    const slug = attempt === 1 ? base : `${base}-${attempt}`;
    const [made] = await tx.insert(grantRound).values({ ...given, fundId: fund.id, id: newId(), slug, currency: fund.currency, createdAt: now })
      .onConflictDoNothing().returning({ id: grantRound.id, slug: grantRound.slug });
    if (!made) continue;
    await record(tx, { fundId: fund.id, name: 'grant-round.created', subject: { round: made.id }, actorId, at: now });
    return made;
  }
  return refuse('already-exists');
}

/** Changes a round; the caller holds its lock. */
export async function changeGrantRound(tx: Transaction, round: GrantRound, change: Partial<Given> & { pausedUntil?: Date | null }): Promise<void> {
  await tx.update(grantRound).set(change).where(and(eq(grantRound.fundId, round.fundId), eq(grantRound.id, round.id)));
}

/**
 * Moves a round to its next phase; the caller holds its lock. Refuses `wrong-phase`, `charter-missing`, `same-person` to whoever published the
 * charter that it would take, `already-decided` where that is not the version that was `read`, `body-missing` when nobody speaks for the body
 * that adopts, and `not-enough-money` when a window's money is not in the pot. It posts to the ledger, last.
 */
export async function moveGrantRound(tx: Transaction, round: GrantRound, to: GrantPhase, beacon: Config['beacon'], given: { actorId: string | null; at: Date; read?: number | undefined }): Promise<void | Refusal> {
  const { fundId, id, potId } = round;
  if (nextGrantPhase[round.phase] !== to) return refuse('wrong-phase', { phase: round.phase });
  const charter = to === 'open' ? await findCharter(tx, fundId) : null;
  if (to === 'open' && (!charter || !(await listStatements(tx, fundId)).some((each) => each.pot === potId))) return refuse('charter-missing');
  // Whoever could publish a charter and open a round under it would be the only one to say who decides.
  if (charter && charter.publishedBy === given.actorId && (await hadAnotherAdministrator(tx, fundId, charter.publishedBy))) return refuse('same-person');
  if (charter && given.read !== undefined && given.read !== charter.version) return refuse('already-decided', { version: charter.version });
  const route = charter && adoptingRoute(charter.content);
  if (route && !(await listAgencies(tx, fundId)).some((name) => name === route.agency)) return refuse('body-missing');
  // Named before anybody can ask.
  if (charter?.content.order.kind === 'draw') await fixDraw(tx, round, charter.content.order, beacon, given.at);
  await tx.update(grantRound).set({ phase: to, phaseVersion: round.phaseVersion + 1, ...(charter ? { charterId: charter.id, openedBy: given.actorId } : {}) }).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, id)));
  await record(tx, { fundId, name: 'grant-round.moved', subject: { round: id, from: round.phase, to }, actorId: given.actorId, at: given.at });
  if (to === 'deciding') await commitPool(tx, { ...round, phase: to }, beacon, given.at);
  await presentAwards(tx, { ...round, phase: to, charterId: charter?.id ?? round.charterId }, given.at);
  if (round.kind !== 'window' || round.budgetMinor === null) return;
  const posted = to === 'open' ? await reserve(tx, { fundId, potId, amountMinor: round.budgetMinor, subjectId: id, actorId: given.actorId, at: given.at })
    : to === 'closed' ? await release(tx, { fundId, reservationId: await sourceOf(tx, round), actorId: given.actorId, at: given.at }) : undefined;
  if (posted instanceof Refusal) return posted;
}

/** Pauses a round until a time, or starts it again; the caller holds its lock. */
export async function pauseGrantRound(tx: Transaction, round: GrantRound, until: Date | null, { actorId, at }: { actorId: string | null; at: Date }): Promise<void> {
  await changeGrantRound(tx, round, { pausedUntil: until });
  await record(tx, { fundId: round.fundId, name: until ? 'grant-round.paused' : 'grant-round.reopened', subject: { round: round.id }, actorId, at });
}
