/** MP3 (ISO/IEC 11172-3, 13818-3): its frames one after the other, and nothing between or around them. */
import type { Sound } from './sound.ts';

const KILOBITS = {
  /** MPEG 1, layer III. */
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  /** MPEG 2 and 2.5, layer III. */
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44_100, 48_000, 32_000];
/** How much of a file may be something else before its first frame, when that is no ID3 tag. */
const LEAD_MAX = 2048;
const FRAMES_MIN = 3;

interface Frame {
  length: number;
  samples: number;
  rate: number;
  version: number;
}

/** The frame that begins here, or null. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return null;
  const [second, third] = [bytes.readUInt8(at + 1), bytes.readUInt8(at + 2)];
  const version = (second >> 3) & 3;
  const isLayerThree = (second & 0xe6) === 0xe2;
  const [bitrate, rate] = [third >> 4, (third >> 2) & 3];
  if (!isLayerThree || version === 1 || bitrate === 0 || bitrate === 15 || rate === 3) return null;
  const hertz = (RATES[rate] as number) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const samples = version === 3 ? 1152 : 576;
  const kilobits = (version === 3 ? KILOBITS.one : KILOBITS.two)[bitrate] as number;
  return { length: Math.floor((samples / 8) * kilobits * 1000 / hertz) + ((third >> 1) & 1), samples, rate: hertz, version };
}

/** Where the tags at the beginning end. */
function afterTags(bytes: Buffer): number {
  let at = 0;
  while (bytes.toString('latin1', at, at + 3) === 'ID3') {
    const size = [6, 7, 8, 9].reduce((sum, place) => (sum << 7) | (bytes.readUInt8(at + place) & 0x7f), 0);
    at += 10 + size + (bytes.readUInt8(at + 5) & 0x10 ? 10 : 0);
  }
  return at;
}

export function readMp3(bytes: Buffer): Sound | null {
  const start = afterTags(bytes);
  const frames: Buffer[] = [];
  let [at, seconds, first]: [number, number, Frame | null] = [start, 0, null];
  while (at < bytes.length) {
    const frame = frameAt(bytes, at);
    const fits = frame && at + frame.length <= bytes.length && (!first || (frame.rate === first.rate && frame.version === first.version));
    // After something else a frame counts where another follows it.
    const next = fits ? at + frame.length : 0;
    if (fits && (next >= bytes.length || frameAt(bytes, next) || (frames.length > 0 && isTag(bytes, next)))) {
      first ??= frame;
      frames.push(bytes.subarray(at, next));
      seconds += frame.samples / frame.rate;
      at = next;
    } else {
      if (frames.length === 0 && at - start > LEAD_MAX) return null;
      at += 1;
    }
  }
  return frames.length >= FRAMES_MIN ? { mediaType: 'audio/mpeg', bytes: Buffer.concat(frames), seconds } : null;
}

function isTag(bytes: Buffer, at: number): boolean {
  return ['TAG', 'APETAGEX', 'LYRICSBEGIN', 'ID3'].some((tag) => bytes.toString('latin1', at, at + tag.length) === tag);
}
