/** rule.json: what is frozen and published when voting opens. */
import type { Transaction } from '@commonpot/db/client';
import { fund, host } from '@commonpot/db/people';
import { statement } from '@commonpot/db/votes';
import { and, eq } from 'drizzle-orm';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import type { RoundKeys } from '../ballots/protocol.ts';
import { ruleDigest } from '../counting/digest.ts';
import { ruleSchema } from '../counting/rule.ts';
import { lotCommitment } from '../published/bytes.ts';
import { readObserverLine } from '../published/observer.ts';
import { statementSchema, type Statement } from '../published/record.ts';
import type { Config } from '../../platform/config.ts';
import { readAwaited } from '../../rounds/draws/beacon.ts';
import { beaconDrawAfter, usualDrawAfter } from '../../rounds/draws/usual.ts';

/** The origin of a round's heads, and the name under which the log's key signs them. */
function originOf(publicUrl: string, roundId: string): string {
  return `${new URL(publicUrl).host}/rounds/${roundId}`;
}

/** Which public draw is waited for if a tie needs it: the round's, or the usual one after the close. The hour of the beacon follows the close, which may have been moved since. */
export function drawOf(round: Pick<Round, 'drawName' | 'drawDate' | 'votingClosesAt'>, given: { timeZone: string; beacon: Config['beacon'] }): { name: string; date: string } {
  if (round.drawName && round.drawDate && !readAwaited(round.drawName)) return { name: round.drawName, date: round.drawDate };
  if (!round.votingClosesAt) throw new Error('a round without a close has no draw');
  return round.drawName ? beaconDrawAfter(given.beacon, round.votingClosesAt) : usualDrawAfter(round.votingClosesAt, { ...given, days: 2 });
}

/** Freezes everything that a round promises, and publishes it. False where something does not fit the shape of the published file. */
export async function publishStatement(tx: Transaction, round: Round, given: { keys: RoundKeys; publicKey: Buffer; publicUrl: string; beacon: Config['beacon']; now: Date }): Promise<boolean> {
  const [names] = await tx.select({ host: host.name, fund: fund.name, timeZone: fund.timeZone }).from(fund).innerJoin(host, eq(host.id, fund.hostId)).where(eq(fund.id, round.fundId));
  const rule = ruleSchema.safeParse(round.rule);
  if (!names || !rule.success || !round.votingClosesAt) return false;
  const projects = await listProjects(tx, round.fundId, round.id);
  const made = statementSchema.safeParse({
    version: 1, host: names.host, fund: names.fund,
    round: { id: round.id, slug: round.slug, title: round.title },
    currency: round.currency, minorPerUnit: minorPerUnit(round.currency), budgetMinor: round.budgetMinor,
    areas: round.area, ballotForm: round.ballotForm,
    projects: projects.map(({ number, title, costMinor, category, area }) => ({ number, title, costMinor, category, area })),
    counting: { rule: rule.data, digest: ruleDigest(rule.data) },
    voting: { opens: given.now.toISOString(), closes: round.votingClosesAt.toISOString() },
    log: { origin: originOf(given.publicUrl, round.id), publicKey: given.publicKey.toString('hex'), mirrors: round.mirrors },
    lot: { kind: 'draw', commitment: lotCommitment(given.keys.lot).toString('hex'), ...drawOf(round, { timeZone: names.timeZone, beacon: given.beacon }) },
    observers: round.observers.map(readObserverLine),
  } satisfies Record<keyof Statement, unknown>);
  if (!made.success) return false;
  await tx.insert(statement).values({ fundId: round.fundId, roundId: round.id, text: `${JSON.stringify(made.data, null, 2)}\n` });
  return true;
}

/** The statement that a round was opened with, or null for a round that was not. */
export async function readStatement(tx: Transaction, fundId: string, roundId: string): Promise<Statement | null> {
  const [row] = await tx.select({ text: statement.text }).from(statement).where(and(eq(statement.fundId, fundId), eq(statement.roundId, roundId)));
  return row ? statementSchema.parse(JSON.parse(row.text)) : null;
}

function minorPerUnit(currency: string): number {
  return 10 ** (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);
}
