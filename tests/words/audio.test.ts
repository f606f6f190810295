/** Recordings as real encoders wrote them, with names, a place, a date and a cover picture: the sound stays, the rest goes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSound } from '@commonpot/server/rounds/words/audio';

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const FILES = [
  ['reading.mp3', 'audio/mpeg'], ['reading-opus.ogg', 'audio/ogg'], ['reading-vorbis.ogg', 'audio/ogg'], ['reading.m4a', 'audio/mp4'], ['reading-cover.m4a', 'audio/mp4'], ['reading.wav', 'audio/wav'],
] as const;
const PERSONAL = /MARKER|creation_time|2026-05-05|Lavf/;

/** The checksum of an Ogg page, one bit after the other. */
function pageSum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 0x8000_0000 ? (sum << 1) ^ 0x04c1_1db7 : sum << 1) >>> 0;
  }
  return sum;
}

describe.each(FILES)('%s', (name, mediaType) => {
  const file = read(name);
  const sound = readSound(file);

  it('is told by its bytes, and measured', () => {
    expect(sound?.mediaType).toBe(mediaType);
    expect(sound?.seconds).toBeGreaterThan(0.9);
    expect(sound?.seconds).toBeLessThan(1.3);
  });

  it('loses what says who, where and when, and nothing more the second time', () => {
    expect(file.toString('latin1')).toMatch(PERSONAL);
    expect(sound?.bytes.toString('latin1')).not.toMatch(PERSONAL);
    expect(sound && readSound(sound.bytes)?.bytes.equals(sound.bytes)).toBe(true);
  });

  it('is refused or read when it is cut off or damaged, and never throws', () => {
    for (let length = 0; length < file.length; length += 97) readSound(file.subarray(0, length));
    for (let at = 0; at < file.length; at += 61) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      readSound(damaged);
    }
  });
});

it('keeps every sample of an M4A in its place, and nothing between them', () => {
  const file = read('reading.m4a');
  const sound = readSound(file);
  expect(sound?.bytes.length).toBe(file.length);
  const at = file.indexOf('mdat') + 4;
  const size = file.readUInt32BE(at - 8) - 8;
  expect(sound?.bytes.subarray(at, at + size).filter((byte, index) => byte !== file[at + index]).length).toBeLessThan(64);
});

it('sums every Ogg page anew, in order', () => {
  for (const name of ['reading-opus.ogg', 'reading-vorbis.ogg']) {
    const bytes = readSound(read(name))?.bytes ?? Buffer.alloc(0);
    let pages = 0;
    for (let at = 0; at < bytes.length; pages += 1) {
      const lacing = bytes.subarray(at + 27, at + 27 + bytes.readUInt8(at + 26));
      const end = at + 27 + lacing.length + lacing.reduce((sum, each) => sum + each, 0);
      const page = Buffer.from(bytes.subarray(at, end));
      const [sequence, sum] = [page.readUInt32LE(18), page.readUInt32LE(22)];
      page.writeUInt32LE(0, 22);
      expect([sequence, sum]).toEqual([pages, pageSum(page)]);
      at = end;
    }
    expect(pages).toBeGreaterThan(2);
  }
});

it('takes no picture, page, film or half a tag for sound', () => {
  const tag = Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\u0002\0', 'latin1'), Buffer.alloc(256, 0x41)]);
  const two = read('reading.m4a');
  for (const bytes of [tag, Buffer.from('%PDF-1.7'.repeat(99)), Buffer.from('\u0089PNG\r\n'.repeat(99), 'latin1'), Buffer.from('<svg onload=alert(1)>'.repeat(99)), Buffer.alloc(4096), Buffer.alloc(4096, 0xff), Buffer.alloc(0)]) expect(readSound(bytes)).toBeNull();
  two.write('vide', two.indexOf('soun'), 'latin1');
  expect(readSound(two)).toBeNull();
});
