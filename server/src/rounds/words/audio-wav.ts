/** WAV: its format and its samples; every other part of the file (names, dates, notes, cover pictures) is left out. */
import type { Sound } from './sound.ts';

/** PCM, floating point, A-law, µ-law, and the extended form of these. */
const FORMATS = [1, 3, 6, 7, 0xfffe];

export function readWav(bytes: Buffer): Sound | null {
  let [format, data]: [Buffer | null, Buffer | null] = [null, null];
  for (let at = 12; at + 8 <= bytes.length && !data; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') format = body;
    if (name === 'data') data = body;
    at += 8 + size + (size % 2);
  }
  if (!format || format.length < 16 || format.length > 40 || !data || !FORMATS.includes(format.readUInt16LE(0))) return null;
  const bytesPerSecond = format.readUInt32LE(8);
  const chunks = [chunk('fmt ', format), chunk('data', data)];
  const size = Buffer.alloc(4);
  size.writeUInt32LE(4 + chunks.reduce((sum, each) => sum + each.length, 0));
  return { mediaType: 'audio/wav', bytes: Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WAVE'), ...chunks]), seconds: data.length / bytesPerSecond };
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}
