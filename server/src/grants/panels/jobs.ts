/** Replaces members of panels who do not answer or decide in time. */
import { within } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { drawnPanels, lockPanel } from './reads.ts';
import { settlePanel } from './writes.ts';

export function panelJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.settle-panels', cron: '*/10 * * * *', run: async (_, now) => settlePanels(services, now) }];
}

/** Does what is due at `now` on every panel that sits; doing it again changes nothing. */
export async function settlePanels(services: Services, now: Date): Promise<void> {
  for (const fund of await within(services.db, {}, listFundSlugs)) {
    for (const id of await within(services.db, { fund: fund.id }, (tx) => drawnPanels(tx, fund.id))) {
      await within(services.db, { fund: fund.id }, async (tx) => {
        const panel = await lockPanel(tx, fund.id, id);
        if (panel) await settlePanel(tx, panel, now);
      });
    }
  }
}
