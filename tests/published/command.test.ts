/** `pnpm verify` as people run it: on a folder and on an address, with a receipt, with a saved head, and on what is no folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptCode } from '../../server/src/votes/ballots/protocol.ts';
import { openSource } from '../../scripts/lib/verify/source.ts';
import { startCommand } from '../lib/command.ts';
import { folderOf, textOf } from './folders.ts';
import { makeRound } from './rounds.ts';

const place = mkdtempSync(join(tmpdir(), 'commonpot-verify-'));
const round = makeRound({ seed: 21, counted: 210, voided: { replaced: 2 }, batches: [100] });
const folder = folderOf(round);
const good = join(place, 'good');
const bad = join(place, 'bad');
// A server that anybody might run: no listing, a body without an end, one that comes drop by drop, one that breaks off, and none.
const server = createServer((request, answer) => {
  const path = decodeURI(request.url ?? '').replace(/^\/round\//, '');
  const bytes = folder.get(path);
  if (path === 'endless/rule.json') {
    const feed = () => { while (!answer.destroyed && answer.write(Buffer.alloc(1 << 20))); };
    answer.on('drain', feed);
    feed();
  } else if (path === 'endless/missing') answer.writeHead(404).write('x');
  else if (path === 'broken') answer.writeHead(200, { 'content-length': 9 }).write('x', () => setTimeout(() => request.socket.destroy(), 20));
  else if (path === 'drops') {
    const drops = setInterval(() => answer.write('x'), 20);
    answer.on('close', () => clearInterval(drops));
  } else if (path !== 'silent') answer.writeHead(bytes ? 200 : 404).end(bytes);
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
    const [yes, no, code, absent, endless, nowhere, other, unreadable] = await Promise.all([
      verify(`${address}/round/`, '--json', '--head', join(place, 'head'), '--receipt', join(place, 'receipt.json')),
      verify(bad),
      verify(good, '--receipt', receiptCode(round.voided[0]!.leaf).toLowerCase()),
      verify(good, '--receipt', 'T2EZ-DEZQ-N73R'),
      verify(`${address}/round/endless/index.html`),
      verify(join(place, 'nowhere')),
      verify(place),
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
    expect([other.status, other.err]).toEqual([2, expect.stringContaining('holds no published round')]);
    expect([unreadable.status, unreadable.err.includes('one letter may be misread')]).toEqual([2, true]);
  });

  it('waits for no server longer, and takes no more from it, than a folder is worth', async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/round/`;
    const reading = async (path: string, limits: { allMs?: number; silenceMs?: number; allBytes?: number }) => {
      const source = await openSource(address, { allMs: 60_000, silenceMs: 60_000, allBytes: 1 << 20, ...limits });
      return source.read(path, 1 << 25);
    };
    await Promise.all([
      expect(reading('silent', { silenceMs: 100 })).rejects.toThrow(/silent does not arrive: nothing came for 0.1 seconds/),
      expect(reading('drops', { allMs: 300, silenceMs: 20_000 })).rejects.toThrow(/127\.0\.0\.1:\d+ is too slow: after 0.005 minutes the folder is not here yet/),
      expect(reading('endless/rule.json', {})).rejects.toThrow(/sends more than 1 MB, and no published folder is so large/),
      expect(reading('broken', {})).rejects.toThrow(/broken cannot be reached: /),
      expect(reading('endless/missing', {})).resolves.toBeNull(),
    ]);
    const source = await openSource(address, { allMs: 60_000, silenceMs: 60_000, allBytes: folder.get('rule.json')!.length * 3 / 2 });
    await expect(source.read('rule.json', 1 << 20)).resolves.toHaveLength(folder.get('rule.json')!.length);
    await expect(source.read('rule.json', 1 << 20)).rejects.toThrow('no published folder is so large');
    await expect(openSource('http://127.0.0.1:1/').then((dead) => dead.read('rule.json', 9))).rejects.toThrow('http://127.0.0.1:1/rule.json cannot be reached: ');
  });
});
