/**
 * The one script of the voter's pages. They work without it; with it the sums are kept up, choices survive,
 * a dead line is waited for, and the phone checks the receipt. It enhances what the server has put on the page.
 */
import { cast, isOnItsWay, openCheck } from './casting.ts';
import type { Choosing } from './choices.ts';
import { watchChoices } from './choosing.ts';
import { readGiven, type Given } from './given.ts';
import { keepPage, markUnsent } from './keeping.ts';
import { forgetPages } from './kept-pages.ts';
import { linesOf } from './receipt-lines.ts';
import { forgetEverything, forgetRound, readPhone, writePhone, type Kept } from './phone.ts';
import { showReceipt } from './receipt.ts';
import { makeStep, showStep } from './steps.ts';

/** What the phone keeps of this round, if it is this voter's: `theirs` when it may be somebody else's. */
function keptFor(given: Given): { mine: Kept | null; theirs: boolean } {
  const kept = readPhone(given.round);
  if (!kept) return { mine: null, theirs: false };
  const isMine = kept.sitting === given.sitting || (given.current !== null && kept.cast?.current === given.current);
  const isEmpty = kept.choices.length === 0 && !kept.sending && !kept.cast;
  return isMine ? { mine: kept, theirs: false } : { mine: null, theirs: !isEmpty };
}

function startBallot(given: Given, form: HTMLFormElement): void {
  const { mine, theirs } = keptFor(given);
  const choosing = watchChoices(form, given.parts, (choices) => {
    const kept = readPhone(given.round) ?? { sitting: given.sitting, choices, sending: null, cast: null };
    writePhone(given.round, { ...kept, choices });
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    openCheck(given, choosing);
  });
  addEventListener('popstate', () => {
    if (isOnItsWay()) history.pushState({ step: 'check' }, '');
    else showStep(form);
  });
  const isKept = form.hasAttribute('data-kept');
  const note = form.querySelector<HTMLElement>('[data-no-line]');
  if (note) note.hidden = !isKept;
  void keepPage(!given.hasChoices && location.search === '').catch(() => undefined);
  if (!mine?.sending) void markUnsent(false).catch(() => undefined);
  addEventListener('pageshow', () => {
    // A browser puts back what was ticked before, in a tab of somebody who left too: only what the phone keeps counts.
    if (!given.hasChoices && !readPhone(given.round)) choosing.choose([]);
  });
  if (theirs) return askWhose(given, form, choosing);
  if (isKept && mine?.cast?.code && location.pathname === given.receiptUrl) return showReceipt(given, mine.cast, { serverCode: null, stored: true });
  if (mine) goOn(given, choosing, mine, isKept);
}

/** Takes up what the phone kept for this voter, a ballot on its way first of all. */
function goOn(given: Given, choosing: Choosing, kept: Kept, isKept: boolean): void {
  // A ballot that was replaced from elsewhere is not the one this phone could withdraw; a kept page does not know.
  const known = isKept || kept.cast?.current === given.current ? kept.cast : null;
  writePhone(given.round, { ...kept, sitting: given.sitting, cast: kept.sending ? kept.cast : known });
  if (!kept.sending) {
    if (!given.hasChoices) choosing.choose(kept.choices);
    return;
  }
  choosing.choose(kept.sending.projects);
  const step = openCheck(given, choosing);
  const form = step?.querySelector('form');
  if (step && form) void cast(given, { texts: choosing.lines(), lines: linesOf(choosing) }, step, form);
}

/** Somebody used this phone before and left something. Nothing of it is shown until this voter says it is theirs. */
function askWhose(given: Given, form: HTMLFormElement, choosing: Choosing): void {
  const step = makeStep('theirs');
  if (!step) return;
  step.querySelector('[data-mine]')?.addEventListener('click', () => {
    const kept = readPhone(given.round);
    showStep(form);
    // Choices, and never a ballot on its way: it may be somebody else's after all, and nothing is cast unseen.
    if (kept) goOn(given, choosing, { ...kept, sending: null }, false);
  });
  step.querySelector('[data-not-mine]')?.addEventListener('click', () => {
    forgetRound(given.round);
    showStep(form);
  });
  showStep(step);
}

/** The receipt's own page, opened again. */
function startReceipt(given: Given): void {
  const { mine } = keptFor(given);
  if (mine?.cast?.code) showReceipt(given, mine.cast, { serverCode: null, stored: true });
}

const given = readGiven();
// Without a secure origin a browser has no hashing, and the pages work as they do without a script.
if (given && globalThis.crypto?.subtle) {
  const form = document.querySelector<HTMLFormElement>('form[data-choose]');
  if (form) startBallot(given, form);
  else if (document.querySelector('[data-receipt-page]')) startReceipt(given);
  // Steps that are shown later have such a form too.
  document.addEventListener('submit', (event) => {
    if (!(event.target as HTMLElement).matches('[data-forget]')) return;
    forgetEverything();
    void forgetPages().catch(() => undefined);
    if (navigator.onLine) return;
    event.preventDefault();
    const step = makeStep('forgotten');
    if (step) showStep(step);
  });
  addEventListener('pageshow', (event) => {
    // The way back must not lead to choices that were forgotten.
    if (event.persisted && !readPhone(given.round)) location.reload();
  });
}
