/** The queue by keyboard: j and k move, y says yes, n opens the reasons, x ticks. The page works without this. */
const cards = [...document.querySelectorAll<HTMLElement>('[data-request]')];

/** The card that has the focus, or nothing. */
const current = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>('[data-request]') ?? null;

function move(by: 1 | -1): void {
  const here = current();
  const next = here ? cards[cards.indexOf(here) + by] : cards[0];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Opens the reasons and stands at the first; a second tap or the enter key chooses. */
function openReasons(card: HTMLElement): void {
  const reasons = card.querySelector<HTMLDetailsElement>('[data-reasons]');
  if (!reasons) return;
  reasons.open = true;
  reasons.querySelector<HTMLElement>('button[name="reason"]')?.focus();
}

const KEYS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  y: () => current()?.querySelector<HTMLButtonElement>('[data-yes]')?.click(),
  n: () => { const card = current(); if (card) openReasons(card); },
  x: () => current()?.querySelector<HTMLInputElement>('[data-tick]')?.click(),
};

let isSending = false;
document.addEventListener('submit', (event) => {
  // One tap is one decision, however often it is tapped.
  if (isSending) event.preventDefault();
  isSending = true;
});

document.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || (event.target as Element).matches('input:not([type="checkbox"]), textarea, select')) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// The page comes back in the same place after a decision, or from the history, where it may be sent again.
addEventListener('pageshow', () => void (isSending = false));
document.querySelector<HTMLElement>('[data-keys]')?.removeAttribute('hidden');
const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
(named ?? cards[0])?.focus({ preventScroll: !named });
