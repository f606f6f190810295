/**
 * Keeps an idea on the phone until it is sent, so that a lost connection loses nothing. Only the idea's words: never
 * a name, an address or a code. The pages work without it.
 */
const FIELDS = ['draft', 'title', 'description', 'place', 'cost'] as const;
const DAYS = 7;

interface Kept {
  at: number;
  fields: Record<string, string>;
}

const form = document.querySelector<HTMLFormElement>('form[data-idea]');
const keyOf = (round: string) => `commonpot.idea.${round}`;

function read(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    return kept && Date.now() - kept.at < DAYS * 86_400_000 ? kept : null;
  } catch {
    return null;
  }
}

function keep(of: HTMLFormElement, key: string): void {
  const given = new FormData(of);
  const fields = Object.fromEntries(FIELDS.map((name) => [name, String(given.get(name) ?? '')]));
  try {
    if (fields.title || fields.description) localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
  } catch {
    // A phone that keeps nothing still sends.
  }
}

/** Puts back what was kept, where the page is still empty. */
function restore(of: HTMLFormElement, key: string): void {
  const kept = read(key);
  const given = new FormData(of);
  if (!kept || ['title', 'description', 'place', 'cost'].some((name) => String(given.get(name) ?? '') !== '')) return;
  for (const name of FIELDS) {
    const field = of.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = kept.fields[name] ?? '';
  }
  show('restored');
}

function show(name: string): void {
  document.querySelector<HTMLElement>(`[data-note="${name}"]`)?.removeAttribute('hidden');
}

if (form) {
  const key = keyOf(form.dataset.idea ?? '');
  restore(form, key);
  show('kept');
  form.addEventListener('input', () => keep(form, key));
  form.addEventListener('submit', (event) => {
    keep(form, key);
    if (navigator.onLine) return;
    event.preventDefault();
    show('offline');
  });
}

const sent = document.querySelector<HTMLElement>('[data-sent]')?.dataset.sent;
if (sent) localStorage.removeItem(keyOf(sent));
