import { error } from '@sveltejs/kit';
import type { myVouchers } from '@commonpot/server/payouts/vouchers/contract';
import { call } from '#lib/api.ts';
import { admit } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const { vouchers } = admit(event, await call<typeof myVouchers>(event, 'GET', '/my/vouchers', {}));
  const voucher = vouchers.find((each) => each.id === event.params.voucher);
  if (!voucher?.face) error(404, { message: '', code: 'not-found' });
  return { fund: voucher.fund.name, face: { ...voucher.face, lastDay: voucher.lastDay, shops: voucher.shops } };
};
