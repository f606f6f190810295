/** How long until a moment, as it stands on a wall: days, then hours and minutes, then minutes. */
import { number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

const MINUTE = 60_000;

/** Rounded down, so that nobody is told of time that is not there. */
export function timeLeft(now: string, until: string): string {
  const left = Date.parse(until) - Date.parse(now);
  if (left <= 0) return m.wall_closing();
  const minutes = Math.floor(left / MINUTE);
  if (minutes === 0) return m.wall_seconds();
  if (minutes < 60) return m.wall_minutes({ count: minutes, n: number(minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return m.wall_hours({ hours: number(hours), minutes: number(minutes % 60) });
  const days = Math.floor(hours / 24);
  return m.wall_days({ count: days, n: number(days) });
}
