/** What a picture may be, told from its first bytes, and how a stored one is shown. Pure. */

/** The most bytes of one file: 10 MB as phones count them. */
export const BYTES_MAX = 10 * 1024 * 1024;
/** The most pixels of one file. */
export const PIXELS_MAX = 40_000_000;
/** How often a file is tried before it is given up. */
export const TRIES_MAX = 3;
/** The squares that pictures are fitted into, in pixels. */
export const SIZES = [480, 960, 1600] as const;
export const FORMATS = ['avif', 'webp'] as const;
/** How many pictures one account adds to a fund in an hour. */
export const OF_ACCOUNT_MAX = 30;

export type Kind = 'jpeg' | 'png' | 'webp';

interface Header {
  kind: Kind;
  width: number;
  height: number;
}

/** The kind and measures that a file's own bytes name. Null for another kind of file; `unreadable` for one of these that breaks off. */
export function readHeader(bytes: Buffer): Header | 'unreadable' | null {
  const isJpeg = bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  const isPng = bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const isWebp = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  const kind = isJpeg ? 'jpeg' : isPng ? 'png' : isWebp ? 'webp' : null;
  if (!kind) return null;
  const measures = { jpeg: measureJpeg, png: measurePng, webp: measureWebp }[kind](bytes);
  return measures && measures.width > 0 && measures.height > 0 ? { kind, ...measures } : 'unreadable';
}

type Measures = { width: number; height: number } | null;

/** From the first frame header (SOF), past the segments before it. */
function measureJpeg(bytes: Buffer): Measures {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    // Padding, and markers without a length.
    if (marker === 0xff) { at += 1; continue; }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) { at += 2; continue; }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || marker === 0xd9 || marker === 0xda) return null;
    at += 2 + length;
  }
  return null;
}

function measurePng(bytes: Buffer): Measures {
  return bytes.length >= 24 && bytes.toString('latin1', 12, 16) === 'IHDR' ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : null;
}

/** From the first chunk, which is one of three: lossy, lossless, or extended. */
function measureWebp(bytes: Buffer): Measures {
  if (bytes.length < 30) return null;
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk !== 'VP8L' || bytes[20] !== 0x2f) return null;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

export type Fault = 'picture-too-large' | 'picture-wrong-kind' | 'picture-unreadable' | 'picture-too-many-pixels';

/** Why a file is not taken, or null. */
export function findFault(bytes: Buffer): Fault | null {
  if (bytes.length > BYTES_MAX) return 'picture-too-large';
  const header = readHeader(bytes);
  if (header === null) return 'picture-wrong-kind';
  if (header === 'unreadable') return 'picture-unreadable';
  return header.width * header.height > PIXELS_MAX ? 'picture-too-many-pixels' : null;
}

/** The name of one file in its address (`960.avif`), read; null for anything else. */
export function readFileName(name: string): { size: number; format: (typeof FORMATS)[number] } | null {
  const [, size, format] = /^(\d{3,4})\.(avif|webp)$/.exec(name) ?? [];
  const found = SIZES.find((each) => String(each) === size);
  return found && format ? { size: found, format: format as (typeof FORMATS)[number] } : null;
}
