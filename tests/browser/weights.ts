/** What a page may weigh, in a table; and what it does weigh, as a real browser downloads it. docs/browsers.md says it for people. */
import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';

export interface Weight {
  html: number;
  css: number;
  js: number;
  all: number;
}

/** Kilobytes, compressed, before pictures. */
interface Budget {
  js: number;
  all: number;
}

/** By the beginning of a route's id; the longest that fits counts. */
const BUDGETS: Record<string, Budget> = {
  '(public)': { js: 0, all: 16 },
  '(public)/outbox': { js: 0, all: 16 },
  '(public)/accessibility': { js: 0, all: 16 },
  '(public)/f/[fund]/rounds': { js: 0, all: 24 },
  '(resident)': { js: 0, all: 20 },
  '(resident)/f/[fund]/rounds/[round]/vote': { js: 0, all: 20 },
  '(resident)/f/[fund]/rounds/[round]/vote/ballot': { js: 18, all: 38 },
  '(resident)/f/[fund]/rounds/[round]/vote/receipt': { js: 18, all: 34 },
  '(resident)/f/[fund]/rounds/[round]/ideas': { js: 8, all: 28 },
  '(resident)/f/[fund]/grants': { js: 4, all: 28 },
  '(agency)': { js: 0, all: 24 },
  '(shop)': { js: 0, all: 24 },
  '(admin)': { js: 0, all: 28 },
  '(admin)/admin/[fund]/grants/[grant]/queue': { js: 4, all: 32 },
};

/** No budget may be above these: what issue and design promise. */
export const MOST = { voter: { js: 40, all: 70 }, publicJs: 0 };
export const budgets = Object.entries(BUDGETS);

/** The budget of a page, by its route. */
export function budgetOf(route: string): Budget {
  const [found] = budgets.filter(([start]) => route === start || route.startsWith(`${start}/`)).sort(([a], [b]) => b.length - a.length);
  if (!found) throw new Error(`No budget fits ${route}: add a line to tests/browser/weights.ts.`);
  return found[1];
}

/** Weighs everything that a page asks for from now on, until the answer is read. In bytes, as gzip makes them. */
export function weigh(page: Page): () => Promise<Weight> {
  const answers: Response[] = [];
  const hear = (response: Response): void => void answers.push(response);
  page.on('response', hear);
  return async () => {
    page.off('response', hear);
    const weight: Weight = { html: 0, css: 0, js: 0, all: 0 };
    for (const answer of answers) {
      const kind = ({ document: 'html', stylesheet: 'css', script: 'js' } as const)[answer.request().resourceType() as 'document'];
      if (!kind || !answer.ok()) continue;
      const bytes = gzipSync(await answer.body()).length;
      weight[kind] += bytes;
      weight.all += bytes;
    }
    return weight;
  };
}

/** Kilobytes with one figure after the point. */
const inKilobytes = (bytes: number): number => Math.ceil(bytes / 100) / 10;

/** What is over the budget, in words; empty when nothing is. */
export function overBudget(route: string, weight: Weight): string[] {
  const budget = budgetOf(route);
  return (['js', 'all'] as const).flatMap((part) => (weight[part] > budget[part] * 1000 ? [`${part}: ${inKilobytes(weight[part])} kB of ${budget[part]} kB`] : []));
}
