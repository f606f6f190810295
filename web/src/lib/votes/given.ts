/** What the server's page hands to the phone's script. */
import type { Part } from './terms.ts';

export interface Given {
  /** The round's 16 bytes in hexadecimal, and the elector's area as it stands on the ballot. */
  round: string;
  area: string;
  /** The handle of the ballot that is in, as the server knows it. */
  current: string | null;
  sitting: string;
  /** The parts of the ballot, never none. */
  parts: Part[];
  /** Where a ballot is cast, and the receipt's own address. */
  castUrl: string;
  receiptUrl: string;
  /** The close of voting: the moment, and in words. */
  closesAt: string;
  until: string;
  /** The page was made from choices that were sent to it, and they are the newest. */
  hasChoices: boolean;
}

/** Reads it from the page; null where the page has none. */
export function readGiven(): Given | null {
  const text = document.querySelector<HTMLElement>('[data-ballot]')?.dataset.ballot;
  return text ? (JSON.parse(text) as Given) : null;
}
