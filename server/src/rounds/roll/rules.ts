/** Whether somebody is old enough and lives in the area, as pure functions. */
import type { Round } from '../rules.ts';

/** Characters of a printed voter code before its check character: 55 bits. */
export const VOTER_CODE_LENGTH = 11;
/** How long a typed code keeps its browser signed in. */
export const CODE_SESSION_MINUTES = 120;

/** Whether nobody joins any more: voting has closed, or its time has passed. */
export function isOver(round: Pick<Round, 'phase' | 'votingClosesAt'>, now: Date): boolean {
  if (round.phase === 'voting') return round.votingClosesAt !== null && round.votingClosesAt <= now;
  return !['ideas', 'review', 'notice'].includes(round.phase);
}

const UK_POSTCODE = /^([A-Z]{1,2}\d[A-Z\d]?)(\d)[A-Z]{2}$/;
const UK_SECTOR = /^([A-Z]{1,2}\d[A-Z\d]?) (\d)$/;

/**
 * The entry of a round's area that a declared postcode or district falls into, or null. A full British postcode
 * also falls into its sector (`BS5 6`) and its district (`BS5`); everything else must be the same, but for
 * case, accents, spaces and punctuation.
 */
export function findArea(area: readonly string[], place: string): string | null {
  const given = squeeze(place);
  const [, outward, sector] = UK_POSTCODE.exec(given) ?? [];
  return area.find((entry) => {
    const asSector = UK_SECTOR.exec(entry.trim().toUpperCase().replace(/\s+/g, ' '));
    if (asSector) return outward !== undefined && outward === asSector[1] && sector === asSector[2];
    return squeeze(entry) === given || (outward !== undefined && squeeze(entry) === outward);
  }) ?? null;
}

function squeeze(text: string): string {
  return text.normalize('NFKD').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether somebody born in `bornYear` reaches `minimumAge` in the year of `now`. */
export function isOldEnough(bornYear: number, minimumAge: number, now: Date): boolean {
  return now.getUTCFullYear() - bornYear >= minimumAge;
}
