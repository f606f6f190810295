/** Signing in as people do: on a phone, through the pages, with script and without. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeBrowser, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

it.each([true, false])('signs in by code and out again (script: %s)', async (javascript) => {
  await withPage(served, { javascript }, async ({ page, complaints }) => {
    const address = `phone-${javascript}@example.org`;
    await page.goto('/you');
    await page.getByLabel('email address').fill(address);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.waitForURL(/\/sign-in\/code/);

    await page.getByRole('textbox').fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);

    const inbox = await page.context().newPage();
    await expect.poll(async () => {
      await inbox.goto('/outbox');
      return inbox.getByRole('listitem').filter({ hasText: address }).count();
    }).toBe(1);
    const code = /\d{6}/.exec(await inbox.getByRole('listitem').filter({ hasText: address }).innerText())?.[0] as string;
    await inbox.close();

    await page.getByRole('textbox').fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/you$/);
    const session = (await page.context().cookies()).find((cookie) => cookie.name === '__Host-session');
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'localhost' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${served.url}/`);
    expect((await page.context().cookies()).map((cookie) => cookie.name)).not.toContain('__Host-session');
    await page.goto('/you');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    // A refused code answers 401, and the browser says so; nothing else.
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });
});
