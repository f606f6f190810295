/** Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis: the comments are written anew and empty, the pages numbered and summed again. */
import type { Sound } from './sound.ts';

interface Page {
  flags: number;
  granule: bigint;
  serial: number;
  lacing: Buffer;
  body: Buffer;
}

const CONTINUED = 1;
const FIRST = 2;
const NO_GRANULE = -1n;

const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ (CRC[((sum >>> 24) ^ byte) & 0xff] as number)) >>> 0;
  return sum;
}

function readPages(bytes: Buffer): Page[] {
  const pages: Page[] = [];
  let at = 0;
  while (at + 27 <= bytes.length && bytes.toString('latin1', at, at + 4) === 'OggS' && bytes[at + 4] === 0) {
    const lacing = bytes.subarray(at + 27, at + 27 + bytes.readUInt8(at + 26));
    const start = at + 27 + lacing.length;
    const length = lacing.reduce((sum, each) => sum + each, 0);
    if (start + length > bytes.length) break;
    pages.push({ flags: bytes.readUInt8(at + 5), granule: bytes.readBigInt64LE(at + 6), serial: bytes.readUInt32LE(at + 14), lacing, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return pages;
}

function writePage(page: Page, sequence: number): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 'latin1');
  head.writeUInt8(page.flags, 5);
  head.writeBigInt64LE(page.granule, 6);
  head.writeUInt32LE(page.serial, 14);
  head.writeUInt32LE(sequence, 18);
  head.writeUInt8(page.lacing.length, 26);
  const whole = Buffer.concat([head, page.lacing, page.body]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

/** The first `count` packets, and how many pages they fill; null where sound begins on the same page. */
function readPackets(pages: readonly Page[], count: number): { packets: Buffer[]; used: number } | null {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const [index, page] of pages.entries()) {
    let at = 0;
    for (const [place, length] of page.lacing.entries()) {
      parts.push(page.body.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
      if (packets.length === count) return place === page.lacing.length - 1 ? { packets, used: index + 1 } : null;
    }
  }
  return null;
}

/** Packets on as few pages as they need. */
function layOut(packets: readonly Buffer[], serial: number): Page[] {
  const segments = packets.flatMap((packet) => {
    const pieces = Array.from({ length: Math.floor(packet.length / 255) + 1 }, (_, index) => packet.subarray(index * 255, (index + 1) * 255));
    return pieces;
  });
  const pages: Page[] = [];
  for (let at = 0; at < segments.length; at += 255) {
    const here = segments.slice(at, at + 255);
    const continues = at > 0 && segments[at - 1]?.length === 255;
    const ends = here.some((each) => each.length < 255);
    pages.push({ flags: continues ? CONTINUED : 0, granule: ends ? 0n : NO_GRANULE, serial, lacing: Buffer.from(here.map((each) => each.length)), body: Buffer.concat(here) });
  }
  return pages;
}

const NOTHING = Buffer.alloc(8);

/** The headers with empty comments, and samples a second; null for sound that is neither Opus nor Vorbis. */
function cleanHeaders(head: Buffer, rest: readonly Buffer[]): { packets: Buffer[]; rate: number } | null {
  if (head.toString('latin1', 0, 8) === 'OpusHead' && rest[0]?.toString('latin1', 0, 8) === 'OpusTags') return { packets: [Buffer.concat([Buffer.from('OpusTags'), NOTHING])], rate: 48_000 };
  const [comments, setup] = rest;
  if (head.toString('latin1', 0, 7) !== '\u0001vorbis' || comments?.toString('latin1', 0, 7) !== '\u0003vorbis' || setup?.toString('latin1', 0, 7) !== '\u0005vorbis') return null;
  return { packets: [Buffer.concat([Buffer.from('\u0003vorbis'), NOTHING, Buffer.from([1])]), setup], rate: head.readUInt32LE(12) };
}

export function readOgg(bytes: Buffer): Sound | null {
  const pages = readPages(bytes);
  const [first] = pages;
  if (!first || !(first.flags & FIRST) || pages.some((page) => page.serial !== first.serial)) return null;
  const found = readPackets(pages, first.body.toString('latin1', 0, 8) === 'OpusHead' ? 2 : 3);
  const [head, ...rest] = found?.packets ?? [];
  const clean = head && cleanHeaders(head, rest);
  if (!found || !clean || head.length !== first.body.length) return null;
  const sound = pages.slice(found.used);
  const last = sound.findLast((page) => page.granule >= 0n);
  const whole = [first, ...layOut(clean.packets, first.serial), ...sound].map(writePage);
  return last && sound.length > 0 ? { mediaType: 'audio/ogg', bytes: Buffer.concat(whole), seconds: Number(last.granule) / clean.rate } : null;
}
