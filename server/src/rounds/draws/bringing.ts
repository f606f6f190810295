/** What the rooms' jobs do about draws by the beacon: ask for what is due, hand it in, and go on with the draw. */
import type { Services } from '../../platform/services.ts';
import { readAwaited } from './beacon.ts';
import { fetchValue } from './fetching.ts';

/** A draw that waits, by its name, and what enters its value; entering twice must change nothing more. */
export interface Waiting {
  name: string;
  enter(value: string): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Whether the minute of `now` is one to ask in: each one after the value's moment at first, every tenth after ten minutes, one an hour after a day. */
export function isTimeToAsk(at: Date, now: Date): boolean {
  const minutes = Math.floor((now.getTime() - at.getTime()) / MINUTE_MS);
  return minutes >= 0 && minutes % (minutes < 10 ? 1 : minutes < 24 * 60 ? 10 : 60) === 0;
}

/**
 * Brings every value that is due at `now` and can be had; answers how many draws it went on with. A draw that fails does not keep
 * the others. Throws at the end what went wrong, address by address, so that it stands in the log.
 */
export async function bringDueValues({ config: { beacon } }: Pick<Services, 'config'>, waiting: readonly Waiting[], now: Date): Promise<number> {
  const faults: Error[] = [];
  const fetched = new Map<number, string | null>();
  let entered = 0;
  for (const { name, enter } of waiting) {
    const awaited = readAwaited(name);
    if (!awaited || !isTimeToAsk(awaited.at, now) || awaited.chain !== beacon.network.chain || beacon.urls.length === 0) continue;
    if (!fetched.has(awaited.round)) {
      const found = await fetchValue(beacon, awaited);
      fetched.set(awaited.round, found.value);
      faults.push(...found.faults);
    }
    const value = fetched.get(awaited.round);
    if (!value) continue;
    await enter(value).then(() => (entered += 1), (error: Error) => faults.push(error));
  }
  if (faults.length > 0) throw new AggregateError(faults, faults.map((fault) => fault.message).join(' '));
  return entered;
}
