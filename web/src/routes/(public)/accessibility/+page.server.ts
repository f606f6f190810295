import type { listFunds } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => must(await call<typeof listFunds>(event, 'GET', '/funds', {}));
