/** Money in, through the pages and without script: an officer pledges, one administrator enters, another confirms, and both find the mistake. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { within } from '@commonpot/db/client';
import { openOutside, post, reserve } from '@commonpot/server/money/ledger';
import { newId } from '@commonpot/server/platform/ids';
import { links } from '../../web/src/lib/links.ts';
import { flowOf } from '../../web/src/lib/money/flow.ts';
import { closeBrowser, DESK, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import type { PersonName } from '../lib/world.ts';
import { fillPot, givePot } from './pots.ts';

let world: Served;
beforeAll(async () => void (world = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await world.close();
});

/** Somebody of the fund at a page, as on an old phone: no script. */
const as = (name: PersonName, path: string, work: (page: Page) => Promise<void>) =>
  withPage(world, { as: world.fund.people[name], javascript: false }, async ({ page, complaints }) => {
    await page.goto(path);
    await work(page);
    // A form sent back with its faults is a 4xx, which the browser mentions.
    expect(complaints.filter((each) => !/status of 4\d\d/.test(each))).toEqual([]);
  });
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();
const today = () => world.clock.now.toISOString().slice(0, 10);

it('goes from a pledge to the pot and back', async () => {
  const { slug } = world.fund;
  let reference = '';
  let contribution = '';

  await as('administrator', links.money(slug), async (page) => {
    expect(await heading(page)).toBe('There is no money here yet.');
    await page.getByRole('link', { name: 'Make a pot' }).click();
    await page.getByLabel('Name').fill('Warm homes');
    await page.getByLabel('To an area').fill('Tanner Hill');
    await page.getByRole('button', { name: 'Make this pot' }).click();
    await page.getByText('Only for Tanner Hill').waitFor();
  });

  await as('officer', links.agency(slug), async (page) => {
    expect(await heading(page)).toBe('You have not pledged any money yet.');
    await page.getByRole('link', { name: 'Pledge money' }).click();
    await page.getByLabel('Amount').fill('a lot');
    await page.getByLabel('Warm homes').check();
    await page.getByRole('button', { name: 'Pledge this money' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('Type an amount, like £1,200.');
    expect(await page.getByLabel('Amount').inputValue()).toBe('a lot');
    await page.getByLabel('Amount').fill('60,000.50');
    await page.getByRole('button', { name: 'Pledge this money' }).click();
    expect(await heading(page)).toBe('Now send the £60,000.50 with this reference.');
    reference = await page.locator('.code').innerText();
    await page.goto(links.agency(slug));
    expect(await heading(page)).toBe('You pledged £60,000.50. It has not arrived yet.');
  });

  await as('administrator', links.money(slug), async (page) => {
    await page.getByRole('link', { name: 'It is on the statement' }).click();
    await page.getByLabel('Amount').fill('60000.50');
    await page.getByLabel('Day it reached the account').fill(today());
    expect(await page.getByLabel('Reference on the statement').inputValue()).toBe(reference);
    await page.getByRole('button', { name: 'Enter it' }).click();
    expect(await heading(page)).toBe('You entered £60,000.50. Now it needs a second pair of eyes.');
    expect(await page.getByRole('button', { name: 'Put it in the pot' }).count()).toBe(0);
    contribution = new URL(page.url()).pathname;
  });

  await as('administrator2', links.money(slug), async (page) => {
    expect(await heading(page)).toBe('One thing waits for you as the second person.');
    await page.getByRole('link', { name: 'Check the statement' }).click();
    expect(await page.locator('main').innerText()).not.toContain('60,000');
    await page.getByLabel('Amount on the statement').fill('6000.50');
    await page.getByRole('button', { name: 'Put it in the pot' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('not the one the first person entered');
    await page.getByLabel('Amount on the statement').fill('£60,000.50');
    await page.getByRole('button', { name: 'Put it in the pot' }).click();
    expect(await heading(page)).toBe('£60,000.50 is in Warm homes.');
  });

  await as('officer', links.agency(slug), async (page) => {
    expect(await heading(page)).toBe('All £60,000.50 you pledged has arrived.');
    expect(await page.locator('main').innerText()).toContain('All of the £60,000.50 that came in is yours.');
    expect(await page.getByRole('img', { name: '£60,000.50 came in. Now £60,000.50 is in the pots, £0 is set aside and £0 was paid out.' }).count()).toBe(1);
  });

  await as('administrator', contribution, async (page) => {
    await page.getByText('This was a mistake').click();
    await page.getByLabel('Why does it have to come out again?').fill('It belongs to the library');
    await page.getByRole('button', { name: 'Ask to take it back' }).click();
    expect(await page.getByRole('button', { name: 'Take £60,000.50 back out' }).count()).toBe(0);
  });
  await as('administrator2', contribution, async (page) => {
    await page.getByRole('button', { name: 'Take £60,000.50 back out' }).click();
    expect(await heading(page)).toBe('£60,000.50 was taken back out of Warm homes.');
    await page.goto(links.moneyHistory(slug));
    expect(await page.getByRole('listitem').count()).toBe(2);
  });
});

it('gives the history as a file that has every movement, and only to administrators', async () => {
  const cookie = [...world.fund.people.administrator.cookies].map((pair) => pair.join('=')).join('; ');
  const file = await fetch(world.url + links.moneyHistoryFile(world.fund.slug), { headers: { cookie } });
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await file.text()).trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain(',contribution,Came into Warm homes,outside,Warm homes,6000050,GBP,');
  expect((await fetch(world.url + links.moneyHistoryFile(world.fund.slug))).status).toBe(401);
  // What an officer is shown as a picture is theirs as a table, and nobody else's.
  const readPots = (who: PersonName) => fetch(world.url + links.agencyMoneyFile(world.fund.slug), { headers: { cookie: [...world.fund.people[who].cookies].map((pair) => pair.join('=')).join('; ') } });
  const pots = await readPots('officer');
  expect(pots.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect((await pots.text()).split('\r\n')[0]).toContain('pot,from_you_minor,arrived_minor,in_pot_minor,set_aside_minor,paid_out_minor,currency');
  expect((await readPots('resident')).status).toBe(403);
});

it('draws every band as wide as its money, within the picture', () => {
  const pot = fc.tuple(fc.nat(9e9), fc.nat(9e9), fc.nat(9e9), fc.double({ min: 0, max: 1, noNaN: true })).map(([inPotMinor, setAsideMinor, paidOutMinor, part]) => {
    const arrivedMinor = inPotMinor + setAsideMinor + paidOutMinor;
    return { inPotMinor, setAsideMinor, paidOutMinor, arrivedMinor, yoursMinor: Math.floor(arrivedMinor * part) };
  });
  fc.assert(fc.property(fc.array(pot, { maxLength: 12 }), (pots) => {
    const { from, pots: middle, to, into, out } = flowOf(pots);
    for (const { x, width } of [...from, ...middle, ...to]) expect(x >= -1e-6 && x + width <= 100 + 1e-6).toBe(true);
    const wide = (pieces: readonly { width: number }[]) => pieces.reduce((sum, { width }) => sum + width, 0);
    for (const row of [from, to, into, out]) expect(wide(row)).toBeCloseTo(wide(middle), 6);
    for (const band of [...into, ...out]) expect(middle.some(({ x, width }) => band.inner >= x - 1e-6 && band.inner + band.width <= x + width + 1e-6)).toBe(true);
  }), { numRuns: 100 });
});

it('sends whoever is not signed in to sign in, and back', async () => {
  await withPage(world, { as: world.visitor() }, async ({ page }) => {
    await page.goto(links.money(world.fund.slug));
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(links.signIn(links.money(world.fund.slug)));
  });
});

it('stands long names and large sums, on small screens and large ones, light and dark', async () => {
  const { slug } = world.fund;
  const long = await givePot(world.fund, 'Advice, repairs and fuel vouchers for households in Llanfairpwllgwyngyll and the Upper Tanner Hill estate', { theme: 'Heating and housing', area: 'Upper and Lower Tanner Hill', people: 'Households with children under five' });
  const young = await givePot(world.fund, 'Young people');
  await fillPot(world.fund, long, 9_876_543_210_99);
  const { officer, administrator, administrator2 } = world.fund.people;
  const pledges: { id: string; reference: string }[] = [];
  for (const [amountMinor, potId] of [[120_000_00, young], [1_234_567_890_12, long], [40_000_00, null]] as const) pledges.push((await officer.post(`/funds/${slug}/pledges`, { amountMinor, potId })).body);
  const line = (index: number, amountMinor: number) => ({ pledgeId: pledges[index]?.id, agencyId: null, potId: index === 0 ? young : long, amountMinor, receivedOn: today(), reference: pledges[index]?.reference });
  const first = await administrator.post(`/funds/${slug}/contributions`, line(0, 120_000_00));
  await administrator2.post(`/funds/${slug}/contributions/${first.body.id}/confirm`, { amountMinor: 120_000_00 });
  const waiting = await administrator.post(`/funds/${slug}/contributions`, line(1, 1_234_567_890_12));
  await administrator2.post(`/funds/${slug}/contributions`, { ...line(1, 5_00), pledgeId: null, reference: 'WITHOUT-ANY-SPACES-0123456789-0123456789-0123456789-0123456789-0123456789' });
  const asked = await administrator.post(`/funds/${slug}/contributions/${first.body.id}/reversals`, { reason: 'It was meant for the library next door, the finance office says.' });
  const doing = { fundId: world.fund.id, at: world.clock.now, actorId: null };
  const { reservationId } = await within(world.app.services.db, { fund: world.fund.id }, (tx) => reserve(tx, { ...doing, potId: young, amountMinor: 70_000_00, subjectId: newId() })) as { reservationId: string };
  await within(world.app.services.db, { fund: world.fund.id }, async (tx) =>
    post(tx, { ...doing, transfers: [{ from: reservationId, to: await openOutside(tx, { ...doing, like: reservationId }), amountMinor: 33_900_00, kind: 'payout' }] }));

  const views: [string, PersonName, string][] = [
    ['admin', 'administrator2', links.money(slug)], ['enter', 'administrator', links.enterMoney(slug)], ['check', 'administrator2', links.contribution(slug, waiting.body.id)],
    ['mine', 'administrator', links.contribution(slug, waiting.body.id)], ['asked', 'administrator2', links.contribution(slug, first.body.id)], ['pot', 'administrator', links.newPot(slug)],
    ['history', 'administrator', links.moneyHistory(slug)], ['statement', 'administrator', links.moneyStatement(slug)],
    ['agency', 'officer', links.agency(slug)], ['pledge-new', 'officer', links.newPledge(slug)], ['pledge', 'officer', links.pledge(slug, pledges[2]?.id ?? '')],
  ];
  expect(asked.status).toBe(201);
  for (const [name, who, path] of views) {
    await withPage(world, { as: world.fund.people[who] }, async ({ page, complaints }) => {
      const answer = await page.goto(path);
      for (const [device, viewport, colorScheme] of [['small', { width: 320, height: 640 }, 'light'], ['phone', PHONE, 'dark'], ['desk', DESK, 'light']] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        expect([name, device, await widthOf(page)]).toEqual([name, device, viewport.width]);
        expect([name, await findSmallTargets(page)]).toEqual([name, []]);
        if (device === 'phone') await expectAccessible(page);
        await shoot(page, `${name}-${device}-${colorScheme}`);
      }
      expect([name, answer?.status(), complaints]).toEqual([name, 200, []]);
    });
  }
});
