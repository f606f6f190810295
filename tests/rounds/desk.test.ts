/** An administrator sets a round up on a phone, from the desk to the open vote. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { presets } from '@commonpot/server/votes/counting/presets';
import { ruleSchema } from '@commonpot/server/votes/counting/rule';
import { fromField, toField } from '../../web/src/lib/rounds/dates.ts';
import { readPeople } from '../../web/src/lib/rounds/paste.ts';
import { ballotFormOf, FORMS, RULES, ruleNameOf, ruleOf } from '../../web/src/lib/rounds/presets.ts';
import { closeBrowser, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { fillPot, must } from './set-up.ts';

let served: Served;
beforeAll(async () => {
  served = await serveWorld();
  await fillPot(served.fund, 'Ashbourne Public Health’s money for Tanner Hill', 12_345_678_90);
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  expect(await findSmallTargets(page), name).toEqual([]);
  const { width } = page.viewportSize() ?? PHONE;
  expect(await widthOf(page), `${name} scrolls sideways`).toBeLessThanOrEqual(width);
  await shoot(page, name);
}

it('from the desk to the open vote, question by question', { timeout: 180_000 }, async () => {
  const { administrator } = served.fund.people;
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const soon = (hours: number) => toField(new Date(served.clock.now.getTime() + hours * 3_600_000).toISOString(), 'Europe/London');
  await withPage(served, { as: administrator }, async ({ page, complaints }) => {
    await page.goto(`/admin/${served.fund.slug}`);
    await look(page, 'desk-empty');
    await page.getByRole('link', { name: 'Start a round' }).first().click();
    await look(page, 'round-new');
    await page.getByLabel('Name of the round').fill('What should Tanner Hill and the streets around the old tannery spend £60,000 on this summer?');
    await page.getByLabel('One sentence').fill('Ashbourne Public Health’s money for things that keep people well.');
    await press(page, 'Start the round');
    await look(page, 'round-money');
    await page.getByLabel('Amount for this round').fill('lots');
    await press(page, 'Keep the amount');
    await page.getByText('Type an amount').waitFor();
    await look(page, 'round-money-fault');
    await page.getByLabel('Amount for this round').fill('£60,000');
    await press(page, 'Keep the amount');
    await look(page, 'round-who');
    await page.getByLabel('They are on a list that you have').check();
    await page.getByLabel('They have a printed code').check();
    await page.getByLabel('Youngest age').fill('11');
    await page.getByLabel('Where they live').fill('BS5\nTanner Hill');
    await press(page, 'Keep who may vote');
    for (const [title, cost, deliverer] of [['Warm Thursdays at the Old Bakery', '18,400', 'The Old Bakery'], ['Benches and shade on Kiln Street, from the bus stop to the gate of the park', '9,750', '']]) {
      if ((await page.getByRole('heading', { level: 1 }).innerText()).startsWith('There')) await page.getByText('Add a project').click();
      await page.getByLabel('Name of the project').fill(title ?? '');
      await page.getByLabel('What it costs').fill(cost ?? '');
      await page.getByLabel('Who will deliver it?').fill(deliverer ?? '');
      await press(page, 'Put it on the ballot');
    }
    await look(page, 'round-projects');
    await page.getByRole('link', { name: 'These are the projects' }).click();
    await look(page, 'round-counting');
    await page.getByLabel('As many as the money pays for').check();
    await page.getByLabel('Most votes first; pass over').check();
    await press(page, 'Keep the rules');
    await look(page, 'round-dates');
    await page.getByLabel('Voting opens').fill(soon(24));
    await page.getByLabel('Voting closes').fill(soon(1));
    await press(page, 'Keep the dates');
    await page.getByText('Voting has to close after it opens.').waitFor();
    await page.getByLabel('Voting closes').fill(soon(200));
    await page.getByLabel('The result is final').fill(soon(300));
    await press(page, 'Keep the dates');
    await look(page, 'round-draft');
    expect(await page.getByRole('button', { name: 'Publish the ballot' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go to the projects' }).click();
    await page.getByRole('link', { name: 'Benches' }).click();
    await look(page, 'round-project');
    await page.getByLabel('Who will deliver it?').fill('Kiln Street Friends');
    await press(page, 'Keep the project');
    await page.getByRole('link', { name: 'Back to' }).click();
    await press(page, 'Publish the ballot');
    await look(page, 'round-notice');
    await page.getByRole('link', { name: 'The list of voters' }).click();
    await look(page, 'round-roll-empty');
    await page.getByLabel('Add people').fill('Rosa Delgado, BS5 6ZZ, rosa@example.org\nImran Khan\tBS5 7AA\t07700 900123\t1984\n\nMargaret Featherstonehaugh-Cholmondeley-Warner; BS5 1AB');
    await press(page, 'Put them on the list');
    await page.getByText('3 names were added.').waitFor();
    await look(page, 'round-roll');
    await page.getByRole('link', { name: 'Print codes for this list' }).click();
    await look(page, 'round-codes');
    await press(page, 'Make 3 codes');
    await look(page, 'round-codes-sheet');
    expect(await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/).count()).toBe(3);
    await page.getByRole('link', { name: 'They are printed' }).click();
    await page.getByRole('link', { name: 'Back to' }).click();
    await page.getByRole('link', { name: 'Read about the key' }).click();
    await look(page, 'round-recovery');
    await press(page, 'I accept that there is no copy');
    await page.getByRole('link', { name: 'Move the round on before its date' }).click();
    await look(page, 'round-move');
    await page.getByLabel('Your reason').fill('Everybody is in the hall today.');
    await press(page, 'Open voting now');
    await page.getByText('People can vote until').waitFor();
    await look(page, 'round-voting');
    await page.getByRole('link', { name: /^Look What are people/ }).click();
    await page.getByText('This was fixed when voting opened.').waitFor();
    await page.goto(`/admin/${served.fund.slug}/people`);
    await look(page, 'people');
    await page.getByRole('link', { name: 'Invite somebody' }).click();
    await look(page, 'people-invite');
    await page.getByLabel('Their name').fill('Nadia');
    await page.getByLabel('Email address').fill('nadia@example.org');
    await page.getByLabel('Shop').first().check();
    await page.getByLabel('Agency or shop').fill('Corner Shop');
    await press(page, 'Invite them');
    await page.getByText('They are in.').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Nadia' });
    await row.locator('summary').click();
    await row.getByRole('button', { name: 'End' }).click();
    await page.getByText('Nadia has no access any more.').waitFor();
    await page.goto(`/admin/${served.fund.slug}/rounds`);
    await look(page, 'rounds');
    // The two faults that were typed on purpose.
    expect(complaints.filter((each) => !each.includes('status of 400'))).toEqual([]);
  });
  const path = `/admin/${served.fund.slug}`;
  const [{ slug }] = (await must(administrator.get(`/funds/${served.fund.slug}/rounds`))).rounds;
  await withPage(served, {}, async ({ page }) => {
    await page.goto(path);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });
  await withPage(served, { as: served.fund.people.shop }, async ({ page }) => {
    expect((await page.goto(`${path}/rounds/${slug}`))?.status()).toBe(403);
  });
});

it('offers rules that can be counted', () => {
  for (const name of RULES) {
    const made = ruleOf(name, 10);
    expect(ruleSchema.parse(made)).toEqual(made);
    expect(ruleNameOf(made)).toBe(name);
  }
  expect(ruleOf('skip', null)).toEqual(presets.greedy);
  expect(ruleOf('stop', null)).toEqual(presets['greedy-no-skip']);
  expect(ruleOf('shares', null)).toEqual(presets['equal-shares-add1-utilitarian']);
  expect(ruleNameOf(presets.phragmen)).toBe(null);
  expect(ruleOf('shares', null, 'points')).toEqual(presets['equal-shares-points-add1-utilitarian']);
  expect(ruleOf('shares', null, 'ranking')).toEqual(presets['equal-shares-ranks-add1-utilitarian']);
  expect(ruleNameOf(ruleOf('shares', null, 'ranking'))).toBe('shares');
  expect(FORMS.map((form) => ballotFormOf(form, { picks: 3, total: 10, most: 5, highest: 4 }))).toEqual([
    { kind: 'knapsack' }, { kind: 'up-to', k: 3 }, { kind: 'at-least', k: 3 }, { kind: 'one' }, { kind: 'points', total: 10, most: 5 }, { kind: 'scores', most: 4 }, { kind: 'ranking', k: 3 },
  ]);
});

it('reads dates in the fund’s time zone, summer and winter, and where clocks change', () => {
  const cases = [['2026-12-06T20:00', '2026-12-06T20:00:00.000Z'], ['2026-07-06T20:00', '2026-07-06T19:00:00.000Z'], ['2027-03-28T00:30', '2027-03-28T00:30:00.000Z'], ['2027-03-28T03:30', '2027-03-28T02:30:00.000Z']];
  for (const [text, iso] of cases) {
    expect(fromField(text as string, 'Europe/London')).toBe(iso);
    expect(toField(iso as string, 'Europe/London')).toBe(text);
  }
  expect(fromField('2026-12-06T20:00', 'America/New_York')).toBe('2026-12-07T01:00:00.000Z');
  for (const text of ['', 'soon', '2026-13-06T20:00', '2026-12-06']) expect(fromField(text, 'Europe/London')).toBe(null);
});

it('reads people as they are pasted', () => {
  expect(readPeople('Rosa, BS5 6ZZ, rosa@example.org\n\nImran\t07700 900123\t1984\tN1\nSolo\r\nA; 10115')).toEqual([
    { name: 'Rosa', postcode: 'BS5 6ZZ', contact: { channel: 'email', address: 'rosa@example.org' } },
    { name: 'Imran', postcode: 'N1', contact: { channel: 'sms', address: '07700 900123' }, bornYear: 1984 }, { name: 'Solo' }, { name: 'A', postcode: '10115' },
  ]);
});
