import type { myCash } from '@commonpot/server/payouts/cash/contract';
import { call } from '#lib/api.ts';
import { admit } from '#lib/payouts/gate.ts';

export const load = async (event) => admit(event, await call<typeof myCash>(event, 'GET', '/my/cash', {}));
