import { newClientKey } from '#lib/grants/form.ts';
import { loadGrant } from '#lib/grants/load.server.ts';
import { sendAsk } from '#lib/grants/send.server.ts';

// The page may be kept by the browser: going back to it after the line died finds the same key, and so the same request.
export const load = async (event) => ({ ...(await loadGrant(event)), clientKey: newClientKey(), now: new Date().toISOString() });

// An action with an address of its own: the browser's way back from a broken line leads to the form as it was sent.
export const actions = { send: async (event) => sendAsk(event, 'self') };
