/** The end of a rehearsal: the first winner's first stage is paid, a voucher is issued, and a shop takes it in two parts. */
import { Unexpected } from '../http-client.ts';
import type { People } from './people.ts';

export interface PayOut {
  /** Paths below `/api/v1`. */
  fund: string;
  round: string;
  potId: string;
  voucherMinor: number;
  winners: readonly string[];
}

/** Plays it through the public API. A round without winners has no stage to pay. */
export async function payOut(people: People, given: PayOut): Promise<void> {
  if (given.winners.length > 0) await payFirstStage(people, given);
  await spendVoucher(people, given);
}

async function payFirstStage({ administrator, second }: People, { fund, round, winners }: PayOut): Promise<void> {
  const { projects } = await administrator.must<{ projects: { number: string; title: string }[] }>('GET', `${round}/projects`);
  const first = projects.find((project) => project.number === winners[0]);
  const { awards } = await administrator.must<{ awards: { id: string; title: string; amountMinor: number }[] }>('GET', `${fund}/awards?limit=200`);
  const award = awards.find((each) => each.title === first?.title);
  if (!award) throw new Unexpected('the first winner has no award');
  const half = Math.floor(award.amountMinor / 2);
  const { stages } = await administrator.must<{ stages: string[] }>('POST', `${fund}/awards/${award.id}/plan`, {
    stages: [{ title: 'To begin', amountMinor: half }, { title: 'When it stands', amountMinor: award.amountMinor - half }],
  });
  await administrator.must('POST', `${fund}/disbursements/${stages[0]}/updates`, { words: 'The work has begun as planned.' });
  const payout = await administrator.must('POST', `${fund}/disbursements/${stages[0]}/payouts`, { reference: 'Rehearsal 1' });
  const paid = await second.must('POST', `${fund}/payouts/${payout.id}/transitions`, { to: 'paid', amountMinor: half });
  if (paid.state !== 'paid') throw new Unexpected(`the first stage is ${paid.state}`);
}

async function spendVoucher({ administrator, second, shop }: People, { fund, potId, voucherMinor }: PayOut): Promise<void> {
  const lastDay = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  const { id } = await administrator.must('POST', `${fund}/vouchers`, { from: { pot: potId }, title: 'Thank you', valueMinor: voucherMinor, lastDay, holder: null });
  await second.must('POST', `${fund}/vouchers/${id}/release`);
  const { code } = await administrator.must('POST', `${fund}/vouchers/${id}/print`);
  for (const [amountMinor, leftMinor] of [[1260, voucherMinor - 1260], [voucherMinor - 1260, 0]] as const) {
    const { ticket } = await shop.must('POST', `${fund}/till/vouchers`, { code });
    const taken = await shop.must('POST', `${fund}/till/redemptions`, { ticket, amountMinor });
    if (taken.leftMinor !== leftMinor) throw new Unexpected(`${taken.leftMinor} is left on the voucher, not ${leftMinor}`);
  }
}
