/** Counting, writing and checking apart from the process's other work: of many ballots each takes seconds, and people are waiting for pages. */
import { makeThread } from '../../platform/thread.ts';
import type { Election } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import type { Rule } from '../counting/rule.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { Folder } from '../published/folder.ts';
import type { SealedRound } from '../published/record.ts';
import { bytesOwn, moved, packRound } from './parcel.ts';
import type { Order } from './thread.ts';

const send = makeThread<Order, unknown>(new URL('./thread.ts', import.meta.url), (order) => {
  if (order.kind === 'write') return moved(order.parcel);
  return order.kind === 'check' && order.folder instanceof Map ? bytesOwn(order.folder) : [];
});

/** As `count`, in the thread. */
export function countApart(election: Election, rule: Rule, lot: Lot | undefined): Promise<Outcome | NeedsLot> {
  return send({ kind: 'count', election, rule, lot }) as Promise<Outcome | NeedsLot>;
}

/** The names of what is wrong with a folder, in its place or not written yet; none where it holds everything it promises. A folder that is not written is gone afterwards. */
export function findFaultsApart(folder: string | Folder, network: BeaconNetwork): Promise<string[]> {
  return send({ kind: 'check', folder, network }) as Promise<string[]>;
}

/** As `writeFiles`, in the thread. Throws where a tie still needs the lot. */
export async function writeFilesApart(round: SealedRound, receipts: readonly Buffer[], outcome: Outcome | undefined): Promise<Folder> {
  return send({ kind: 'write', parcel: await packRound(round, receipts), outcome }) as Promise<Folder>;
}
