/** What the tests of payouts share: filled pots, vouchers with their codes, awards, and the proof at the end. */
import pg from 'pg';
import { within } from '@commonpot/db/client';
import { invariants } from '@commonpot/server/invariants';
import { reserve } from '@commonpot/server/money/ledger';
import { prove } from '@commonpot/server/money/proof';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { createAwards, type Award, type NewAwards } from '@commonpot/server/rounds/awards/writes';
import { fillPot, givePot } from '../money/pots.ts';
import type { Answer, TestFund, Visitor, World } from '../lib/world.ts';

/** A pot with money in it. */
export async function filledPot(fund: TestFund, amountMinor: number): Promise<string> {
  const potId = await givePot(fund, `Pot ${newId()}`);
  await fillPot(fund, potId, amountMinor);
  return potId;
}

/** The answer's body when it went well; else its problem, thrown. */
export async function must(answer: Promise<Answer>): Promise<any> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Issues a voucher from a pot to whoever holds the paper, has it agreed to, and opens its code. */
export async function issuePaper(fund: TestFund, potId: string, valueMinor: number, lastDay = '2027-03-31'): Promise<{ id: string; code: string }> {
  const { administrator, administrator2 } = fund.people;
  const { id } = await must(administrator.post(`/funds/${fund.slug}/vouchers`, { from: { pot: potId }, title: 'Winter food', valueMinor, lastDay, holder: null }));
  await must(administrator2.post(`/funds/${fund.slug}/vouchers/${id}/release`));
  const { code } = await must(administrator.post(`/funds/${fund.slug}/vouchers/${id}/print`));
  return { id, code };
}

/** Reads a code at a till; the answer's ticket is what redeeming asks for. */
export const lookUp = (fund: TestFund, till: Visitor, code: string) => till.post(`/funds/${fund.slug}/till/vouchers`, { code });

/** Reads a code and takes an amount. */
export async function take(fund: TestFund, till: Visitor, code: string, amountMinor: number, headers: Record<string, string> = {}): Promise<Answer> {
  const { ticket } = await must(lookUp(fund, till, code));
  return till.post(`/funds/${fund.slug}/till/redemptions`, { ticket, amountMinor }, headers);
}

/** A round to award in; how it came about is another room's. */
export async function makeRound(fund: TestFund): Promise<{ id: string; slug: string }> {
  return must(fund.people.administrator.post(`/funds/${fund.slug}/rounds`, { title: `Round ${newId()}` }));
}

/** Sets a round's money aside, as opening the vote does. */
export async function setAside(world: World, given: { fundId: string; roundId: string; potId: string; amountMinor: number }): Promise<string> {
  const made = await within(world.app.services.db, { fund: given.fundId }, (tx) => reserve(tx, { ...given, subjectId: given.roundId, actorId: null, at: world.clock.now }));
  if (made instanceof Refusal) throw new Error(made.code);
  return made.reservationId;
}

/** Awards as the count makes them, in one transaction. */
export function award(world: World, given: Omit<NewAwards, 'actorId' | 'at'>): Promise<Award[] | Refusal> {
  return within(world.app.services.db, { fund: given.fundId }, async (tx) => {
    const made = await createAwards(tx, { ...given, actorId: null, at: world.clock.now });
    if (made instanceof Refusal) throw made;
    return made;
  }).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
}

/** The names of the invariants that do not hold. */
export async function brokenInvariants(world: World): Promise<string[]> {
  const client = new pg.Client({ connectionString: world.database.ownerUrl });
  await client.connect();
  try {
    return (await prove(client, invariants)).proofs.filter((proof) => !proof.holds).map((proof) => `${proof.name} ${JSON.stringify(proof.examples)}`);
  } finally {
    await client.end();
  }
}
