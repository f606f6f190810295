/**
 * Sends the form without leaving the page, so that a line which dies leaves all that was typed where it is. The key in the
 * form makes the same request of it however often it is sent. The page works without this.
 */
const TIMEOUT_MS = 20_000;

const form = document.querySelector<HTMLFormElement>('form[data-ask]');
const show = (name: string, isShown: boolean) => document.querySelector<HTMLElement>(`[data-note="${name}"]`)?.toggleAttribute('hidden', !isShown);

async function send(of: HTMLFormElement): Promise<void> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(of.action, { method: 'POST', body: new FormData(of), headers: { accept: 'text/html' }, signal: stop.signal });
    if (answer.redirected) return location.assign(answer.url);
    // What has to be mended is shown by the page itself; sent again, it is still the same request.
    of.submit();
  } catch {
    show('sending', false);
    show('died', true);
    document.querySelector<HTMLElement>('[data-note="died"]')?.focus();
  } finally {
    clearTimeout(timer);
  }
}

let isSending = false;
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  show('died', false);
  show('sending', true);
  void send(form).finally(() => (isSending = false));
});
