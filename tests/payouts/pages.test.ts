/** The pages of money on its way out, in a browser: a shop, a holder and two administrators do their part, without script. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { closeBrowser, DESK, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import type { PersonName, Visitor } from '../lib/world.ts';
import { award, filledPot, issuePaper, makeRound, must, setAside, take } from './house.ts';

let world: Served;
let potId: string;
let awardId: string;
let personAwardId: string;
let fund: string;
const LONG = 'The Tanner Hill and Lower Ashbourne Community Bicycle Workshop and Repair Van Cooperative';
beforeAll(async () => {
  world = await serveWorld();
  fund = world.fund.slug;
  potId = await filledPot(world.fund, 500_000_000);
  const round = await makeRound(world.fund);
  const reservationId = await setAside(world, { fundId: world.fund.id, roundId: round.id, potId, amountMinor: 123_456_789 + 25_000 });
  const made = await award(world, {
    fundId: world.fund.id, roundId: round.id, reservationId, awards: [
      { subjectKind: 'project', subjectId: newId(), title: 'A bike repair van for the estates, and for everybody who cannot come to the workshop', amountMinor: 123_456_789, recipientName: LONG },
      { subjectKind: 'person', subjectId: newId(), title: 'Warm home', amountMinor: 25_000, recipientName: 'Rosa Delgado' },
    ],
  });
  if (made instanceof Refusal) throw new Error(made.code);
  awardId = made[0]?.id ?? '';
  personAwardId = made[1]?.id ?? '';
});
afterAll(async () => {
  await closeBrowser();
  await world.close();
});

const on = <T>(as: PersonName | Visitor | null, work: (page: Page) => Promise<T>, options: { viewport?: typeof PHONE; colorScheme?: 'light' | 'dark' } = {}) =>
  withPage(world, { javascript: false, ...(as ? { as: typeof as === 'string' ? world.fund.people[as] : as } : {}), ...options }, ({ page }) => work(page));

/** What holds of every page: reachable by everybody, no scrolling sideways, nothing too small to hit. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('load');
  const url = page.url();
  expect(await widthOf(page), `${name} is too wide`).toBeLessThanOrEqual(390);
  expect(await findSmallTargets(page), name).toEqual([]);
  await shoot(page, name);
  if (!process.env.SCREENSHOTS) return;
  for (const [suffix, viewport, colorScheme] of [['phone-dark', PHONE, 'dark'], ['desk', DESK, 'light']] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await shoot(page, `${name}-${suffix}`);
  }
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(page.url()).toBe(url);
}

/** The page in a browser with script, for axe, which needs it. */
const audit = (as: PersonName | null, path: string) => withPage(world, as ? { as: world.fund.people[as] } : {}, async ({ page, complaints }) => {
  await page.goto(path);
  await expectAccessible(page);
  expect(complaints.filter((each) => !/status of 4/.test(each))).toEqual([]);
});

/** Asks what is on the voucher: following its link alone tells nothing and counts nothing. */
const read = (page: Page) => page.getByRole('button', { name: 'Show what is on it' }).click();

it('shows nothing about a voucher to a stranger, and to a resident only how to use one', async () => {
  const { code } = await issuePaper(world.fund, potId, 3500);
  await on(null, async (page) => {
    await page.goto(`/v/${code}`);
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/£|35|Khan|Fund tanner|2027/);
    await look(page, 'v-stranger');
    const nothing = await page.locator('main').innerHTML();
    await page.goto('/v/N0TAC0DE1');
    expect((await page.locator('main').innerHTML()).replace('N0TAC0DE1', code)).toBe(nothing);
    await page.getByRole('link', { name: 'I am the shop' }).waitFor();
    await page.getByRole('link', { name: 'How to use' }).click();
    await look(page, 'how');
  });
  await on('resident', async (page) => {
    await page.goto(`/v/${code}`);
    expect(await page.locator('body').innerText()).not.toMatch(/£/);
    await look(page, 'v-resident');
  });
  await audit(null, `/v/${code}`);
  await audit(null, '/vouchers/how');
});

