/** One step of the ballot takes the place of another, in the same document: no line is needed to look at what one chose. */
import type { Line } from './phone.ts';
import type { Part } from './terms.ts';
import { placeWords, valueWords } from './words.ts';

/** A copy of a step's template, not yet on the page. */
export function makeStep(name: 'check' | 'receipt' | 'theirs' | 'forgotten'): HTMLElement | null {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-step=${name}]`);
  return (template?.content.cloneNode(true) as DocumentFragment | undefined)?.querySelector<HTMLElement>('[data-view]') ?? null;
}

const places = new WeakMap<HTMLElement, number>();

/** Shows a step alone, where it was left, with its heading in focus and in the title. */
export function showStep(step: HTMLElement): void {
  const main = document.querySelector('main');
  if (!main) return;
  for (const each of main.querySelectorAll<HTMLElement>(':scope > [data-view]')) {
    if (!each.hidden && each !== step) places.set(each, scrollY);
    each.hidden = each !== step;
  }
  if (!step.isConnected) main.append(step);
  const heading = step.querySelector<HTMLElement>('h1');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    document.title = heading.textContent ?? '';
  }
  scrollTo({ top: places.get(step) ?? 0, behavior: 'instant' });
}

/** Puts words where the template has a place for them. */
export function write(step: HTMLElement, words: Record<string, string>): void {
  for (const [name, text] of Object.entries(words)) {
    for (const place of step.querySelectorAll(`[data-words=${name}]`)) place.textContent = text;
  }
}

/** The projects, each with its place in a ranking, and its points or its cost. */
export function writeLines(step: HTMLElement, lines: readonly Line[], parts: readonly Part[]): void {
  const list = step.querySelector<HTMLElement>('[data-lines]');
  if (!list) return;
  list.replaceChildren(...lines.map((line) => {
    const row = document.createElement('li');
    row.append(Object.assign(document.createElement('span'), { textContent: `${placeWords(line.rank)}${line.title}` }), Object.assign(document.createElement('b'), { textContent: valueWords(line, parts[0]?.currency ?? '') }));
    return row;
  }));
  list.hidden = lines.length === 0;
}
