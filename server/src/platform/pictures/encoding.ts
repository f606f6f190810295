/** Re-encodes a picture in a process apart, so that a file which breaks the library breaks nothing else. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('encode.ts', import.meta.url));
const UNREADABLE = 3;
/** Milliseconds after which a file is given up for this time. */
const PATIENCE = 60_000;

export interface EncodedFile {
  size: number;
  format: 'avif' | 'webp';
  width: number;
  height: number;
  bytes: Buffer;
}

/** The picture at its fixed sizes, without anything but pixels; `unreadable` for good. Throws when the process failed, which another try may mend. */
export async function reencode(original: Buffer): Promise<EncodedFile[] | 'unreadable'> {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'], env: {}, timeout: PATIENCE, killSignal: 'SIGKILL' });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // A process that ends before it has read everything breaks the pipe; its status says why.
  child.stdin.on('error', () => {});
  child.stdin.end(original);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const status = await ended;
  if (status === UNREADABLE) return 'unreadable';
  if (status !== 0) throw new Error('the picture could not be re-encoded this time');
  return readFiles(Buffer.concat(chunks));
}

function readFiles(output: Buffer): EncodedFile[] {
  const length = output.readUInt32BE(0);
  const index = JSON.parse(output.toString('utf8', 4, 4 + length)) as (Omit<EncodedFile, 'bytes'> & { length: number })[];
  let at = 4 + length;
  return index.map(({ length: size, ...file }) => {
    const bytes = output.subarray(at, at + size);
    at += size;
    return { ...file, bytes };
  });
}
