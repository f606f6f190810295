/** What each role may do with money on its way out. */
import type { Permission } from '../platform/policy.ts';

export const payoutsPolicy = {
  readVouchers: { action: 'voucher.read', roles: ['administrator'] },
  issueVoucher: { action: 'voucher.issue', roles: ['administrator'] },
  printVoucher: { action: 'voucher.print', roles: ['administrator'] },
  cancelVoucher: { action: 'voucher.cancel', roles: ['administrator'] },
  useTill: { action: 'till.use', roles: ['shop'] },
  readPayouts: { action: 'payout.read', roles: ['administrator'] },
  publishUpdate: { action: 'disbursement.update', roles: ['administrator'] },
  recordPayout: { action: 'payout.record', roles: ['administrator'] },
  movePayout: { action: 'payout.move', roles: ['administrator'] },
  releaseVoucher: { action: 'voucher.release', roles: ['administrator'] },
  readCash: { action: 'cash.read', roles: ['administrator'] },
  issueCash: { action: 'cash.issue', roles: ['administrator'] },
  handOverCash: { action: 'cash.hand-over', roles: ['administrator'] },
  moveCash: { action: 'cash.move', roles: ['administrator'] },
  keepCashBox: { action: 'cash.box', roles: ['administrator'] },
  readShops: { action: 'shop.read', roles: ['administrator'] },
  settle: { action: 'shop.settle', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
