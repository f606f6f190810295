import { redirect } from '@sveltejs/kit';
import { newClientKey } from '#lib/grants/form.ts';
import { loadGrant } from '#lib/grants/load.server.ts';
import { sendAsk } from '#lib/grants/send.server.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  const loaded = await loadGrant(event);
  if (loaded.fund.roles.length === 0) redirect(303, links.signIn(event.url.pathname));
  return { ...loaded, clientKey: newClientKey(), now: new Date().toISOString() };
};

export const actions = { send: async (event) => sendAsk(event, 'other') };
