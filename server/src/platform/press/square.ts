/** The square that a telephone's camera reads. */
import QRCode from 'qrcode';
import type { Square } from './contract.ts';

const QUIET_ZONE = 4;

/** The square of a text, with the quiet zone that scanners need (ISO/IEC 18004). */
export function drawSquare(text: string): Square {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const runs: Square['runs'] = [];
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (!modules.get(y, x)) continue;
      const from = x;
      while (x + 1 < modules.size && modules.get(y, x + 1)) x += 1;
      runs.push([from + QUIET_ZONE, y + QUIET_ZONE, x - from + 1]);
    }
  }
  return { size: modules.size + 2 * QUIET_ZONE, runs };
}
