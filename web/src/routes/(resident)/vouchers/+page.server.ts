import type { myVouchers } from '@commonpot/server/payouts/vouchers/contract';
import { call } from '#lib/api.ts';
import { admit } from '#lib/payouts/gate.ts';

export const load = async (event) => admit(event, await call<typeof myVouchers>(event, 'GET', '/my/vouchers', {}));
