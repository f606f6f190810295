/** Counting in a thread: the same outcome, and whoever asks for a page meanwhile gets it. */
import { expect, test } from 'vitest';
import { countApart, findFaultsApart, writeFilesApart } from '@commonpot/server/votes/sealing/apart';
import { QUICKNET } from '../../server/src/platform/beacon.ts';
import { count } from '../../server/src/votes/counting/count.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import { receiptBytes } from '../../server/src/votes/published/bytes.ts';
import { signFolder, writeFolder } from '../../server/src/votes/published/folder.ts';
import { uuidBytes } from '../../server/src/votes/ballots/protocol.ts';
import { KEY, makeRound } from '../published/rounds.ts';
import { built, projectId } from './elections.ts';

/** Everybody supports a few of many, so that every raise changes something. */
function largeElection() {
  const projects = Array.from({ length: 60 }, (_, index) => ({ id: projectId(index), costMinor: 20_000 + index * 977, categories: [], withdrawn: false }));
  const ballots = Array.from({ length: 4000 }, (_, voter) => ({
    lines: [...new Set(Array.from({ length: 1 + (voter % 7) }, (__, choice) => (voter * 31 + choice * choice * 17 + (voter >> 3)) % 60))].map((index) => ({ projectId: projectId(index) })),
  }));
  return built({ input: { budgetMinor: 1_000_000, minorPerUnit: 1, voteType: 'approval', projects }, ballots });
}

test('a count in the thread stops nothing else, and comes to the same', async () => {
  const election = largeElection();
  const rule = presets['equal-shares-add1'];
  // The thread starts with its first order.
  await countApart(built({ input: { budgetMinor: 1, minorPerUnit: 1, voteType: 'approval', projects: [] }, ballots: [] }), rule, undefined);
  let turns = 0;
  const clock = setInterval(() => (turns += 1), 5);
  const start = performance.now();
  const outcome = await countApart(election, rule, { kind: 'id' });
  const elapsed = performance.now() - start;
  clearInterval(clock);
  expect(turns).toBeGreaterThan(elapsed / 5 / 10);
  expect(outcome).toEqual(count(election, rule, { kind: 'id' }));
  expect(elapsed).toBeGreaterThan(20);
});

test('what goes wrong in the thread is said, and the next order is served', async () => {
  const election = built({ input: { budgetMinor: 1, minorPerUnit: 1, voteType: 'approval', projects: [{ id: 'a', costMinor: 1, categories: [], withdrawn: false }] }, ballots: [{ lines: [{ projectId: 'a' }] }] });
  const [wrong, right] = [countApart(election, presets.greedy, { kind: 'order', ids: [] }), countApart(election, presets.greedy, { kind: 'order', ids: ['a'] })];
  await expect(wrong).rejects.toThrow('the drawn order lacks project a');
  await expect(right).resolves.toMatchObject({ winners: ['a'] });
});

test('a folder written in the thread has the same bytes, and is checked there', async () => {
  const round = makeRound({ seed: 3, counted: 130, voided: { replaced: 2, 'no-key': 1, struck: 1 }, batches: [] });
  const receipts = round.leaves.map((leaf) => KEY.sign(receiptBytes(uuidBytes(round.statement.round.id), leaf)));
  const folder = signFolder(await writeFilesApart(round, receipts, undefined), round, KEY.sign);
  const bytesOf = (of: typeof folder) => [...of].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]).sort();
  expect(bytesOf(folder)).toEqual(bytesOf(writeFolder(round, KEY.sign)));
  expect(await findFaultsApart(folder, QUICKNET)).toEqual([]);
});
