/** Search, and the chips and lists beside it, without asking the server. */
import { m } from '#lib/paraglide/messages.js';
import { number } from '#lib/format.ts';
import { valueOf, type Card } from './card.ts';
import { finds } from './filter.ts';

/** Keeps the cards in sight that are looked for; `say` tells how many. */
export function watchFilters(form: HTMLFormElement, cards: readonly Card[], say: (words: string) => void): void {
  const field = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[name=${name}]`);
  const apply = (): void => {
    const search = field<HTMLInputElement>('find')?.value ?? '';
    const only = form.querySelector<HTMLInputElement>('[name=only]:checked')?.value ?? 'all';
    const category = field<HTMLSelectElement>('category')?.value ?? '';
    const area = field<HTMLSelectElement>('area')?.value ?? '';
    let shown = 0;
    for (const card of cards) {
      const { item, input, text } = card;
      const isChosen = valueOf(card) > 0;
      const fits = finds(search, text)
        && (only === 'mine' ? isChosen : only === 'fits' ? isChosen || !input.disabled : true)
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
