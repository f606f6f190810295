/** A real browser for the tests, on the built pages. */
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findBrowser } from '../../scripts/lib/find-browser.ts';
import type { Served } from './served.ts';
import type { Visitor } from './world.ts';

let opened: Promise<Browser> | undefined;

/** The browser of this process. */
export function openBrowser(): Promise<Browser> {
  opened ??= findBrowser().then(({ path, env }) =>
    chromium.launch({ executablePath: path, env: { ...process.env, ...env } as Record<string, string>, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }));
  return opened;
}

export async function closeBrowser(): Promise<void> {
  await (await opened)?.close();
  opened = undefined;
}

export interface PageOptions {
  /** Somebody whose cookies the browser has; a stranger without. */
  as?: Visitor;
  javascript?: boolean;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  locale?: string;
}

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

export interface Visit {
  page: Page;
  /** What the browser complained about so far: console errors, exceptions, refused requests. */
  complaints: string[];
}

/** Opens a page in a context of its own (a phone, light, English). Paths start at the served world's address. */
export async function openPage(served: Served, options: PageOptions): Promise<Visit & { close(): Promise<void> }> {
  const browser = await openBrowser();
  const context = await browser.newContext({
    baseURL: served.url, javaScriptEnabled: options.javascript ?? true, viewport: options.viewport ?? PHONE,
    colorScheme: options.colorScheme ?? 'light', locale: options.locale ?? 'en-GB', reducedMotion: 'reduce',
  });
  if (options.as) await context.addCookies(cookiesOf(options.as, served.url));
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints, close: () => context.close() };
}

/** Opens a page and closes it after the work. */
export async function withPage<T>(served: Served, options: PageOptions, work: (visit: Visit) => Promise<T>): Promise<T> {
  const { close, ...visit } = await openPage(served, options);
  try {
    return await work(visit);
  } finally {
    await close();
  }
}

/** A visitor's cookies as a browser holds them after the server set them. */
function cookiesOf(visitor: Visitor, url: string) {
  return [...visitor.cookies].map(([name, value]) => ({ name, value, domain: new URL(url).hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' as const }));
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with axe's own words when it finds anything (WCAG 2.2 AA and good practice; or contrast alone, which is all that a colour scheme changes). */
export async function expectAccessible(page: Page, what: 'everything' | 'contrast' = 'everything'): Promise<void> {
  // Reading axe costs a browser as much as running it: once for a document, however often it is looked at.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const runOnly: axe.RunOnly = what === 'contrast' ? { type: 'rule', values: ['color-contrast'] } : { type: 'tag', values: RULES };
  const violations = await page.evaluate((options) => (globalThis as any).axe.run(options).then((results: axe.AxeResults) => results.violations) as axe.Result[], { resultTypes: ['violations'], runOnly } as const);
  const sentences = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary}`).join('\n')}`);
  expect(sentences.join('\n'), 'what axe finds').toBe('');
}

/** Keeps a picture in the folder that SCREENSHOTS names; does nothing without. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Buttons, fields and links that look like buttons, with their size when it is under 44 pixels. A label counts for its box. */
export function findSmallTargets(page: Page): Promise<string[]> {
  return page.locator('button, a.button, a.card, nav a, summary, select, textarea, input:not([type=hidden])').evaluateAll((elements: any[]) =>
    elements.flatMap((element) => {
      const target = (/^(checkbox|radio)$/.test(element.type) && element.closest('label')) || element;
      if (!target.checkVisibility()) return [];
      const { width, height } = target.getBoundingClientRect();
      return width < 43.9 || height < 43.9 ? [`${Math.round(width)}x${Math.round(height)} ${target.outerHTML.slice(0, 160)}`] : [];
    }));
}

/** How wide the page's content is, in pixels; more than the screen means that people must scroll sideways. */
export function widthOf(page: Page): Promise<number> {
  return page.locator('html').evaluate((html: any) => html.scrollWidth);
}
