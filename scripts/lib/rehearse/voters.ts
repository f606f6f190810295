/** The voters of a rehearsal: each signs in with a printed code and casts one ballot, over HTTP, and checks the leaf it gets back. */
import { randomBytes } from 'node:crypto';
import type { Agent } from 'node:http';
import { ballotBytes, leafOf, voidOf, type BallotLine } from '@commonpot/server/votes/ballots/protocol';
import { openBrowser, Unexpected } from '../http-client.ts';

export interface Storm {
  origin: string;
  agent: Agent;
  /** The round's path below `/api/v1`. */
  path: string;
  /** The round's 16 bytes. */
  round: Buffer;
  /** Each project's place on the ballot; null where the lines stand in order of preference. */
  order: ReadonlyMap<string, number> | null;
  codes: readonly string[];
  ballots: readonly (readonly BallotLine[])[];
  /** Voters at a time. */
  concurrency: number;
  onCast(done: number): void;
}

/** Casts every ballot once. The answer is the seconds it took, sign-ins included. */
export async function castAll(storm: Storm): Promise<number> {
  const start = performance.now();
  let next = 0;
  let done = 0;
  const voter = async (): Promise<void> => {
    for (let index = next++; index < storm.ballots.length; index = next++) {
      await castOne(storm, storm.codes[index] as string, storm.ballots[index] as readonly BallotLine[]);
      storm.onCast((done += 1));
    }
  };
  await Promise.all(Array.from({ length: Math.min(storm.concurrency, storm.ballots.length) }, voter));
  return (performance.now() - start) / 1000;
}

async function castOne({ origin, agent, path, round, order }: Storm, code: string, said: readonly BallotLine[]): Promise<void> {
  const phone = openBrowser(origin, agent);
  await phone.must('POST', `${path}/enter-code`, { code });
  const [salt, voidKey] = [randomBytes(32), randomBytes(32)];
  const lines = order ? [...said].sort((a, b) => (order.get(a.project) ?? 0) - (order.get(b.project) ?? 0)) : said;
  const answer = await phone.must('POST', `${path}/ballot`, {
    lines, salt: salt.toString('hex'), void: voidOf(voidKey).toString('hex'), replaces: null, oldVoidKey: null,
  });
  const leaf = leafOf(round, voidOf(voidKey), salt, ballotBytes('', lines));
  if (answer.leaf !== leaf.toString('hex')) throw new Unexpected('the server computed another leaf than the phone');
}
