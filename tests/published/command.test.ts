/** `pnpm verify` as people run it: on a folder and on an address, with a receipt, with a saved head, and on what is no folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptCode } from '../../server/src/votes/ballots/protocol.ts';
import { startCommand } from '../lib/command.ts';
import { folderOf, textOf } from './folders.ts';
import { makeRound } from './rounds.ts';

const place = mkdtempSync(join(tmpdir(), 'commonpot-verify-'));
const round = makeRound({ seed: 21, counted: 210, voided: { replaced: 2 }, batches: [100] });
const folder = folderOf(round);
const good = join(place, 'good');
const bad = join(place, 'bad');
// A server that anybody might run: no listing, and a body without an end for one path.
const server = createServer((request, answer) => {
  const path = decodeURI(request.url ?? '').replace(/^\/round\//, '');
  const bytes = folder.get(path);
  if (path === 'endless/rule.json') {
    const feed = () => { while (!answer.destroyed && answer.write(Buffer.alloc(1 << 20))); };
    answer.on('drain', feed);
    feed();
  } else answer.writeHead(bytes ? 200 : 404).end(bytes);
});

beforeAll(async () => {
  for (const [path, bytes] of folder) for (const where of [good, bad]) {
    mkdirSync(dirname(join(where, path)), { recursive: true });
    writeFileSync(join(where, path), path === 'leaves.txt' && where === bad ? Buffer.from(bytes).reverse() : bytes);
  }
  rmSync(join(bad, 'trace.json'));
  symlinkSync('/dev/zero', join(bad, 'trace.json'));
  writeFileSync(join(bad, 'more\u001b[2J.txt'), '');
  writeFileSync(join(place, 'head'), round.heads[0]!);
  const leaf = round.counted[0]!.leaf;
  writeFileSync(join(place, 'receipt.json'), JSON.stringify({ leaf: leaf.toString('hex'), receipt: textOf(folder, 'receipts.txt').split('\n')[round.leaves.indexOf(leaf)] }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(place, { recursive: true, force: true });
});

async function verify(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const command = startCommand('verify', {}, args);
  const status = await command.ended;
  return { status, out: command.stdout(), err: command.stderr() };
}

describe('pnpm verify', () => {
  it('says yes, no, and what it could not reach', async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [yes, no, code, absent, endless, nowhere, unreadable] = await Promise.all([
      verify(`${address}/round/`, '--json', '--head', join(place, 'head'), '--receipt', join(place, 'receipt.json')),
      verify(bad),
      verify(good, '--receipt', receiptCode(round.voided[0]!.leaf).toLowerCase()),
      verify(good, '--receipt', 'T2EZ-DEZQ-N73R'),
      verify(`${address}/round/endless/index.html`),
      verify(join(place, 'nowhere')),
      verify(good, '--receipt', 'T2EZ-DEZQ-N73S'),
    ]);
    const { verified, receipts, notes, facts } = JSON.parse(yes.out) as { verified: boolean; receipts: { fate: string; isSigned: boolean }[]; notes: object[]; facts: { winners: string[] } };
    expect([yes.status, verified, receipts[0]?.fate, receipts[0]?.isSigned]).toEqual([0, true, 'counted', true]);
    expect(notes).toContainEqual({ name: 'saved-head', size: 100 });
    expect(facts.winners.length).toBeGreaterThan(0);
    expect(no.status).toBe(1);
    for (const words of ['file-changed: A file is not the one that was sealed.', 'file-missing', 'file-extra', 'more?[2J.txt', 'NOT verified']) expect(no.out).toContain(words);
    expect(no.out).not.toContain('\u001b');
    expect(code).toMatchObject({ status: 0, err: '' });
    expect(code.out).toContain('it was replaced, with the key from the voter’s own phone');
    expect(absent.status).toBe(1);
    expect(absent.out).toContain('no such ballot is in the list');
    expect(endless.status).toBe(1);
    expect(endless.out).toContain('file-too-large');
    expect([nowhere.status, nowhere.err]).toEqual([2, `${join(place, 'nowhere')} is not there.\n`]);
    expect([unreadable.status, unreadable.err.includes('one letter may be misread')]).toEqual([2, true]);
  });
});
