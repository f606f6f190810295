/** One page for each person, who walk from page to page as people do: that spares a browser's start for each. */
import { openPage, type PageOptions, type Visit } from '../lib/browser.ts';
import type { Visitor } from '../lib/world.ts';
import type { PageRow } from './manifest.ts';
import type { Scene } from './scene.ts';

export interface Visits {
  /** The page of whoever opens this row, without what it complained of before. */
  of(row: PageRow): Promise<Visit>;
  close(): Promise<void>;
}

/** The person of a row, or `stranger`. */
export function personOf({ as }: PageRow, scene: Scene): Visitor | 'stranger' {
  return as === 'stranger' ? as : typeof as === 'function' ? as(scene) : scene.fund.people[as];
}

export function keepVisits(scene: Scene, options: Omit<PageOptions, 'as'>): Visits {
  const kept = new Map<Visitor | 'stranger', ReturnType<typeof openPage>>();
  return {
    async of(row) {
      const who = personOf(row, scene);
      const opened = kept.get(who) ?? openPage(scene, { ...options, ...(who === 'stranger' ? {} : { as: who }) });
      kept.set(who, opened);
      const visit = await opened;
      visit.complaints.length = 0;
      return visit;
    },
    async close() {
      for (const visit of kept.values()) await (await visit).close();
    },
  };
}
