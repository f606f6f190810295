/** The ballot while a person chooses: the sums kept up, what no longer fits explained, search and filters at once. */
import { m } from '#lib/paraglide/messages.js';
import { number } from '#lib/format.ts';
import { finds } from './filter.ts';
import { addUp, fullness, type Sum, type Terms } from './terms.ts';
import { barWords, obstacleWords } from './words.ts';
import { makeRoomFor } from './room.ts';

export interface Card {
  item: HTMLElement;
  input: HTMLInputElement;
  number: string;
  title: string;
  costMinor: number;
  /** Its place in the round's order, which is the order of a ballot's lines. */
  place: number;
  /** Everything it says, for the search. */
  text: string;
}

export interface Choosing {
  terms: Terms;
  /** In the round's order. */
  chosen(): Card[];
  sum(): Sum;
  /** Chooses exactly these. */
  choose(numbers: readonly string[]): void;
}

function readCards(form: HTMLFormElement): Card[] {
  return [...form.querySelectorAll<HTMLInputElement>('input[name=p][data-cost]')].map((input) => {
    const item = input.closest<HTMLElement>('li') as HTMLElement;
    return {
      item, input, number: input.value, title: item.querySelector('h2')?.textContent ?? '',
      costMinor: Number(input.dataset.cost), place: Number(input.dataset.place), text: item.textContent ?? '',
    };
  });
}

/** Takes over a form that is on the page. `changed` hears of every change a person makes. */
export function watchChoices(form: HTMLFormElement, terms: Terms, changed: (numbers: string[]) => void): Choosing {
  const cards = readCards(form);
  const byPlace = [...cards].sort((a, b) => a.place - b.place);
  const chosen = (): Card[] => byPlace.filter((card) => card.input.checked);
  const sum = (): Sum => addUp(terms, chosen().map((card) => card.costMinor));
  const say = announcer(form);

  const show = (): Sum => {
    const now = sum();
    showBar(form, terms, now);
    for (const card of cards) showObstacle(card, card.input.checked ? '' : obstacleWords(terms, now, card.costMinor), choosing, takeOff);
    const mine = form.querySelector('[data-count=mine]');
    if (mine) mine.textContent = number(now.count);
    return now;
  };
  const tell = (): void => {
    changed(chosen().map((card) => card.number));
    const words = barWords(terms, show());
    say([words.strong, words.rest, words.side].filter(Boolean).join(' '));
  };
  const takeOff = (card: Card): void => {
    card.input.checked = false;
    tell();
  };
  const choosing: Choosing = {
    terms, chosen, sum,
    choose(numbers) {
      for (const card of cards) card.input.checked = numbers.includes(card.number);
      show();
    },
  };
  form.addEventListener('change', (event) => {
    if ((event.target as HTMLInputElement).name === 'p') tell();
  });
  watchFilters(form, cards, say);
  show();
  return choosing;
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

function showBar(form: HTMLFormElement, terms: Terms, sum: Sum): void {
  const words = barWords(terms, sum);
  for (const name of ['strong', 'rest', 'side'] as const) {
    const place = form.querySelector(`[data-bar=${name}]`);
    if (place) place.textContent = words[name];
  }
  const { used, whole } = fullness(terms, sum);
  const rect = form.querySelector('[data-bar=level] rect');
  rect?.setAttribute('width', String(whole > 0 ? (used / whole) * 100 : 0));
  form.querySelector('.bar')?.classList.toggle('over', sum.leftMinor < 0 && terms.form.kind === 'knapsack');
  const fault = form.querySelector<HTMLElement>('[data-bar=fault]');
  if (fault && !sum.fault) fault.hidden = true;
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
  if (card.costMinor <= choosing.terms.budgetMinor || choosing.terms.form.kind !== 'knapsack') offerRoom(card, choosing, takeOff);
}

function offerRoom(card: Card, choosing: Choosing, takeOff: (card: Card) => void): void {
  if (card.item.querySelector('.make-room')) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'make-room', textContent: m.vote_make_room() });
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label', m.vote_make_room_for({ title: card.title }));
  button.addEventListener('click', () => makeRoomFor(card, button, choosing, takeOff));
  card.input.before(button);
}

/** Search, and the chips and lists beside it, without asking the server. */
function watchFilters(form: HTMLFormElement, cards: readonly Card[], say: (words: string) => void): void {
  const field = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[name=${name}]`);
  const apply = (): void => {
    const search = field<HTMLInputElement>('find')?.value ?? '';
    const only = form.querySelector<HTMLInputElement>('[name=only]:checked')?.value ?? 'all';
    const category = field<HTMLSelectElement>('category')?.value ?? '';
    const area = field<HTMLSelectElement>('area')?.value ?? '';
    let shown = 0;
    for (const { item, input, text } of cards) {
      const fits = finds(search, text)
        && (only === 'mine' ? input.checked : only === 'fits' ? input.checked || !input.disabled : true)
        && (category === '' || item.dataset.category === category) && (area === '' || item.dataset.area === area);
      item.hidden = !fits;
      if (fits) shown += 1;
    }
    const nothing = form.querySelector<HTMLElement>('[data-nothing]');
    if (nothing) nothing.hidden = shown > 0;
    say(m.vote_showing({ n: number(shown), all: number(cards.length), count: cards.length }));
  };
  const tools = form.querySelector('[data-tools]');
  tools?.addEventListener('input', apply);
  tools?.addEventListener('change', apply);
  tools?.addEventListener('keydown', (event) => {
    // Enter in the search would send the form.
    if ((event as KeyboardEvent).key === 'Enter' && (event.target as HTMLElement).tagName === 'INPUT') event.preventDefault();
  });
  for (const button of form.querySelectorAll('[data-show-all]')) {
    button.addEventListener('click', () => {
      for (const input of form.querySelectorAll<HTMLInputElement>('[name=find]')) input.value = '';
      for (const select of form.querySelectorAll<HTMLSelectElement>('[data-tools] select')) select.value = '';
      form.querySelectorAll<HTMLInputElement>('[name=only]').forEach((radio) => (radio.checked = radio.value === 'all'));
      apply();
    });
  }
}
