/** Replaces members of panels who do not answer or decide in time, and tells those who are asked or wanted. */
import { within, type Transaction } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { languageFor } from '../../people/reads.ts';
import { DAY } from '../../platform/days.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { words } from '../../platform/words.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import * as reads from './reads.ts';
import { keepTold, settlePanel } from './writes.ts';

export function panelJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.settle-panels', cron: '*/10 * * * *', run: async (_, now) => settlePanels(services, now) }];
}

/** Does what is due at `now` on every panel that sits, and tells its members; doing it again changes nothing. */
export async function settlePanels(services: Services, now: Date): Promise<void> {
  await withEach(await within(services.db, {}, listFundSlugs), async (fund) =>
    withEach(await within(services.db, { fund: fund.id }, (tx) => reads.drawnPanels(tx, fund.id)), (id) =>
      within(services.db, { fund: fund.id }, async (tx) => {
        const panel = await reads.lockPanel(tx, fund.id, id);
        if (!panel) return;
        await settlePanel(tx, panel, now);
        await tellMembers(services, tx, fund, panel, now);
      })));
}

/** Tells whoever was drawn, once, and whoever something new waits for, once a day at most. The words name no fund. */
async function tellMembers(services: Services, tx: Transaction, fund: { id: string; slug: string }, panel: reads.Panel, now: Date): Promise<void> {
  const members = await reads.tellable(tx, panel);
  if (members.length === 0) return;
  const round = await holdGrantRoundById(tx, fund.id, panel.grantRoundId, 'share');
  const sittings = await reads.sittingsOf(tx, panel, (await charterOf(tx, fund.id, round.charterId as string)).content, now);
  for (const { seat, sealedContact } of members) {
    const theirs = seat.state === 'accepted' ? sittings.filter(({ deciders, voted }) => deciders.includes(seat.accountId) && !voted.includes(seat.accountId)) : [];
    const newest = theirs.at(-1)?.request.id;
    const isUntold = theirs.some(({ request, since }) => (seat.toldRequestId ?? '') < request.id || (request.state === 'appealed' && (!seat.toldAt || seat.toldAt < since)));
    const isNews = isUntold && (!seat.toldRequestId || !seat.toldAt || now.getTime() - seat.toldAt.getTime() >= DAY);
    if (seat.state === 'asked' ? seat.toldAt !== null : !isNews) continue;
    const contact = services.secrets.open('applicant', sealedContact);
    const channel = contact.startsWith('email:') ? 'email' : 'sms';
    const language = await languageFor(tx, seat.accountId, fund.id);
    const link = `${services.config.publicUrl}/f/${fund.slug}/panels`;
    await enqueueMessage(services, tx, { channel, recipient: contact.slice(channel.length + 1), language, subject: words(language, 'panel_subject'), body: words(language, seat.state === 'asked' ? 'panel_drawn' : 'panel_waits', { link }) });
    await keepTold(tx, seat, newest ?? null, now);
  }
}
