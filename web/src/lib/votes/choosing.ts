/** The ballot while a person chooses: the sums kept up, what no longer fits explained, search and filters at once. */
import { m } from '#lib/paraglide/messages.js';
import { number } from '#lib/format.ts';
import { choiceOf, inOrder, lineOf, readCards, setValue, valueOf, type Card } from './card.ts';
import type { Choosing } from './choices.ts';
import { watchFilters } from './filtering.ts';
import { readLine } from './lines.ts';
import { addSteps, showSteps } from './points.ts';
import { addRankButton, showRanking } from './ranking.ts';
import { makeRoomFor } from './room.ts';
import { addUpParts, fullness, givesPoints, type Part, type Sum } from './terms.ts';
import { barOf, obstacleWords } from './words.ts';

/** Takes over a form that is on the page. `changed` hears of every change a person makes. */
export function watchChoices(form: HTMLFormElement, parts: readonly Part[], changed: (lines: string[]) => void): Choosing {
  const cards = readCards(form);
  const terms = parts[0] as Part;
  const chosen = (): Card[] => inOrder(terms.form, cards.filter((card) => valueOf(card) > 0));
  const sums = (): Sum[] => addUpParts(parts, chosen().map((card) => choiceOf(terms, card)));
  const lines = (): string[] => chosen().map((card) => lineOf(terms, card));
  const say = announcer(form);
  const isRanking = terms.form.kind === 'ranking';

  const show = (): Sum[] => {
    const now = sums();
    showBar(form, parts, now);
    for (const card of cards) {
      const isIn = valueOf(card) > 0;
      card.item.classList.toggle('in', isIn && card.input.type === 'number');
      if (givesPoints(terms.form)) showSteps(card, choosing);
      else if (!isRanking) showObstacle(card, isIn ? '' : obstacleWords(parts[card.part] as Part, now[card.part] as Sum, card.costMinor), choosing, takeOff);
    }
    if (isRanking) showRanking(form, cards, choosing, tell);
    showCount(form, now);
    return now;
  };
  /** Keeps and shows what a person changed, and says it: `first` what became of it, then what is left. */
  const tell = (first = ''): void => {
    changed(lines());
    const words = barOf(parts, show());
    say([first, words.strong, words.rest, words.side].filter(Boolean).join(' '));
  };
  const takeOff = (card: Card): void => {
    setValue(card, 0);
    tell();
  };
  const choosing: Choosing = {
    parts, chosen, sums, lines,
    choose(given) {
      setCards(cards, given, isRanking);
      if (isRanking) tidyRanks(parts, chosen());
      show();
    },
  };
  for (const card of cards) {
    if (givesPoints(terms.form)) addSteps(card, choosing, tell);
    if (isRanking) addRankButton(card, choosing, tell);
  }
  form.classList.add('scripted');
  const isOfCard = ({ target }: Event): boolean => cards.some(({ input }) => input === target);
  form.addEventListener('change', (event) => {
    if (isOfCard(event) || /^p\d?$/.test((event.target as HTMLInputElement).name)) tell();
  });
  // While somebody types a number, before they leave its field.
  form.addEventListener('input', (event) => {
    if (givesPoints(terms.form) && isOfCard(event)) show();
  });
  watchFilters(form, cards, say);
  if (isRanking) tidyRanks(parts, chosen());
  show();
  return choosing;
}

/** Chooses exactly what these lines say. */
function setCards(cards: readonly Card[], lines: readonly string[], isRanking: boolean): void {
  const picked = new Map(lines.map((text, index) => [readLine(text).project, { index, points: readLine(text).points }]));
  for (const card of cards) {
    const found = picked.get(card.number);
    setValue(card, found ? (isRanking ? found.index + 1 : (found.points ?? 1)) : 0);
  }
}

/** Numbers each part's ranking from 1 again. */
function tidyRanks(parts: readonly Part[], chosen: readonly Card[]): void {
  parts.forEach((_, part) => chosen.filter((card) => card.part === part).forEach((card, index) => setValue(card, index + 1)));
}

/** Says only the last thing, and only once the hand rests. */
function announcer(form: HTMLFormElement): (words: string) => void {
  const status = form.querySelector<HTMLElement>('[data-status]');
  let timer = 0;
  return (words) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (status) status.textContent = words;
    }, 900);
  };
}

/** How many are chosen, where the page says so. */
function showCount(form: HTMLFormElement, sums: readonly Sum[]): void {
  const mine = form.querySelector('[data-count=mine]');
  if (mine) mine.textContent = number(sums.reduce((all, sum) => all + sum.count, 0));
}

function showBar(form: HTMLFormElement, parts: readonly Part[], sums: readonly Sum[]): void {
  const words = barOf(parts, sums);
  for (const name of ['strong', 'rest', 'side'] as const) {
    const place = form.querySelector(`[data-bar=${name}]`);
    if (place) place.textContent = words[name];
  }
  const { used, whole } = fullness(parts[0] as Part, sums[0] as Sum);
  const rect = form.querySelector('[data-bar=level] rect');
  rect?.setAttribute('width', String(whole > 0 ? (used / whole) * 100 : 0));
  form.querySelector('.bar')?.classList.toggle('over', sums.some((sum) => sum.fault === 'over-budget' || sum.fault === 'over-points'));
  const fault = form.querySelector<HTMLElement>('[data-bar=fault]');
  if (fault && sums.every((sum) => !sum.fault)) fault.hidden = true;
}

/** Says on the card why it does not fit, and offers to make room. */
function showObstacle(card: Card, words: string, choosing: Choosing, takeOff: (card: Card) => void): void {
  const why = card.item.querySelector<HTMLElement>('.why');
  card.item.classList.toggle('out', words !== '');
  card.input.disabled = words !== '';
  if (words === '') {
    const hadFocus = card.item.querySelector('.room')?.contains(document.activeElement) ?? false;
    card.item.querySelectorAll('.why, .make-room, .room').forEach((each) => each.remove());
    if (hadFocus) card.input.focus();
    return;
  }
  if (why) why.textContent = words;
  else card.input.before(Object.assign(document.createElement('span'), { className: 'why', textContent: words }));
  const terms = choosing.parts[card.part] as Part;
  if (card.costMinor <= terms.budgetMinor || terms.form.kind !== 'knapsack') offerRoom(card, choosing, takeOff);
}

function offerRoom(card: Card, choosing: Choosing, takeOff: (card: Card) => void): void {
  if (card.item.querySelector('.make-room')) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'make-room', textContent: m.vote_make_room() });
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label', m.vote_make_room_for({ title: card.title }));
  button.addEventListener('click', () => makeRoomFor(card, button, choosing, takeOff));
  card.input.before(button);
}
