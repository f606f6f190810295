/** A simulated year as it stands while it is played. */
import type { Cast } from './cast.ts';
import type { Line } from './client.ts';
import type { Asked, Diary } from './diary.ts';
import type { Ask, Size } from './plan.ts';
import type { Stage } from './stage.ts';

export interface Window {
  /** Below `/api/v1`. */
  path: string;
  openedOn: number;
  phase: 'open' | 'deciding' | 'paying' | 'closed';
  drawn: boolean;
}

export interface Year {
  stage: Stage;
  size: Size;
  line: Line;
  cast: Cast;
  diary: Diary;
  asks: Iterator<Ask, never>;
  windows: Window[];
  /** Whether the charter of the second half was published. */
  isSecondHalf: boolean;
  /** Links that went to addresses and were opened there. */
  opened: Set<string>;
  /** Days since the year began. */
  day: number;
  /** Who comes for their cash on the next evening. */
  collecting: Asked[];
  /** Requests that were taken in, and what they asked for, in minor units. */
  taken: { requests: number; amountMinor: number };
  /** Wall seconds by what they went into. */
  seconds: Map<string, number>;
}
