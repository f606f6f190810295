/** "Make room": the choices that could come off the ballot, on the card of the project that does not fit. */
import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Card } from './card.ts';
import type { Choosing } from './choices.ts';

/** Opens the list on the card, or closes it. Taking enough off makes the card choosable again, and the list goes. */
export function makeRoomFor(card: Card, button: HTMLButtonElement, choosing: Choosing, takeOff: (card: Card) => void): void {
  const open = card.item.querySelector('.room');
  button.setAttribute('aria-expanded', String(!open));
  if (open) return open.remove();
  const room = Object.assign(document.createElement('div'), { className: 'room' });
  room.append(Object.assign(document.createElement('p'), { textContent: m.vote_take_off() }), listOf(choosing, card.part, (chosen, row) => {
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('button');
    row.remove();
    (next ?? button).focus();
    takeOff(chosen);
  }));
  card.item.append(room);
  room.querySelector('button')?.focus();
}

function listOf({ chosen, parts }: Choosing, part: number, take: (card: Card, row: HTMLElement) => void): HTMLElement {
  const list = Object.assign(document.createElement('ul'), { className: 'lines' });
  for (const each of chosen().filter((other) => other.part === part).sort((a, b) => a.costMinor - b.costMinor)) {
    const row = document.createElement('li');
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link-button', textContent: m.vote_take_this_off() });
    button.setAttribute('aria-label', m.vote_take_title_off({ title: each.title }));
    button.addEventListener('click', () => take(each, row));
    row.append(Object.assign(document.createElement('span'), { textContent: `${each.title}, ${money(each.costMinor, parts[part]?.currency ?? '')}` }), button);
    list.append(row);
  }
  return list;
}
