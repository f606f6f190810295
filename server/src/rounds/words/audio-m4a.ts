/**
 * M4A (ISO/IEC 14496-12) with one track of sound. Nothing moves, because the file names its samples by their place:
 * what is not needed to play it becomes empty space, and so does whatever lies between the samples.
 */
import type { Sound } from './sound.ts';

interface Box {
  name: string;
  /** Where the box begins, where its content does, and where it ends. */
  at: number;
  body: number;
  end: number;
}

/** What stays, by the box it lies in; everything else is emptied. */
const KEPT: Record<string, readonly string[]> = {
  '': ['ftyp', 'moov', 'mdat', 'free'], moov: ['mvhd', 'trak'], trak: ['tkhd', 'edts', 'mdia'], edts: ['elst'], mdia: ['mdhd', 'hdlr', 'minf'],
  minf: ['smhd', 'dinf', 'stbl'], dinf: ['dref'], stbl: ['stsd', 'stts', 'stsc', 'stsz', 'stco', 'co64', 'sgpd', 'sbgp'],
};
const BOXES_MAX = 1000;
const SAMPLES_MAX = 100_000;

function boxesIn(bytes: Buffer, start: number, end: number): Box[] | null {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    if (at + 8 > end || boxes.length > BOXES_MAX) return null;
    const small = bytes.readUInt32BE(at);
    const size = small === 0 ? end - at : small === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : small;
    const body = at + (small === 1 ? 16 : 8);
    if (at + size > end || at + size < body) return null;
    boxes.push({ name: bytes.toString('latin1', at + 4, at + 8), at, body, end: at + size });
    at += size;
  }
  return boxes;
}

/** Empties what is not kept, in place, and answers what is, by name; null where a box is broken or there twice. */
function clean(bytes: Buffer, inside: string, start: number, end: number, found: Map<string, Box>): boolean {
  const boxes = boxesIn(bytes, start, end);
  if (!boxes) return false;
  for (const box of boxes) {
    if (!KEPT[inside]?.includes(box.name) || box.name === 'free') {
      bytes.write('free', box.at + 4, 'latin1');
      bytes.fill(0, box.body, box.end);
      continue;
    }
    if (found.has(box.name)) return false;
    found.set(box.name, box);
    if (KEPT[box.name] && !clean(bytes, box.name, box.body, box.end, found)) return false;
  }
  return true;
}

/** Empties when it was made and changed, in the three boxes that say so. */
function emptyTimes(bytes: Buffer, found: Map<string, Box>): void {
  for (const name of ['mvhd', 'tkhd', 'mdhd']) {
    const box = found.get(name);
    if (box) bytes.fill(0, box.body + 4, box.body + (bytes[box.body] === 1 ? 20 : 12));
  }
}

/** Where each chunk of samples begins and how long it is; null where the tables do not fit each other or the file. */
function chunksOf(bytes: Buffer, found: Map<string, Box>): { at: number; length: number }[] | null {
  const [stsc, stsz, offsets] = [found.get('stsc'), found.get('stsz'), found.get('stco') ?? found.get('co64')];
  if (!stsc || !stsz || !offsets) return null;
  const samples = bytes.readUInt32BE(stsz.body + 8);
  const chunks = bytes.readUInt32BE(offsets.body + 4);
  const runs = bytes.readUInt32BE(stsc.body + 4);
  if (samples > SAMPLES_MAX || chunks > SAMPLES_MAX || runs > chunks || runs === 0) return null;
  const one = bytes.readUInt32BE(stsz.body + 4);
  const sizeOf = (sample: number) => one || bytes.readUInt32BE(stsz.body + 12 + sample * 4);
  const places: { at: number; length: number }[] = [];
  for (let [chunk, run, sample] = [0, 0, 0]; chunk < chunks; chunk += 1) {
    if (run + 1 < runs && bytes.readUInt32BE(stsc.body + 8 + (run + 1) * 12) === chunk + 1) run += 1;
    const here = Math.min(bytes.readUInt32BE(stsc.body + 8 + run * 12 + 4), samples - sample);
    let length = 0;
    for (const end = sample + here; sample < end; sample += 1) length += sizeOf(sample);
    const at = offsets.name === 'stco' ? bytes.readUInt32BE(offsets.body + 8 + chunk * 4) : Number(bytes.readBigUInt64BE(offsets.body + 8 + chunk * 8));
    if (at + length > bytes.length) return null;
    places.push({ at, length });
  }
  return places;
}

export function readM4a(given: Buffer): Sound | null {
  const bytes = Buffer.from(given);
  const found = new Map<string, Box>();
  if (!clean(bytes, '', 0, bytes.length, found)) return null;
  const [mdhd, hdlr, mdat] = [found.get('mdhd'), found.get('hdlr'), found.get('mdat')];
  // A longer list of references could name a place elsewhere.
  const dref = found.get('dref');
  if (dref && dref.end - dref.at > 28) return null;
  if (!mdhd || !hdlr || !mdat || bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12) !== 'soun') return null;
  const samples = chunksOf(bytes, found);
  if (!samples || samples.some(({ at, length }) => at < mdat.body || at + length > mdat.end)) return null;
  emptyTimes(bytes, found);
  bytes.fill(0, hdlr.body + 12, hdlr.end);
  bytes.fill(0, mdat.body, mdat.end);
  for (const { at, length } of samples) given.copy(bytes, at, at, at + length);
  const isLong = bytes[mdhd.body] === 1;
  const scale = bytes.readUInt32BE(mdhd.body + (isLong ? 20 : 12));
  const duration = isLong ? Number(bytes.readBigUInt64BE(mdhd.body + 24)) : bytes.readUInt32BE(mdhd.body + 16);
  return { mediaType: 'audio/mp4', bytes, seconds: duration / scale };
}
