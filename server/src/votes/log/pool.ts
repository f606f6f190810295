/** The pool in front of the log: who enters with the next batch. Pure but for the draw. */
import { randomInt } from 'node:crypto';

/** No batch is smaller, and as many always stay behind, so that a leaf's batch does not say when it was cast. */
const CROWD = 100;

/**
 * The marks that enter the log now. While voting is open: nothing below twice the crowd; else all but a crowd of those
 * that stand, drawn at random, and every replaced one that waits. After the close: the rest.
 */
export function drawBatch(standing: readonly Buffer[], replaced: readonly Buffer[], isClosed: boolean): Buffer[] {
  if (isClosed) return [...standing, ...replaced];
  if (standing.length < 2 * CROWD) return [];
  return [...drawSome(standing, standing.length - CROWD), ...replaced];
}

/** `count` of them, each subset as likely as any other. */
function drawSome(all: readonly Buffer[], count: number): Buffer[] {
  const left = [...all];
  for (let at = 0; at < count; at += 1) {
    const other = at + randomInt(left.length - at);
    [left[at], left[other]] = [left[other] as Buffer, left[at] as Buffer];
  }
  return left.slice(0, count);
}
