/** Points as the format has them, any real number: exactly, as whole numbers of one scale for all of a file. */
import { POINTS_MAX } from './ballots.ts';

const DECIMALS_MAX = 6;

export class PointScale {
  /** How many decimals the scale has room for. */
  readonly decimals: number;
  /** How many the points read so far have: where it is more, the file is to be read again with them. */
  needed: number;

  constructor(decimals: number) {
    this.decimals = decimals;
    this.needed = decimals;
  }

  get pointsPerUnit(): number {
    return 10 ** this.decimals;
  }

  /** In the scale's unit; undefined where the text is no number, too fine or too large. */
  read(text: string): number | undefined {
    const match = text.length > 40 ? null : /^\s*(-?)(\d{1,10})(?:\.(\d*?)0*)?\s*$/.exec(text);
    const [, sign, whole = '', fraction = ''] = match ?? [];
    if (!match || fraction.length > DECIMALS_MAX) return undefined;
    this.needed = Math.max(this.needed, fraction.length);
    const points = Number(whole + fraction.slice(0, this.decimals).padEnd(this.decimals, '0'));
    return points > POINTS_MAX ? undefined : sign === '-' && points !== 0 ? -points : points;
  }
}

/** As `PointScale` reads it. */
export function pointsText(points: number, pointsPerUnit = 1): string {
  if (pointsPerUnit === 1) return String(points);
  const decimals = String(pointsPerUnit).length - 1;
  const digits = String(Math.abs(points)).padStart(decimals + 1, '0');
  return `${points < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
