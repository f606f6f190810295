/** An evening at the queue in a browser: one tap, by keyboard, several at once, and without script. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { links } from '../../web/src/lib/links.ts';
import { closeBrowser, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { must } from '../payouts/house.ts';
import { ask, newNumber, openGrants, queue, type OpenGrants } from './granting.ts';
import { makeResidents } from './residents.ts';

let served: Served;
let round: OpenGrants;
beforeAll(async () => {
  served = await serveWorld();
  const bands = [{ upToMinor: 50_00, agree: 'one' as const, proofOfAddress: false }, { upToMinor: 200_00, agree: 'two' as const, proofOfAddress: true }];
  round = await openGrants(served.fund, { charter: { householdCapMinor: 400_00, bands }, potMinor: 2_000_00 });
}, 60_000);
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const states = async (): Promise<string[]> => (await served.superuser('select state from request order by id')).rows.map((row) => row.state);
const asked = (change: Parameters<typeof ask>[2] = {}) => must(ask(served, round, { household: `${newNumber()} Mill Lane`, ...change }));
const url = () => links.grantQueue(served.fund.slug, round.slug);

it('is decided by one tap, by keyboard and several at once, and the next comes by itself', async () => {
  for (let index = 0; index < 6; index += 1) await asked();
  await withPage(served, { as: served.fund.people.administrator }, async ({ page, complaints }) => {
    await page.goto(url());
    expect(await page.locator('h1').textContent()).toBe('6 requests wait');
    await page.keyboard.press('j');
    await Promise.all([page.waitForURL(/#request-/), page.keyboard.press('y')]);
    expect(await states()).toEqual(['asked', 'awarded', 'asked', 'asked', 'asked', 'asked']);
    // It stands at the third request now.
    await page.locator('[data-request]:focus').waitFor();
    await page.keyboard.press('n');
    await Promise.all([page.waitForURL(/#request-/), page.keyboard.press('Enter')]);
    await page.locator('[data-request]').nth(4).waitFor({ state: 'detached' });
    expect(await states()).toEqual(['asked', 'awarded', 'declined', 'asked', 'asked', 'asked']);
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Yes to all that are ticked' }).click();
    await page.getByText('Given: 2.').waitFor();
    expect((await states()).filter((state) => state === 'awarded')).toHaveLength(3);
    expect(complaints).toEqual([]);
  });
});

it('works without script: a proof is seen, a second person agrees, and whoever knows somebody is passed over', async () => {
  await asked({ name: 'Ines', amountMinor: 120_00, words: 'The boiler broke.' });
  const { administrator, administrator2 } = served.fund.people;
  const card = '[data-request]:has-text("Ines")';
  const { members } = await must(administrator.get(`/funds/${served.fund.slug}/members`));
  const { id: lead } = await must(administrator.post(`/funds/${served.fund.slug}/safeguarding/leads`, { member: members.find((each: { role: string }) => each.role === 'reviewer').id, channel: 'email', address: 'lead@example.org' }));
  await must(administrator2.post(`/funds/${served.fund.slug}/safeguarding/leads/${lead}/agree`));
  await withPage(served, { as: administrator, javascript: false }, async ({ page }) => {
    await page.goto(url());
    await page.locator(card).getByRole('link', { name: /^\+44/ }).waitFor();
    // One tap, apart from the decision, and the page says that it went.
    await page.locator(card).getByRole('button', { name: 'I am worried about them' }).click();
    await page.getByText('The lead was told, in private.').waitFor();
    expect((await served.superuser('select raised_by from disclosure')).rows).toEqual([{ raised_by: administrator.accountId }]);
    await page.locator(card).getByRole('button', { name: 'I have seen a proof' }).click();
    await page.locator(card).getByRole('button', { name: 'Yes to £120' }).click();
    await page.locator(card).getByText('You have said your part').waitFor();
    const first = page.locator('[data-request]').first();
    await first.getByText('Something else').click();
    await first.getByRole('button', { name: 'I know this person' }).click();
    await page.locator('[data-request]').first().getByText('You know this person').waitFor();
  });
  await withPage(served, { as: administrator2, javascript: false }, async ({ page }) => {
    await page.goto(url());
    await page.locator(card).getByText('Yours would be the second').waitFor();
    await page.locator(card).getByRole('button', { name: 'Yes, give £120' }).click();
    await page.waitForURL(/queue/);
    expect((await states()).at(-1)).toBe('awarded');
  });
  expect((await queue(served.fund, round)).some((each) => each.notYou === 'your-interest')).toBe(true);
});

it('by two people in two browsers in the same instant, or by one who presses twice, gives once; and nobody gives to themselves', async () => {
  const { administrator, administrator2 } = served.fund.people;
  const evening = await openGrants(served.fund, { potMinor: 500_00 });
  for (const name of ['Both', 'Twice']) await must(ask(served, evening, { name }));
  await must(ask(served, evening, { name: 'Own', contact: { channel: 'email', address: 'administrator@tanner-hill.example' } }));
  const queueUrl = links.grantQueue(served.fund.slug, evening.slug);
  await withPage(served, { as: administrator }, ({ page }) => withPage(served, { as: administrator2, javascript: false }, async ({ page: other }) => {
    await Promise.all([page.goto(queueUrl), other.goto(queueUrl)]);
    const yes = (of: typeof page) => of.locator('[data-request]:has-text("Both")').getByRole('button', { name: 'Yes, give £40' }).click();
    await Promise.all([yes(page), yes(other)]);
    // One of them is told that it was decided.
    await expect.poll(async () => (await page.getByText('Somebody has decided this already.').count()) + (await other.getByText('Somebody has decided this already.').count())).toBe(1);
    await other.goto(queueUrl);
    await other.locator('[data-request]:has-text("Twice")').getByRole('button', { name: 'Yes, give £40' }).dblclick();
    await other.locator('[data-request]:has-text("Twice")').waitFor({ state: 'detached' });
    await page.goto(queueUrl);
    const own = page.locator('[data-request]').first();
    await own.getByText('This is your own request. Somebody else decides.').waitFor();
    expect(await own.getByRole('button', { name: /^Yes/ }).count()).toBe(0);
    expect(await page.content()).not.toContain('Own');
  }));
  const { rows } = await served.superuser(`select r.state, count(a.id)::int as awards, count(d.id)::int as decisions from request r join grant_round g on g.id = r.grant_round_id
    left join award a on a.subject_id = r.id left join request_decision d on d.request_id = r.id where g.slug = $1 group by r.id, r.state order by r.id`, [evening.slug]);
  expect(rows).toEqual([{ state: 'awarded', awards: 1, decisions: 1 }, { state: 'awarded', awards: 1, decisions: 1 }, { state: 'asked', awards: 0, decisions: 0 }]);
  // All their vouchers with one button, which both press, and one of them twice.
  await withPage(served, { as: administrator, javascript: false }, ({ page }) => withPage(served, { as: administrator2, javascript: false }, async ({ page: other }) => {
    const all = (of: typeof page) => of.getByRole('button', { name: 'Issue all vouchers: 2, together £80' });
    await Promise.all([page, other].map((of) => of.goto(links.paying(served.fund.slug, evening.slug))));
    await Promise.all([all(page).dblclick(), all(other).click()]);
    // The second press may still be under way, and then leads where it leads.
    await expect.poll(() => page.goto(links.paying(served.fund.slug, evening.slug)).then(() => true, () => false), { timeout: 10_000 }).toBe(true);
    expect([await all(page).count(), await page.getByText('See this voucher').count()]).toEqual([0, 2]);
  }));
  expect((await served.superuser(`select count(*)::int as n, sum(v.value_minor)::int as minor from voucher v join award a on a.reservation_id = v.reservation_id join grant_round g on g.id = a.grant_round_id where g.slug = $1`, [evening.slug])).rows).toEqual([{ n: 2, minor: 80_00 }]);
});

it('knows where somebody lives, and says until when', async () => {
  await withPage(served, { as: served.fund.people.administrator, javascript: false }, async ({ page }) => {
    await page.goto(links.myDoor(served.fund.slug));
    await page.getByLabel('Your address').fill('3 Weir Row');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('Your door is known until').waitFor();
  });
});

it('is decided by residents drawn by lot, each on their own phone, without script', async () => {
  const { administrator, administrator2 } = served.fund.people;
  const { slug } = served.fund;
  const neighbours = [...(await makeResidents(served, 3)).values()];
  const bands = [{ upToMinor: 300_00, agree: 'panel' as const, proofOfAddress: false }];
  const panelled = await openGrants(served.fund, { charter: { bands, panelSeats: 3, atOnceDailyMinor: null } });
  for (const neighbour of neighbours) await must(neighbour.send('PUT', `/funds/${slug}/my-panels`, { area: 'Hill' }));
  const drawAt = new Date(served.clock.now.getTime() + 60_000);
  const { id: panelId } = await must(administrator.post(`${panelled.path}/panels`, { drawName: 'The national draw, six numbers', drawAt: drawAt.toISOString() }));
  served.clock.now = drawAt;
  await withPage(served, { as: administrator2, javascript: false }, async ({ page }) => {
    await page.goto(links.adminPanels(slug, panelled.slug));
    await page.getByLabel('The result, as it was announced').fill('1 12 23 34 45 50');
    await page.getByRole('button', { name: 'Enter the draw' }).click();
    await page.getByText('Another administrator now types the same').waitFor();
    await must(administrator.post(`/funds/${slug}/panels/${panelId}/draw`, { seed: '2 3' }));
    await page.getByLabel('The result, as it was announced').fill('1 12 23 34 45 50');
    await page.getByRole('button', { name: 'Enter the draw' }).click();
    await page.getByText('The two entries differ').waitFor();
    await must(administrator.post(`/funds/${slug}/panels/${panelId}/draw`, { seed: '1 12 23 34 45 50' }));
    await page.goto(links.adminPanels(slug, panelled.slug));
    await page.getByText('Its result: 1 12 23 34 45 50').waitFor();
  });
  const { reference } = await must(ask(served, panelled, { amountMinor: 250_00, name: 'Ines' }));
  for (const neighbour of neighbours) {
    await withPage(served, { as: neighbour, javascript: false }, async ({ page }) => {
      await page.goto(links.myPanels(slug));
      await page.getByRole('button', { name: 'Yes, I will sit' }).click();
      if (neighbour === neighbours[2]) return page.getByText('Nothing waits for you now').waitFor();
      await page.getByText(reference).waitFor();
      expect(await page.content()).not.toContain('Ines');
      await page.getByRole('button', { name: 'Yes', exact: true }).click();
      return page.getByText('Nothing waits for you now').waitFor();
    });
  }
  expect((await states()).at(-1)).toBe('awarded');
  await withPage(served, { javascript: false }, async ({ page }) => {
    await page.goto(links.panels(slug, panelled.slug));
    await page.getByText('Sitting: 3').waitFor();
  });
});
