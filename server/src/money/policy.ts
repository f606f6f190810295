/** What each role may do with money. That two different people do it is held by the tables, not by roles. */
import type { Permission } from '../platform/policy.ts';

export const moneyPolicy = {
  readMoney: { action: 'money.read', roles: ['administrator'] },
  createPot: { action: 'pot.create', roles: ['administrator'] },
  enterContribution: { action: 'contribution.enter', roles: ['administrator'] },
  confirmContribution: { action: 'contribution.confirm', roles: ['administrator'] },
  dropContribution: { action: 'contribution.drop', roles: ['administrator'] },
  askReversal: { action: 'reversal.ask', roles: ['administrator'] },
  confirmReversal: { action: 'reversal.confirm', roles: ['administrator'] },
  dropReversal: { action: 'reversal.drop', roles: ['administrator'] },
  readAgency: { action: 'agency.read', roles: ['officer'] },
  pledge: { action: 'pledge.make', roles: ['officer'] },
  withdrawPledge: { action: 'pledge.withdraw', roles: ['officer'] },
} as const satisfies Record<string, Permission>;
