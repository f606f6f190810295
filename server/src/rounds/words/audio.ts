/**
 * Recordings as people's telephones make them: what kind of file it is is decided by its bytes, and what lies in it
 * beside the sound (names, places, pictures, dates) is left out by structure, without decoding a sample.
 */
import { readM4a } from './audio-m4a.ts';
import { readMp3 } from './audio-mp3.ts';
import { readOgg } from './audio-ogg.ts';
import { readWav } from './audio-wav.ts';
import type { Sound } from './sound.ts';

export const SOUND_BYTES_MAX = 5 * 1024 * 1024;
export const SECONDS_MAX = 300;

/** The sound of a file; null for what is no recording of a kind that can be cleaned. Never throws, whatever the bytes. */
export function readSound(bytes: Buffer): Sound | null {
  try {
    const sound = read(bytes);
    return sound && sound.bytes.length > 0 && Number.isFinite(sound.seconds) && sound.seconds > 0 ? sound : null;
  } catch (error) {
    // Every reader reads past the end of a file that was cut off.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(bytes: Buffer): Sound | null {
  if (bytes.length < 44) return null;
  if (bytes.toString('latin1', 0, 4) === 'OggS') return readOgg(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE') return readWav(bytes);
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return readM4a(bytes);
  return readMp3(bytes);
}
