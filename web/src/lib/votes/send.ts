/** Sends a ballot until there is an answer: the same bytes each time, so that one ballot is what comes of it. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { castBallot } from '@commonpot/server/votes/ballots/contract';
import { castBody } from './cast-body.ts';
import { hasForgotten, type Sending } from './phone.ts';

const TIMEOUT = 20_000;
const PAUSES = [1000, 2000, 4000, 8000, 15_000];

export type Outcome = { answer: AnswerOf<typeof castBallot> } | 'refused';

/** Resolves with the receipt, or with `refused` once the server said no. Until then `waiting` is told what it waits for. */
export async function sendBallot(url: string, ballot: Sending, waiting: (forWhat: 'line' | 'server') => void): Promise<Outcome> {
  const body = castBody(ballot);
  for (let attempt = 0; ; attempt += 1) {
    const response = await post(url, body);
    if (hasForgotten()) return new Promise<never>(() => undefined);
    if (response?.ok) {
      const answer = (await response.json().catch(() => null)) as AnswerOf<typeof castBallot> | null;
      if (answer) return { answer };
    } else if (response && isRefusal(response)) {
      return 'refused';
    }
    waiting(response && !response.ok ? 'server' : 'line');
    await lineOrPause(PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 0);
    if (hasForgotten()) return new Promise<never>(() => undefined);
  }
}

/** A no of our own server. Whatever a library's sign-in page answers in its place is no answer. */
function isRefusal(response: Response): boolean {
  return response.status >= 400 && response.status < 500 && response.status !== 429 && (response.headers.get('content-type') ?? '').startsWith('application/problem+json');
}

async function post(url: string, body: string): Promise<Response | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    return await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: stop.signal, cache: 'no-store' });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a moment, or until the phone says that the line is back. */
function lineOrPause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener('online', go);
  });
}
