import { loadGrant } from '#lib/grants/load.server.ts';

export const load = async (event) => loadGrant(event);
