/**
 * Asks for values of the public beacon. Whoever answers is believed nothing: a value counts by its signature alone, so
 * the worst that an address can do is to keep it back.
 */
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { Config } from '../../platform/config.ts';
import { readPasted, type Awaited } from './beacon.ts';
import { isSigned } from './signature.ts';

/** For one address, from the question to the last byte. */
const PATIENCE_MS = 4000;
const ANSWER_MAX = 4096;

/** An address did not bring a value; the message names it and says why. */
class NoValue extends Error {}

export interface Fetched {
  /** The answer that holds the value; null where no address brought one. */
  value: string | null;
  /** Of each address that was asked and did not bring it. */
  faults: NoValue[];
}

/** Asks one address after the other until one brings the value. */
export async function fetchValue({ network, urls }: Config['beacon'], { round }: Pick<Awaited, 'round'>, patienceMs = PATIENCE_MS): Promise<Fetched> {
  const faults: NoValue[] = [];
  for (const url of urls) {
    try {
      return { value: await ask(url, network, round, patienceMs), faults };
    } catch (error) {
      faults.push(error instanceof NoValue ? error : new NoValue(`The beacon at ${url} brought no value for round ${round}: ${reasonOf(error as Error)}.`));
    }
  }
  return { value: null, faults };
}

async function ask(url: string, network: BeaconNetwork, round: number, patienceMs: number): Promise<string> {
  const answer = await fetch(`${url}/${network.chain}/public/${round}`, { redirect: 'error', signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json', 'user-agent': 'commonpot' } });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw new NoValue(`The beacon at ${url} brought no value for round ${round}: it answers ${answer.status}.`);
  }
  let text = '';
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.length > ANSWER_MAX) break;
  }
  const signature = text.length > ANSWER_MAX ? null : readPasted(text);
  if (!signature || !isSigned(network, { round, signature })) throw new NoValue(`The beacon at ${url} brought a value for round ${round} that the network did not sign; it is refused.`);
  return signature;
}

function reasonOf(error: Error): string {
  return error.name === 'TimeoutError' ? 'no answer in time' : ((error.cause as { code?: string } | undefined)?.code ?? error.name);
}
