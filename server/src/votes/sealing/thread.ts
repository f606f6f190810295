/** The thread in which rounds are counted and folders checked. */
import { answerOrders } from '../../platform/thread.ts';
import { count } from '../counting/count.ts';
import type { Election } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import type { Rule } from '../counting/rule.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { Folder } from '../published/folder.ts';
import { findFaults, findFaultsIn } from './folders.ts';

export type Order = { kind: 'count'; election: Election; rule: Rule; lot: Lot | undefined } | { kind: 'check'; folder: string | Folder; network: BeaconNetwork };

async function work(order: Order): Promise<Outcome | NeedsLot | string[]> {
  if (order.kind === 'count') return count(order.election, order.rule, order.lot);
  return typeof order.folder === 'string' ? findFaults(order.folder, order.network) : findFaultsIn(order.folder, order.network);
}

answerOrders(work);
