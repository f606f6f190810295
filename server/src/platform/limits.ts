/** Counts wrong tries by address, in memory: a right one costs nothing, so a library's shared address still votes. */
import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface Limit {
  /** Milliseconds to wait, or 0 when another try is fine. */
  wait(who: string): Promise<number>;
  /** Counts one wrong try. */
  wrong(who: string): Promise<void>;
}

export interface Limits {
  /** Wrong sign-in and voter codes, by network address. */
  codes: Limit;
  /** Wrong voucher codes, by shop membership. */
  vouchers: Limit;
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

/** Thirty wrong codes in ten minutes from one address; ten wrong vouchers in an hour by one shop. */
export function makeLimits(): Limits {
  return { codes: limit(30, 600), vouchers: limit(10, 3600) };
}
