/** Photos as phones make them, and the forms that send them. */
import sharp from 'sharp';
import type { Answer, Visitor } from '../lib/world.ts';

/** What a phone hides in its photos, in words that can be looked for. */
export const SECRET = 'Home of Amina, 51.5033N 0.1195W';

/** A noisy JPEG, taken with the phone held upright, with the place where it was taken in it. */
export async function photo(width = 2000, height = 1200, seed = 128): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'red', noise: { type: 'gaussian', mean: seed, sigma: 20 } } })
    .jpeg({ quality: 60 }).withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'Phone', ImageDescription: SECRET },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 12/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 10/1' },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>${SECRET}</rdf:Description></rdf:RDF></x:xmpmeta>`)
    .toBuffer();
}

/** A form as a browser sends it: strings as fields, bytes as files. */
export async function formOf(parts: Record<string, string | Buffer>): Promise<{ payload: Buffer; type: string }> {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value)], { type: 'text/html' }), 'photo.svg');
  }
  const response = new Response(data);
  return { payload: Buffer.from(await response.arrayBuffer()), type: response.headers.get('content-type') ?? '' };
}

/** Sends a form to the API as a program does. */
export async function sendForm(from: Visitor, path: string, parts: Record<string, string | Buffer>, headers: Record<string, string> = {}): Promise<Answer> {
  const { payload, type } = await formOf(parts);
  return from.send('POST', path, payload, { 'content-type': type, ...headers });
}
