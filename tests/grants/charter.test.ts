/** The charter: written as a draft of one's own, compared, published by one at a time, and read by everybody; what is told in private ends by its days. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { presets } from '@commonpot/server/rounds/charter/presets';
import { charterSchema } from '@commonpot/server/rounds/charter/rules';
import { links } from '../../web/src/lib/links.ts';
import { closeBrowser, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { must } from '../payouts/house.ts';
import { ask, newNumber, openGrants, plain, queue, type OpenGrants } from './granting.ts';

let served: Served;
let round: OpenGrants;
let at: string;
beforeAll(async () => {
  served = await serveWorld();
  at = `/funds/${served.fund.slug}`;
}, 60_000);
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const people = () => served.fund.people;
const keep = (content: object, after: number | null, who: 'administrator' | 'administrator2' | 'resident' = 'administrator') => people()[who].send('PUT', `${at}/charter/draft`, { content, after });
const draftOf = async (who: 'administrator' | 'administrator2' = 'administrator') => (await must(people()[who].get(`${at}/charter/draft`))).draft;

it('presets are charters as they stand', () => {
  for (const { charter } of presets) expect(charterSchema.safeParse(charter).error).toBeUndefined();
});

it('is written without script from a preset, question by question, and says what is wrong where it is', async () => {
  const { slug } = served.fund;
  await withPage(served, { as: people().administrator, javascript: false }, async ({ page, complaints }) => {
    await page.goto(links.adminCharter(slug));
    await page.getByLabel('Small grants').check();
    await page.getByRole('button', { name: 'Begin with this' }).click();
    await page.getByRole('heading', { name: 'Your draft of the charter' }).waitFor();
    await page.getByRole('link', { name: 'Change Who says yes?' }).click();
    await page.locator('#upTo-0').fill('1,500');
    await page.getByRole('button', { name: 'Keep this' }).click();
    await page.getByRole('alert').getByText('The sums rise from row to row').waitFor();
    expect(await page.locator('#upTo-0').inputValue()).toBe('1500');
    await page.locator('#upTo-0').fill('300');
    await page.locator('#seats').fill('4');
    await page.getByRole('button', { name: 'Keep this' }).click();
    await page.getByRole('alert').getByText('an odd number from 3 to 15').waitFor();
    await page.locator('#seats').fill('7');
    await page.getByRole('button', { name: 'Keep this' }).click();
    await page.getByText('Residents on a panel: 7').waitFor();
    await page.getByRole('link', { name: 'Change Who has the last word' }).click();
    await page.locator('#agency').selectOption('Ashbourne Public Health');
    await page.getByRole('button', { name: 'Keep this' }).click();
    await page.getByText('Ashbourne Public Health, The grants committee: within').waitFor();
    await page.getByRole('link', { name: 'See it as everybody will' }).click();
    await page.getByText('No round has had requests yet').waitFor();
    await page.locator('#note').fill('The first one.');
    await page.getByRole('button', { name: 'Publish the charter' }).click();
    await page.getByText('Version 1 is published.').waitFor();
    expect(complaints.filter((each) => !each.includes('400'))).toEqual([]);
  });
  expect(await draftOf()).toBeNull();
  const { charter } = await must(served.visitor().get(`${at}/charter`));
  expect(charter.content).toMatchObject({ bands: [{ upToMinor: 300_00 }, { upToMinor: 1_000_00 }], panelSeats: 7, route: { agency: 'Ashbourne Public Health' } });
});

it('a draft is one’s own, and an impossible one is refused by its field', async () => {
  await must(keep(plain, 1));
  expect(await draftOf('administrator2')).toBeNull();
  expect((await keep(plain, 1, 'resident')).status).toBe(403);
  expect((await people().resident.get(`${at}/charter/draft`)).status).toBe(403);
  expect((await must(served.otherFund.people.administrator.get(`/funds/${served.otherFund.slug}/charter/draft`))).draft).toBeNull();
  const refused = await keep({ ...plain, householdCapMinor: 100_00 }, 1);
  expect([refused.status, refused.body.fields]).toEqual([400, ['content.householdCapMinor']]);
  expect((await draftOf()).content).toEqual(plain);
});

it('says what would have been different in the last round, and who published meanwhile', async () => {
  // Publishes version 2 while the administrator's draft stands after version 1.
  round = await openGrants(served.fund, { charter: { disclosureDays: 30 } });
  for (const amountMinor of [40_00, 120_00, 190_00]) await must(ask(served, round, { amountMinor }));
  await must(keep({ ...plain, bands: [{ upToMinor: 150_00, agree: 'one', proofOfAddress: false }] }, 1, 'administrator2'));
  const { slug } = served.fund;
  await withPage(served, { as: people().administrator2, javascript: false }, async ({ page }) => {
    await page.goto(links.adminCharter(slug, 'preview'));
    await page.getByRole('alert').getByText('Version 2 was published while you were writing').waitFor();
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual(['One person at the fund\t1\t2', 'Two people at the fund\t2\t0', 'Over the limit for one person\t0\t1']);
    expect(await page.getByRole('button', { name: 'Publish the charter' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Keep mine and put it after version 2' }).click();
    await page.locator('#note').fill('Less is asked of people.');
    // Somebody presses first.
    await must(people().administrator.post(`${at}/charter`, { content: plain, note: 'Mine was faster', after: 2 }));
    await page.getByRole('button', { name: 'Publish the charter' }).click();
    await page.getByRole('alert').getByText('Version 3 was published').waitFor();
    await page.getByRole('button', { name: 'Keep mine and put it after version 3' }).click();
    await page.locator('#note').fill('Less is asked of people.');
    await page.getByRole('button', { name: 'Publish the charter' }).click();
    await page.getByText('Version 4 is published.').waitFor();
  });
  // Nobody's limit begins anew because the fund forgot them.
  const forgetful = await people().administrator.post(`${at}/charter`, { content: { ...plain, periodDays: 91 }, note: 'A quarter', after: 4 });
  expect(forgetful).toMatchObject({ status: 400, body: { code: 'wrong-shape', fields: ['content.eraseAfterDays'] } });
  const both = await Promise.all(['administrator', 'administrator2'].map((who) => people()[who as 'administrator'].post(`${at}/charter`, { content: plain, note: 'At once', after: 4 })));
  expect(both.map((each) => each.status).sort()).toEqual([201, 409]);
});

it('everybody reads it without script, with what changed in words and why; a round keeps its version', async () => {
  const { slug } = served.fund;
  await withPage(served, { javascript: false }, async ({ page }) => {
    await page.goto(links.whoDecides(slug));
    await page.getByText('Up to £200: two people at the fund say yes').first().waitFor();
    const newest = page.locator('#version-5').locator('..');
    expect(await newest.innerText()).toContain('At once');
    expect(await newest.innerText()).toMatch(/Before\s+Up to £150: one person at the fund says yes[^]*Now\s+Up to £50: one person/);
    await page.goto(links.whoDecides(slug, 1));
    await page.getByText('This is an earlier version.').waitFor();
    await page.getByText('It cannot swap one for another').first().waitFor();
    await page.goto(links.fund(slug));
    await page.getByRole('link', { name: 'Ask for up to £200' }).waitFor();
  });
  expect((await must(served.visitor().get(round.path))).charter.version).toBe(2);
  expect((await served.visitor().get(`${at}/charter?version=9`)).status).toBe(404);
});

it('what is told in private is kept for the days of the round’s charter', async () => {
  const { members } = await must(people().administrator.get(`${at}/members`));
  const { id } = await must(people().administrator.post(`${at}/safeguarding/leads`, { member: members.find((each: { role: string }) => each.role === 'reviewer').id, channel: 'email', address: 'lead@example.org' }));
  await must(people().administrator2.post(`${at}/safeguarding/leads/${id}/agree`));
  const { token } = await must(ask(served, round));
  await must(served.visitor().post(`${at}/requests/disclose`, { token, words: null }));
  const { rows } = await served.superuser(`select extract(day from ends_at - raised_at)::int as days from disclosure`);
  expect(rows).toEqual([{ days: 30 }]);
});

it('compares by what counted when each was asked: what was given a month before counts no more, and what a draft would not have given never did', async () => {
  await served.superuser(`update session set expires_at = '2040-01-01'`);
  const { administrator } = people();
  const compared = (content: object) => must(administrator.post(`${round.path}/compare`, { content }));
  const less = { ...plain, bands: [{ upToMinor: 50_00, agree: 'one', proofOfAddress: false }] };
  const [before, beforeLess] = [await compared(plain), await compared(less)];
  const number = newNumber();
  for (const amountMinor of [90_00, 45_00]) {
    const { reference } = await must(ask(served, round, { number, amountMinor }));
    const { id } = (await queue(served.fund, round)).find((each) => each.reference === reference);
    for (const who of [administrator, people().administrator2]) await who.post(`${at}/requests/${id}/decisions`, { verdict: 'yes' });
  }
  served.clock.forward(31 * 24 * 60);
  await must(ask(served, round, { number, amountMinor: 40_00 }));
  const after = await compared(plain);
  expect([after.requests - before.requests, after.now.two - before.now.two, after.now.one - before.now.one]).toEqual([3, 2, 1]);
  const { then, now } = await compared(less);
  expect([then['over-cap'] - beforeLess.then['over-cap'], then.one - beforeLess.then.one, now]).toEqual([1, 2, after.now]);
});
