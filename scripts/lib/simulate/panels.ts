/** A panel of residents: its pool in public, the draw a day later, seats taken and passed on, and an evening of votes. */
import { fundPath, must } from './cast.ts';
import { chanceOf } from './chance.ts';
import { together } from './client.ts';
import { afterOf, DAYS } from './plan.ts';
import { appealAs } from './asking.ts';
import type { Year } from './state.ts';

const DAY = 24 * 3600_000;

/** Publishes a pool for a round today, and has it drawn tomorrow by what two people type. */
export async function seatPanel(year: Year, round: string): Promise<void> {
  const { cast: { administrators: [first, second] }, stage } = year;
  if (!first || !second) return;
  const drawAt = new Date(stage.clock.now.getTime() + DAY / 2).toISOString();
  const made = await must(first.call<{ id: string }>('POST', `${round}/panels`, { drawName: 'The evening lottery', drawAt }));
  year.diary.plan(year.day + 1, async () => {
    const seed = Array.from({ length: 6 }, () => 1 + chanceOf(year.size.seed, 'panel', round, year.day).below(49)).join(' ');
    for (const who of [first, second]) await must(who.call('POST', `${fundPath}/panels/${made.id}/draw`, { seed }));
  });
}

interface Sitting {
  panels: { id: string; state: 'asked' | 'accepted'; requests: { id: string; reference: string }[] }[];
}

/** Residents who were asked accept or pass their seat; those who sit say yes or no to what waits for them. */
export async function sitPanels(year: Year): Promise<void> {
  await Promise.all(year.cast.residents.map(async (resident) => {
    const { panels } = await must(resident.call<Sitting>('GET', `${fundPath}/my-panels`));
    for (const panel of panels.filter((each) => each.state === 'asked')) {
      const answer = chanceOf(year.size.seed, 'seat', resident.name, year.day).happens(0.85) ? 'accept' : 'pass';
      await resident.call('POST', `${fundPath}/panels/${panel.id}/answer`, { answer }, { may: ['already-decided'] });
    }
  }));
  await Promise.all(year.cast.residents.map(async (resident) => {
    const { panels } = await must(resident.call<Sitting>('GET', `${fundPath}/my-panels`));
    for (const panel of panels.filter((each) => each.state === 'accepted')) {
      await together(panel.requests, 2, async ({ id, reference }) => {
        const asked = year.diary.byReference.get(reference);
        if (!asked) return;
        const chance = chanceOf(year.size.seed, 'vote', asked.ask.index, resident.name);
        if (chance.happens(0.02)) return void (await resident.call('POST', `${fundPath}/panels/${panel.id}/requests/${id}/interest`, undefined, { may: ['not-on-panel'] }));
        const say = (verdict: object) => resident.call<{ state: string }>('POST', `${fundPath}/panels/${panel.id}/requests/${id}`, verdict, {
          may: ['already-decided', 'same-person', 'knows-applicant', 'proof-missing', 'not-on-panel', 'awaits-draw', 'over-cap', 'over-household-cap', 'too-soon'],
        });
        const answer = await say(chance.happens(0.7) ? { verdict: 'yes' } : { verdict: 'no', reason: 'outside-charter' });
        if (answer.ok && answer.body.state === 'declined' && !asked.appealed && afterOf(year.size.seed, asked.ask.index).appeals) {
          asked.appealed = true;
          year.diary.plan(year.day + 1, () => appealAs(year, asked));
        }
      });
    }
  }));
}

/** Weeks for which a panel sits. */
export const PANEL_DAYS = 12 * DAYS;
