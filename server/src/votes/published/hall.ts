/** hall.json: how the order of projects in the hall was drawn, and everything it takes to draw it again. */
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { HALL_MARGIN_HOURS, readAwaited } from '../../rounds/draws/beacon.ts';
import { findBeaconFault } from '../../rounds/draws/signature.ts';
import { drawnOrder, orderCommitment, orderSeed } from '../hall/rules.ts';
import type { Findings } from './findings.ts';
import type { HallOrder, Seal, Statement } from './record.ts';

const HOUR_MS = 3_600_000;

/** Whether the sealed folder has a hall.json. */
export function hasHall(seal: Pick<Seal, 'files'> | null): boolean {
  return seal !== null && Object.hasOwn(seal.files, 'hall.json');
}

/** What is published of an announced order; `drawn` is null where the draw was never held. */
export function hallOrderOf(
  given: { how: string; announcedAt: Date; secret: Buffer; drawn: string | null; drawnAt: Date | null }, round: Buffer, numbers: readonly string[],
): HallOrder {
  const { how, announcedAt, secret, drawn, drawnAt } = given;
  const announced = { how, at: announcedAt.toISOString(), commitment: orderCommitment(secret).toString('hex') };
  if (drawn === null || drawnAt === null) return { version: 1, announced, drawn: null };
  const seed = orderSeed({ round, secret, drawn });
  return { version: 1, announced, drawn: { text: drawn, at: drawnAt.toISOString(), secret: secret.toString('hex'), seed: seed.toString('hex'), order: drawnOrder(seed, numbers) } };
}

/** The secret is the promised one, the seed is made of it and the public draw, the order follows, and each came in its turn. */
export function checkHallOrder(
  { announced, drawn }: HallOrder, given: { statement: Statement; round: Buffer; networks: readonly BeaconNetwork[] }, findings: Findings,
): void {
  const { statement, round, networks } = given;
  const fault = findBeaconFault({ name: announced.how, result: drawn?.text ?? null }, networks);
  if (fault) findings.add(fault, 'hall.json');
  if (!drawn) return;
  const secret = Buffer.from(drawn.secret, 'hex');
  if (orderCommitment(secret).toString('hex') !== announced.commitment) findings.add('hall-commitment', 'hall.json');
  const seed = orderSeed({ round, secret, drawn: drawn.text });
  if (seed.toString('hex') !== drawn.seed) findings.add('hall-seed', 'hall.json');
  const order = drawnOrder(seed, statement.projects.map((project) => project.number));
  if (order.join(' ') !== drawn.order.join(' ')) findings.add('hall-order', 'hall.json');
  // Two people type what they saw, or somebody brings the beacon's value; whatever it was, it was not there before the promise.
  const [promised, held] = [Date.parse(announced.at), Date.parse(drawn.at)];
  const value = readAwaited(announced.how)?.at.getTime();
  const isAfterPromise = value === undefined || value >= promised + HALL_MARGIN_HOURS * HOUR_MS;
  const isInTurn = held >= Math.max(promised, value ?? promised);
  if (!isInTurn || !isAfterPromise) findings.add('hall-times', `hall.json: announced ${announced.at}, drawn ${drawn.at}`);
}
