/** Counting and checking apart from the process's other work: of many ballots either takes seconds, and people are waiting for pages. */
import { makeThread } from '../../platform/thread.ts';
import type { Election } from '../counting/election.ts';
import type { Lot } from '../counting/lot.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import type { Rule } from '../counting/rule.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { Folder } from '../published/folder.ts';
import type { Order } from './thread.ts';

const send = makeThread<Order, unknown>(new URL('./thread.ts', import.meta.url));

/** As `count`, in the thread. */
export function countApart(election: Election, rule: Rule, lot: Lot | undefined): Promise<Outcome | NeedsLot> {
  return send({ kind: 'count', election, rule, lot }) as Promise<Outcome | NeedsLot>;
}

/** The names of what is wrong with a folder, in its place or not written yet; none where it holds everything it promises. */
export function findFaultsApart(folder: string | Folder, network: BeaconNetwork): Promise<string[]> {
  return send({ kind: 'check', folder, network }) as Promise<string[]>;
}
