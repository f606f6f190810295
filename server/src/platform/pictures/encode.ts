/**
 * A process of its own that re-encodes one picture: reads the file from its input, writes what `encoding.ts` reads to its output.
 * Leaves with 3 when the file is no picture that can be read. It has no database, no settings and no secrets.
 */
import sharp from 'sharp';
import { FORMATS, PIXELS_MAX, SIZES } from './rules.ts';

// Of everything that libvips can open, these three from memory, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });
sharp.concurrency(1);
sharp.cache(false);

const UNREADABLE = 3;
const QUALITY = { avif: { quality: 52, effort: 2 }, webp: { quality: 76, effort: 3 } };

/** Turned upright, in sRGB, no larger than the largest size; null when it cannot be read. Whatever else was in the file is left behind. */
async function decode(original: Buffer) {
  const largest = Math.max(...SIZES);
  return sharp(original, { limitInputPixels: PIXELS_MAX, failOn: 'error', sequentialRead: true })
    .autoOrient().resize(largest, largest, { fit: 'inside', withoutEnlargement: true }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }).catch(() => null);
}

async function encode(original: Buffer): Promise<void> {
  const upright = await decode(original);
  if (!upright) return process.exit(UNREADABLE);
  const { data, info: { width, height, channels } } = upright;
  const side = Math.max(width, height);
  const sizes = SIZES.filter((_size, index) => index === 0 || (SIZES[index - 1] as number) < side);
  const files = [];
  for (const size of sizes) {
    for (const format of FORMATS) {
      const made = await sharp(data, { raw: { width, height, channels } }).resize(size, size, { fit: 'inside', withoutEnlargement: true })
        .toFormat(format, QUALITY[format]).toBuffer({ resolveWithObject: true });
      files.push({ size, format, width: made.info.width, height: made.info.height, bytes: made.data });
    }
  }
  const index = Buffer.from(JSON.stringify(files.map(({ bytes, ...file }) => ({ ...file, length: bytes.length }))));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  process.stdout.write(Buffer.concat([length, index, ...files.map((file) => file.bytes)]));
}

await encode(Buffer.concat(await process.stdin.toArray()));
