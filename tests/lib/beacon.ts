/** A beacon of a test's own: a network whose key the test holds, and addresses on loopback that serve its values or do worse. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BeaconNetwork } from '@commonpot/server/platform/beacon';
import { messageOf } from '@commonpot/server/rounds/draws/signature';

/** The key of the network below; BLS12-381's generator of G2 by it is the public key. */
const KEY = BigInt(`0x${'2a'.repeat(31)}`);

export const TEST_NETWORK: BeaconNetwork = {
  name: 'test', chain: 'ab'.repeat(32), genesis: Date.parse('2026-01-01T00:00:00Z') / 1000, period: 3,
  publicKey: '8541fc5dbb0906a14bd0a818458470c5eb74f3e509819be7600efbf84cc54d63a66a07087e1dc0d6a7a192000194fcf511bc83cb457d161ca1c8a14507471030b6706f6d2bf3923668d89ed2a611020064e6fc3735949f768c59d2336b8f2acf',
};

/** The signature that is the network's value of a round. */
export function signatureOf(round: number, key = KEY): string {
  return Buffer.from(messageOf(round).multiply(key).toBytes()).toString('hex');
}

/** What an honest address answers. */
export function answerOf(round: number, key = KEY): string {
  return JSON.stringify({ round, randomness: '00'.repeat(32), signature: signatureOf(round, key) });
}

export interface Beacon {
  url: string;
  /** Rounds it was asked for. */
  asked: number[];
  close(): Promise<void>;
}

/** Serves `answer` on loopback; by default the network's values. */
export async function openBeacon(answer: (round: number) => string | RequestListener = answerOf): Promise<Beacon> {
  const asked: number[] = [];
  const server: Server = createServer((request, response) => {
    const round = Number(request.url?.split('/').at(-1));
    asked.push(round);
    const made = answer(round);
    if (typeof made === 'string') response.setHeader('content-type', 'application/json').end(made);
    else made(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
