import { expect, it } from 'vitest';
import { writeFolder } from '../../server/src/votes/published/folder.ts';
import { verifyFolder } from '../../server/src/votes/published/verify.ts';
import { KEY, makeRound } from './rounds.ts';

it('verifies', async () => {
  const round = makeRound({ seed: 1, counted: 300, voided: { replaced: 9, 'no-key': 2, struck: 1 }, batches: [100, 120], spoiledPaper: 2 });
  const folder = writeFolder(round, KEY.sign);
  const verdict = await verifyFolder(async (path) => folder.get(path) ?? null, { listed: folder.keys() });
  expect(verdict.findings).toEqual([]);
  console.log(verdict, [...folder].map(([p, b]) => `${p} ${b.length}`).join(' '));
});
