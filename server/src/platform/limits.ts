/** Counts wrong tries, in memory: a right one costs nothing, so a library's shared address still votes. */
import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface Limit {
  /** Milliseconds to wait, or 0 when another try is fine. */
  wait(who: string): Promise<number>;
  /** Counts one wrong try. */
  wrong(who: string): Promise<void>;
}

export interface Limits {
  /** Wrong codes and wrong private links, by address; all addresses of one network are one. */
  codes: Limit;
  /** Sign-in codes asked for, by network (`networkOf`): a stranger must not use up everybody's. */
  asks: Limit;
  /** Wrong voucher codes, by shop membership. */
  vouchers: Limit;
  /** Requests for money, by network. */
  requests: Limit;
  /** Private links sent again, by the hash of the address; and messages to leads, by request. */
  links: Limit;
}

function limit(points: number, seconds: number): Limit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    async wait(who) {
      const state = await limiter.get(who);
      return state && state.consumedPoints >= points ? Math.max(1, state.msBeforeNext) : 0;
    },
    async wrong(who) {
      await limiter.penalty(who);
    },
  };
}

/** A limit by network, whatever address of it is given: to change one's own address costs nothing. */
function byNetwork({ wait, wrong }: Limit): Limit {
  return { wait: (address) => wait(networkOf(address)), wrong: (address) => wrong(networkOf(address)) };
}

/**
 * Thirty wrong codes in ten minutes from one network; ten wrong vouchers in an hour by one shop; three links in an hour to one address, and three messages to leads about one request; and from one network a
 * tenth of the codes that leave in an hour, which is enough for a library and leaves the rest to everybody else. `asksPerHour` requests for money from one network: a library on the evening that a window opens.
 */
export function makeLimits({ codesPerHour, asksPerHour }: { codesPerHour: number; asksPerHour: number }): Limits {
  const asks = limit(Math.max(30, Math.ceil(codesPerHour / 10)), 3600);
  return { codes: byNetwork(limit(30, 600)), asks, requests: byNetwork(limit(asksPerHour, 3600)), vouchers: limit(10, 3600), links: limit(3, 3600) };
}

/** What one customer of a network has: an IPv4 address, or the first 64 bits of an IPv6 one, in which any address is theirs. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  const [before = '', after] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after ? after.split(':') : [];
  const groups = after === undefined ? head : [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
