/** A ranking: "Add" on each card, and the list of the chosen with a button up, a button down and one that takes off. */
import { number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { setValue, valueOf, type Card } from './card.ts';
import type { Choosing } from './choices.ts';

type Told = (words: string) => void;

/** The cards of a part in order of preference. */
const ranked = (choosing: Choosing, part: number): Card[] => choosing.chosen().filter((card) => card.part === part);

function number1(order: readonly Card[]): void {
  order.forEach((card, index) => setValue(card, index + 1));
}

/** Puts the button on a card that adds it as the last choice, or takes it off. */
export function addRankButton(card: Card, choosing: Choosing, told: Told): void {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'pick rank' });
  button.addEventListener('click', () => {
    if (valueOf(card) > 0) return takeOff(card, choosing, told);
    const order = ranked(choosing, card.part);
    const form = choosing.parts[card.part]?.form;
    if (form?.kind === 'ranking' && order.length >= form.k) return told(m.vote_no_place({ n: number(form.k), count: form.k }));
    setValue(card, order.length + 1);
    told(m.vote_rank_now({ title: card.title, n: number(order.length + 1) }));
  });
  card.input.after(button);
}

function takeOff(card: Card, choosing: Choosing, told: Told): void {
  setValue(card, 0);
  number1(ranked(choosing, card.part));
  told(m.vote_rank_off({ title: card.title }));
}

/** Shows each card's place, and the list. */
export function showRanking(form: HTMLFormElement, cards: readonly Card[], choosing: Choosing, told: Told): void {
  for (const card of cards) {
    const button = card.item.querySelector<HTMLElement>('.rank');
    const value = valueOf(card);
    if (!button) continue;
    button.textContent = value > 0 ? m.vote_rank_is({ n: number(value) }) : m.vote_rank_add();
    button.setAttribute('aria-label', value > 0 ? m.vote_rank_is_take_off({ title: card.title, n: number(value) }) : m.vote_rank_add_title({ title: card.title }));
    button.setAttribute('aria-pressed', String(value > 0));
  }
  for (const list of form.querySelectorAll<HTMLElement>('[data-ranking]')) showList(list, ranked(choosing, Number(list.dataset.ranking)), choosing, told);
}

function showList(box: HTMLElement, order: readonly Card[], choosing: Choosing, told: Told): void {
  const list = box.querySelector('ol');
  if (!list) return;
  box.hidden = order.length === 0;
  const focused = (document.activeElement as HTMLElement | null)?.dataset.rankAct;
  list.replaceChildren(...order.map((card, index) => rowOf(card, index, order, choosing, told)));
  // The rows are new; the button that was pressed is found again by what it does to which project.
  const again = focused && [...list.querySelectorAll<HTMLElement>('[data-rank-act]')].find((each) => each.dataset.rankAct === focused);
  if (again) again.focus();
}

function rowOf(card: Card, index: number, order: readonly Card[], choosing: Choosing, told: Told): HTMLElement {
  const row = document.createElement('li');
  const to = (place: number) => (): void => {
    if (place < 0 || place >= order.length) return;
    const moved = order.filter((each) => each !== card);
    moved.splice(place, 0, card);
    number1(moved);
    told(m.vote_rank_now({ title: card.title, n: number(place + 1) }));
  };
  const act = (name: string, sign: string, words: string, isOut: boolean, work: () => void): HTMLElement => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: name === 'off' ? 'link-button' : 'step', textContent: sign });
    button.setAttribute('aria-label', words);
    if (isOut) button.setAttribute('aria-disabled', 'true');
    button.dataset.rankAct = `${name} ${card.number}`;
    button.addEventListener('click', work);
    return button;
  };
  const acts = Object.assign(document.createElement('span'), { className: 'acts' });
  acts.append(
    act('up', '↑', m.vote_rank_up({ title: card.title }), index === 0, to(index - 1)),
    act('down', '↓', m.vote_rank_down({ title: card.title }), index === order.length - 1, to(index + 1)),
    act('off', m.vote_take_this_off(), m.vote_take_title_off({ title: card.title }), false, () => {
      const next = order[index + 1] ?? order[index - 1];
      takeOff(card, choosing, told);
      const list = row.parentElement ?? document;
      if (next) [...list.querySelectorAll<HTMLElement>('[data-rank-act]')].find((each) => each.dataset.rankAct === `off ${next.number}`)?.focus();
      else card.item.querySelector<HTMLElement>('.rank')?.focus();
    }),
  );
  const heading = card.item.querySelector('h2');
  const { lang = '', dir = '' } = heading ?? {};
  row.append(Object.assign(document.createElement('span'), { textContent: card.title, lang, dir }), acts);
  return row;
}
