/** Points on a card: a minus and a plus around its number field, which stays what a keyboard or a screen reader types into. */
import { number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import { setValue, valueOf, type Card } from './card.ts';
import type { Choosing } from './choices.ts';

/** Puts the buttons on a card. `told` hears of a change and of a press that could change nothing. */
export function addSteps(card: Card, choosing: Choosing, told: (words: string) => void): void {
  const step = (sign: 1 | -1): HTMLButtonElement => {
    const words = sign > 0 ? m.vote_points_more({ title: card.title }) : m.vote_points_fewer({ title: card.title });
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'step', textContent: sign > 0 ? '+' : '−' });
    button.setAttribute('aria-label', words);
    button.addEventListener('click', () => {
      const room = roomFor(card, choosing);
      const before = valueOf(card);
      const value = sign > 0 ? before + Math.min(1, room) : Math.max(0, before - 1);
      setValue(card, value);
      if (value !== before) told(`${card.title}: ${m.vote_points({ n: number(value), count: value })}.`);
      else if (sign > 0) told(m.vote_points_no_more());
    });
    return button;
  };
  card.input.before(step(-1));
  card.input.after(step(1));
}

/** How many points more the card may have now. */
function roomFor(card: Card, { parts, sums }: Choosing): number {
  const form = parts[card.part]?.form;
  if (form?.kind !== 'points' && form?.kind !== 'scores') return 0;
  const onCard = form.most - valueOf(card);
  return Math.max(0, form.kind === 'points' ? Math.min(onCard, form.total - (sums()[card.part]?.points ?? 0)) : onCard);
}

/** Shows which of the two buttons would do something; both stay reachable, so that focus is never lost. */
export function showSteps(card: Card, choosing: Choosing): void {
  const [fewer, more] = card.item.querySelectorAll('.step');
  fewer?.setAttribute('aria-disabled', String(valueOf(card) === 0));
  more?.setAttribute('aria-disabled', String(roomFor(card, choosing) === 0));
}
