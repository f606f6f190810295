import { redirect } from '@sveltejs/kit';
import type { signOut } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';

export const load = () => redirect(303, links.home());

export const actions = {
  default: async (event) => {
    await call<typeof signOut>(event, 'POST', '/sign-out', {});
    // What this browser kept for somebody goes with them: choices, receipts, drafts, the ballot's page.
    event.setHeaders({ 'clear-site-data': '"storage"' });
    redirect(303, links.home());
  },
};
