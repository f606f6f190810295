/** Every contract of the house. The app serves each of them, and the tests try each of them. */
import type { RouteContract } from './platform/contract.ts';
import * as money from './money/contract.ts';
import * as people from './people/contract.ts';

const rooms: Record<string, Record<string, unknown>> = { people, money };

function isContract(value: unknown): value is RouteContract {
  return typeof value === 'object' && value !== null && 'method' in value && 'access' in value;
}

/** Name (`room.export`) and contract, in the order of the rooms. */
export const contracts: ReadonlyMap<string, RouteContract> = new Map(
  Object.entries(rooms).flatMap(([room, exported]) =>
    Object.entries(exported).flatMap(([name, value]) => (isContract(value) ? [[`${room}.${name}`, value] as const] : [])),
  ),
);
