/** The receipt, from what this phone holds. */
import { m } from '#lib/paraglide/messages.js';
import type { Given } from './given.ts';
import { readPhone, writePhone, type Cast } from './phone.ts';
import { signedReceipt } from './signed.ts';
import { makeStep, showStep, write, writeLines } from './steps.ts';
import { addUpParts } from './terms.ts';
import { remainderOf } from './words.ts';

interface Shown {
  /** The server's code, where it is another than the phone's. */
  serverCode: string | null;
  /** Whether the phone could keep it. */
  stored: boolean;
}

/** Shows the receipt of a ballot that is in. */
export function showReceipt(given: Given, cast: Cast, { serverCode, stored }: Shown): void {
  const step = makeStep('receipt');
  if (!step) return;
  write(step, {
    code: cast.code, remainder: remainderOf(given.parts, addUpParts(given.parts, cast.lines.map((line) => ({ part: 0, ...line })))),
    signed: signedReceipt(given.round, cast.leaf, cast.signature ?? ''),
    kept: stored ? m.receipt_kept() : m.receipt_not_kept(),
    differs: serverCode === null ? '' : m.receipt_differs({ ours: serverCode, phone: cast.code }),
  });
  writeLines(step, cast.lines, given.parts);
  const alarm = step.querySelector<HTMLElement>('[data-differs]');
  if (alarm) alarm.hidden = serverCode === null;
  step.querySelector('[data-discard]')?.addEventListener('click', () => discard(given, cast, step));
  showStep(step);
}

/** Keeps only what a later change of the ballot needs; what would show the choices goes. */
function discard(given: Given, cast: Cast, step: HTMLElement): void {
  const kept = readPhone(given.round);
  if (kept) writePhone(given.round, { ...kept, choices: [], cast: { ...cast, lines: [], salt: '', leaf: '', code: '', signature: '' } });
  step.querySelectorAll('[data-secret]').forEach((each) => each.remove());
  const gone = step.querySelector<HTMLElement>('[data-gone]');
  if (gone) gone.hidden = false;
}
