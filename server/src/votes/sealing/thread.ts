/** The thread in which rounds are counted, their folders written and checked. */
import { answerOrders } from '../../platform/thread.ts';
import { count } from '../counting/count.ts';
import type { Election } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import type { Rule } from '../counting/rule.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { writeFiles, type Folder } from '../published/folder.ts';
import { findFaults, findFaultsIn } from './folders.ts';
import { bytesOwn, unpackRound, type Parcel } from './parcel.ts';

export type Order =
  | { kind: 'count'; election: Election; rule: Rule; lot: Lot | undefined }
  | { kind: 'check'; folder: string | Folder; network: BeaconNetwork }
  | { kind: 'write'; parcel: Parcel; outcome: Outcome | undefined };

async function work(order: Order): Promise<Outcome | NeedsLot | string[] | Folder> {
  if (order.kind === 'count') return count(order.election, order.rule, order.lot);
  if (order.kind === 'check') return typeof order.folder === 'string' ? findFaults(order.folder, order.network) : findFaultsIn(order.folder, order.network);
  const { round, receipts } = unpackRound(order.parcel);
  return writeFiles(round, { receipts, ...(order.outcome && { outcome: order.outcome }) });
}

answerOrders(work, (result) => (result instanceof Map ? bytesOwn(result) : []));
