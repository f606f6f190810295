/** From "Check your ballot" to the receipt, on the phone: look, cast, wait for the line, compare. */
import { m } from '#lib/paraglide/messages.js';
import type { Choosing } from './choices.ts';
import type { Given } from './given.ts';
import { markUnsent } from './keeping.ts';
import { leafOf, randomHex, receiptCode, voidOf } from './leaf.ts';
import { linesOf } from './receipt-lines.ts';
import { readPhone, writePhone, type Kept, type Line, type Sending } from './phone.ts';
import { showReceipt } from './receipt.ts';
import { sendBallot } from './send.ts';
import { makeStep, showStep, write, writeLines } from './steps.ts';
import { checkTitle, faultOf, remainderOf } from './words.ts';

let onItsWay = false;

/** Shows the choices for a last look; says what is wrong instead, where they are no legal ballot. */
export function openCheck(given: Given, choosing: Choosing): HTMLElement | null {
  const sums = choosing.sums();
  const fault = faultOf(given.parts, sums);
  if (fault) {
    sayFault(fault);
    return null;
  }
  document.querySelector('main > [data-view=check]')?.remove();
  const step = makeStep('check');
  const form = step?.querySelector<HTMLFormElement>('form');
  if (!step || !form) return null;
  const [texts, lines] = [choosing.lines(), linesOf(choosing)];
  write(step, { title: checkTitle(sums), remainder: remainderOf(given.parts, sums) });
  writeLines(step, lines, given.parts);
  const replaces = step.querySelector<HTMLElement>('[data-replaces]');
  if (replaces) replaces.hidden = given.current === null && !readPhone(given.round)?.cast;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void cast(given, { texts, lines }, step, form);
  });
  step.querySelector('[data-back]')?.addEventListener('click', (event) => {
    event.preventDefault();
    history.back();
  });
  history.pushState({ step: 'check' }, '');
  showStep(step);
  return step;
}

function sayFault(words: string): void {
  const place = document.querySelector<HTMLElement>('[data-bar=fault]');
  if (!place) return;
  place.hidden = false;
  place.textContent = words;
}

/** While a ballot is on its way, going back would show choices that can no longer be changed. */
export function isOnItsWay(): boolean {
  return onItsWay;
}

/** Casts what was looked at, or goes on with the ballot that is on its way already. */
export async function cast(given: Given, { texts, lines }: { texts: string[]; lines: Line[] }, step: HTMLElement, form: HTMLFormElement): Promise<void> {
  if (onItsWay) return;
  onItsWay = true;
  const kept = readPhone(given.round) ?? { sitting: given.sitting, choices: texts, sending: null, cast: null };
  const isTheSame = kept.sending?.projects.join() === texts.join();
  const sending = kept.sending && isTheSame ? kept.sending : await newSending(given, kept, texts);
  writePhone(given.round, { ...kept, sending });
  showWaiting(given, step, null);
  await markUnsent(true).catch(() => undefined);
  const outcome = await sendBallot(given.castUrl, sending, (forWhat) => showWaiting(given, step, forWhat));
  await markUnsent(false).catch(() => undefined);
  onItsWay = false;
  if (outcome === 'refused') {
    writePhone(given.round, { ...kept, sending: null });
    return askServer(form, sending);
  }
  const { answer } = outcome;
  const leaf = await leafOf({ round: given.round, area: given.area, projects: sending.projects, salt: sending.salt, void: sending.void });
  const done = { lines, salt: sending.salt, voidKey: sending.voidKey, leaf, code: receiptCode(leaf), current: answer.current, signature: answer.receipt };
  const stored = writePhone(given.round, { ...kept, choices: sending.projects, sending: null, cast: done });
  history.replaceState(null, '', given.receiptUrl);
  showReceipt(given, done, { serverCode: answer.leaf === leaf && answer.code === done.code ? null : answer.code, stored });
}

async function newSending(given: Given, kept: Kept, projects: string[]): Promise<Sending> {
  const voidKey = randomHex();
  return {
    projects, salt: randomHex(), voidKey, void: await voidOf(voidKey),
    replaces: kept.cast?.current ?? given.current, oldVoidKey: kept.cast?.voidKey ?? null,
  };
}

function showWaiting({ closesAt, until }: Given, step: HTMLElement, forWhat: 'line' | 'server' | null): void {
  const note = step.querySelector<HTMLElement>('[data-waiting]');
  const isLate = Date.parse(closesAt) <= Date.now();
  const words = forWhat === null ? '' : isLate ? m.vote_waiting_late({ until }) : forWhat === 'line' ? m.vote_waiting_line({ until }) : m.vote_waiting_server();
  if (note) {
    note.hidden = words === '';
    const place = note.querySelector('p');
    if (place && place.textContent !== words) place.textContent = words;
  }
  for (const button of step.querySelectorAll<HTMLButtonElement>('form:not([data-forget]) button')) button.disabled = true;
  write(step, { cast: m.vote_sending() });
}

/** The server said no: the same ballot goes through the page's own form, whose answer explains and names the next step. */
function askServer(form: HTMLFormElement, sending: Sending): void {
  const fields: [string, string][] = [...sending.projects.map((number): [string, string] => ['p', number]), ['salt', sending.salt], ['void', sending.void], ['replaces', sending.replaces ?? '']];
  form.querySelectorAll('input[type=hidden]').forEach((each) => each.remove());
  for (const [name, value] of fields) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  form.submit();
}