it('lets a shop take part, undo it, type a code by hand and take the rest', async () => {
  const { code } = await issuePaper(world.fund, potId, 3500);
  await audit('shop', `/v/${code}`);
  await on('shop', async (page) => {
    await page.goto(`/v/${code}`);
    await read(page);
    await page.getByRole('heading', { name: '£35' }).waitFor();
    await look(page, 'till');
    await page.getByLabel('How much do you take?').fill('lots');
    await page.getByRole('button', { name: 'Take this amount' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('How much do you take?').fill('35.01');
    await page.getByRole('button', { name: 'Take this amount' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('less than that left');
    await look(page, 'till-too-much');
    await page.getByLabel('How much do you take?').fill('£12.60');
    await page.getByRole('button', { name: 'Take this amount' }).click();
    await page.getByRole('heading', { name: '£12.60 is yours.' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('£22.40 is left');
    await look(page, 'taken');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: '£12.60 went back.' }).waitFor();
    await look(page, 'given-back');
    await page.getByRole('link', { name: 'Next voucher' }).click();
    await page.getByLabel('Type a voucher’s code').fill(`${code.slice(0, 3)}-${code.slice(3, 6)} ${code.slice(6)}`.toLowerCase());
    await page.getByRole('button', { name: 'Open the voucher' }).click();
    await page.getByRole('button', { name: 'Take all £35' }).click();
    await page.getByRole('heading', { name: '£35 is yours.' }).waitFor();
    await page.goto(`/v/${code}`);
    await read(page);
    await page.getByRole('heading', { name: 'There is nothing left' }).waitFor();
    await look(page, 'till-empty');
    // Following a link counts no wrong code, however often; asking for what is on it does.
    for (let times = 0; times < 12; times += 1) await page.goto('/v/N0TAC0DE1');
    await read(page);
    await page.getByRole('heading', { name: 'No voucher has this code' }).waitFor();
    await page.goto(`/shop/${fund}`);
    await look(page, 'shop');
  });
  await audit('shop', `/shop/${fund}`);
});

it('shows holders what they have, and prints it without a name or an amount', async () => {
  const { administrator, administrator2 } = world.fund.people;
  const { members } = await must(administrator.get(`/funds/${fund}/members`));
  const holder = members.find((each: { role: string }) => each.role === 'resident').id;
  await on('resident', async (page) => {
    await page.goto('/vouchers');
    await page.getByRole('heading', { name: 'You have no voucher' }).waitFor();
    await look(page, 'vouchers-none');
  });
  for (const [title, valueMinor] of [['Winter food', 4000], ['A voucher with quite a long name, for the months in which everything costs more', 123_456_78]] as const) {
    const { id } = await must(administrator.post(`/funds/${fund}/vouchers`, { from: { pot: potId }, title, valueMinor, lastDay: '2027-03-31', holder }));
    await must(administrator2.post(`/funds/${fund}/vouchers/${id}/release`));
  }
  const mine = (await must(world.fund.people.resident.get('/my/vouchers'))).vouchers;
  expect((await take(world.fund, world.fund.people.shop, mine[1].face.code, 1260)).status).toBe(201);
  await on('resident', async (page) => {
    await page.goto('/vouchers');
    await page.getByRole('heading', { name: '£123,484.18 to spend' }).waitFor();
    await look(page, 'vouchers');
    await page.getByRole('link', { name: 'Print it' }).first().click();
    await page.emulateMedia({ media: 'print' });
    const paper = await page.locator('body').innerText();
    expect(paper).not.toMatch(/£|Rosa|Winter|long name/);
    expect(paper).toContain('31 March 2027');
    await shoot(page, 'paper');
  });
  await audit('resident', '/vouchers');
});

it('lets an administrator issue, print once and cancel', async () => {
  await on('administrator', async (page) => {
    await page.goto(`/admin/${fund}/vouchers/new?award=${personAwardId}`);
    await look(page, 'voucher-new-award');
    await page.goto(`/admin/${fund}/vouchers`);
    await look(page, 'admin-vouchers');
    await page.getByRole('link', { name: 'Issue a voucher' }).click();
    await page.getByLabel('How much is it worth?').fill('£1,200.50');
    await page.getByLabel('What is it called?').fill('Winter food');
    await page.getByLabel('On which day').fill('2027-03-31');
    await look(page, 'voucher-new');
    await page.getByRole('button', { name: 'Issue this voucher' }).click();
    await page.getByRole('heading', { name: 'Winter food' }).waitFor();
    await look(page, 'admin-voucher');
    expect(await page.getByRole('button', { name: 'Show the paper' }).count()).toBe(0);
    await must(world.fund.people.administrator2.post(`/funds/${fund}/vouchers/${new URL(page.url()).pathname.split('/').at(-1)}/release`));
    await page.reload();
    await page.getByRole('button', { name: 'Show the paper' }).click();
    await page.getByRole('heading', { name: 'Print this page now' }).waitFor();
    await shoot(page, 'admin-paper');
    await page.goto(page.url().replace(/\?.*/, ''));
    expect(await page.getByRole('button', { name: 'Show the paper' }).count()).toBe(0);
    await page.getByText('Cancel this voucher').click();
    await page.getByRole('button', { name: 'Cancel it for good' }).click();
    await page.getByText('£1,200.50 went back').waitFor();
  });
  await audit('administrator', `/admin/${fund}/vouchers`);
  await audit('administrator', `/admin/${fund}/vouchers/new`);
});

it('pays a stage after an update, by two people', async () => {
  const path = `/admin/${fund}/awards/${awardId}`;
  await on('administrator', async (page) => {
    await page.goto(`/admin/${fund}/awards`);
    await look(page, 'awards');
    await page.goto(path);
    await page.getByLabel('What it is for').first().fill('The van');
    await page.getByLabel('Amount').first().fill('1,000,000');
    await page.getByLabel('What it is for').nth(1).fill('Tools, insurance, and a year of diesel for a van that goes to every estate twice a week');
    await page.getByLabel('Amount').nth(1).fill('1');
    await page.getByRole('button', { name: 'Keep this plan' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('What it is for').first().inputValue()).toBe('The van');
    await page.getByLabel('Amount').nth(1).fill('234,567.89');
    await look(page, 'award-plan');
    await page.getByRole('button', { name: 'Keep this plan' }).click();
    await page.getByLabel('What should everybody know').first().fill('The van is ordered, second-hand and electric. It arrives in March, and the first round goes to Mill Road.');
    await page.getByRole('button', { name: 'Publish' }).first().click();
    await page.getByLabel('Reference on the bank transfer').fill('VAN-1');
    await look(page, 'award-told');
    await page.getByRole('button', { name: 'Record the bank transfer' }).click();
    await page.getByText('Another administrator looks at the bank').waitFor();
  });
  await on('administrator2', async (page) => {
    await page.goto(`/admin/${fund}/awards`);
    await look(page, 'awards-waiting');
    await page.getByRole('link', { name: '£1,000,000' }).click();
    await page.getByLabel('How much left the bank?').fill('100,000');
    await page.getByRole('button', { name: 'Confirm that it was paid' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('How much left the bank?').fill('1,000,000');
    await look(page, 'award-confirm');
    await page.getByRole('button', { name: 'Confirm that it was paid' }).click();
    await page.getByText('£1,000,000 paid, £234,567.89 set aside').last().waitFor();
    await look(page, 'award-paid');
  });
  await audit('administrator', path);
  await audit('administrator', `/admin/${fund}/awards`);
});

it('settles with a shop, by two people', async () => {
  world.clock.forward(11);
  const { shops } = await must(world.fund.people.administrator.get(`/funds/${fund}/shops`));
  const { id } = shops.find((each: { owedMinor: number }) => each.owedMinor > 0);
  const { code } = await issuePaper(world.fund, potId, 3500);
  await take(world.fund, world.fund.people.shop, code, 500);
  await on('administrator', async (page) => {
    await page.goto(`/admin/${fund}/shops`);
    await look(page, 'shops');
    await page.goto(`/admin/${fund}/shops/${id}`);
    await page.getByLabel('Reference on the bank transfer').fill('VCH-1');
    await look(page, 'shop-due');
    await page.getByRole('button', { name: 'Record a transfer' }).click();
    await page.getByText('Another administrator looks at the bank').waitFor();
  });
  await on('administrator2', async (page) => {
    await page.goto(`/admin/${fund}/shops/${id}`);
    await look(page, 'shop-confirm');
    await page.getByLabel('How much left the bank?').fill('47.60');
    await page.getByRole('button', { name: 'Confirm that it was paid' }).click();
    await page.getByText('The bank sent it back').waitFor();
  });
  await audit('administrator', `/admin/${fund}/shops`);
  await audit('administrator', `/admin/${fund}/shops/${id}`);
});

it('pays cash at a desk: one hands it over, another types what they saw, and the person carries the code on paper', async () => {
  const cash = `/admin/${fund}/cash`;
  const fetchBox = async (who: PersonName, work: (page: Page) => Promise<void>) => on(who, async (page) => {
    await page.goto(`${cash}/box`);
    await look(page, `cash-box-${who}`);
    await work(page);
  });
  await fetchBox('administrator', async (page) => {
    await page.getByLabel('What evening').fill('Tuesday, community hall, Lower Ashbourne and Tanner Hill together');
    await page.getByLabel('How much is in it').fill('400');
    await page.getByRole('button', { name: 'I have counted it' }).click();
    await page.getByText('A second person counts it now').waitFor();
  });
  await fetchBox('administrator2', async (page) => {
    await page.getByLabel('Count it yourself').fill('400');
    await page.getByRole('button', { name: 'I counted the same' }).click();
    await page.getByRole('button', { name: 'This is what is left' }).waitFor();
  });
  await on('administrator', async (page) => {
    await page.goto(`/admin/${fund}/awards/${personAwardId}`);
    await page.getByRole('link', { name: 'Pay in cash' }).click();
    await look(page, 'cash-new');
    await page.getByLabel('How much?').fill('40');
    await page.getByLabel('What is it for?').fill('Winter heating');
    await page.getByLabel('Where?').fill('Community hall, 12 Lower Ashbourne Road, ring twice');
    await page.getByLabel('When is somebody there?').fill('Tuesdays, 5 to 7 pm');
    await page.getByLabel('Last day to collect it').fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Make it ready' }).click();
    await page.getByRole('heading', { name: '£40 for resident' }).waitFor();
    await look(page, 'cash-ready');
  });
  const code = await on('resident', async (page) => {
    await page.goto('/cash');
    await page.getByRole('heading', { name: '£40 waits for you in cash' }).waitFor();
    await look(page, 'cash-mine');
    return page.locator('.code').innerText();
  });
  await on('administrator', async (page) => {
    await page.goto(`${cash}/desk`);
    await look(page, 'cash-desk');
    await page.getByLabel('Type the person’s code').fill('AAA-AAA-AAA');
    await page.getByRole('button', { name: 'Show what they get' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Type the person’s code').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Show what they get' }).click();
    await page.getByRole('heading', { name: 'Count £40 for resident' }).waitFor();
    await look(page, 'cash-desk-count');
    await page.getByRole('button', { name: 'I have handed over £40' }).click();
    await page.getByText('Now your witness confirms it').waitFor();
    expect(await page.getByRole('button', { name: 'I saw it' }).count()).toBe(0);
  });
  await on('administrator2', async (page) => {
    await page.goto(cash);
    await look(page, 'cash-waiting');
    await page.getByRole('link', { name: '£40 for resident' }).click();
    await look(page, 'cash-witness');
    await page.getByLabel('The amount that was handed over').fill('40');
    await page.getByRole('button', { name: 'I saw it: book it' }).click();
    await page.getByText('collected: administrator2').waitFor();
  });
  for (const [as, path] of [['administrator', cash], ['administrator', `${cash}/box`], ['resident', '/cash'], ['resident', '/you']] as const) await audit(as, path);
  await on(null, async (page) => {
    await page.goto('/sign-in');
    await look(page, 'sign-in-call');
    await page.getByLabel('Call me instead').check();
    await page.getByLabel('Your address or number').or(page.locator('#address')).first().fill('07700 900456');
    await page.locator('form button').first().click();
    await page.waitForURL(/by=phone/);
    await look(page, 'sign-in-code-phone');
    const sent = await expect.poll(async () => (await world.superuser(`select body from demonstration_message where channel = 'call'`)).rows[0]?.body ?? '', { timeout: 10_000 }).toMatch(/\d/).then(async () => (await world.superuser(`select body from demonstration_message where channel = 'call'`)).rows[0].body as string);
    await page.locator('#code').fill((/(\d\. ){5}\d/.exec(sent)?.[0] ?? '').replace(/\D/g, ''));
    await page.locator('main button').click();
    await page.getByRole('heading', { name: 'Have you been here before' }).waitFor();
    await look(page, 'sign-in-who');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL(/\/you/);
    await page.getByRole('button', { name: 'Show me a code to print' }).click();
    await page.getByRole('heading', { name: 'Print this' }).waitFor();
    await look(page, 'you-recovery');
  });
});
