/** Draws cards and posters beside the requests, in a thread of its own: each once for its words, one at a time, and no more waiting than the machine can bear. */
import { createHash } from 'node:crypto';
import { makeThread } from '../thread.ts';
import type { CardWords, PosterWords, Press } from './contract.ts';
import type { Order } from './draw.ts';
import { drawSquare } from './square.ts';

/** Raised when the drawing changes, so that what was kept elsewhere is asked for again. */
const DRAWING = 1;
const KEPT_BYTES_MAX = 24 * 1024 * 1024;
const WAITING_MAX = 24;

/** A press with a memory of its own. `draw` stands in the thread's place in tests. */
export function makePress(draw: (order: Order) => Promise<Uint8Array<ArrayBuffer>> = makeThread(new URL('./draw.ts', import.meta.url))): Press {
  const shelf = makeShelf();
  const underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  let letters = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** Draws when its turn has come; at most so many wait, strangers' cards not counted: they must not keep a fund from its letters. */
  async function inTurn(order: Order): Promise<Uint8Array<ArrayBuffer> | null> {
    if (letters >= WAITING_MAX) return null;
    letters += 1;
    const drawn = turn.then(() => draw(order));
    turn = drawn.catch(() => {});
    try {
      return await drawn;
    } finally {
      letters -= 1;
    }
  }

  async function once(digest: string, order: Order): Promise<Uint8Array<ArrayBuffer> | null> {
    const there = shelf.take(digest);
    if (there) return there;
    const already = underWay.get(digest);
    if (already) return already;
    if (underWay.size >= WAITING_MAX) return null;
    const drawn = turn.then(async () => {
      const bytes = await draw(order);
      shelf.keep(digest, bytes);
      return bytes;
    });
    turn = drawn.catch(() => {});
    underWay.set(digest, drawn);
    try {
      return await drawn;
    } finally {
      underWay.delete(digest);
    }
  }

  const digest = (words: CardWords | PosterWords) => createHash('sha256').update(JSON.stringify([DRAWING, words])).digest('hex').slice(0, 32);
  return {
    digest,
    card: (words) => once(digest(words), { kind: 'card', words }),
    poster: (words) => once(digest(words), { kind: 'poster', words }),
    letters: (words) => inTurn({ kind: 'letters', words }),
    square: drawSquare,
  };
}

interface Shelf {
  take(digest: string): Uint8Array<ArrayBuffer> | undefined;
  keep(digest: string, bytes: Uint8Array<ArrayBuffer>): void;
}

/** What was drawn, as much of it as the memory is for; what was asked for last is forgotten last. */
function makeShelf(): Shelf {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let keptBytes = 0;
  return {
    take(digest) {
      const there = kept.get(digest);
      if (!there) return undefined;
      kept.delete(digest);
      kept.set(digest, there);
      return there;
    },
    keep(digest, bytes) {
      kept.set(digest, bytes);
      keptBytes += bytes.length;
      for (const [oldest, theirs] of kept) {
        if (keptBytes <= KEPT_BYTES_MAX) return;
        kept.delete(oldest);
        keptBytes -= theirs.length;
      }
    },
  };
}
