import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { makeCodes, reissueCodes } from '@commonpot/server/rounds/roll/contract';
import { call, type Problem } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { LETTER_LANGUAGES, letterWords } from '#lib/rounds/letter-words.ts';
import { press } from '#lib/sharing/press.server.ts';

/** As many as are drawn in a minute on a small machine. */
const LETTERS_MAX = 500;

/** Codes are made, put on letters and handed over in one answer; nothing of them is kept, so the same letters cannot be had again. */
export const POST = async (event) => {
  const { fund, round } = await openRound(event);
  const params = paramsOf(event);
  const form = await event.request.formData();
  const locale = LETTER_LANGUAGES.find((each) => each === form.get('language')) ?? 'en';
  const help = String(form.get('help') ?? '').trim().slice(0, 200);
  const back = (problem: Pick<Problem, 'code'>): never => redirect(303, `${links.adminRound(fund.slug, round.slug, 'codes')}?refused=${problem.code}`);
  const words = (letters: readonly { code: string; name: string | null; postcode: string | null }[]) => letterWords(fund, round, { locale, help, origin: event.url.origin, letters });
  if (help === '') back({ code: 'wrong-shape' });
  // What cannot be drawn is found out before codes are made that nobody would ever see.
  if (!(await press().letters(words([{ code: '0000-0000-0000', name: null, postcode: null }])))) back({ code: 'unavailable' });
  const reply = await make(event, params, form);
  if (!reply.ok) return back(reply.problem);
  const letters = reply.value.codes;
  if (letters.length === 0) back({ code: 'not-found' });
  const bytes = await press().letters(words(letters));
  if (!bytes) return back({ code: 'unavailable' });
  return new Response(bytes, { headers: {
    'content-type': 'application/pdf', 'content-length': String(bytes.length), 'content-disposition': `attachment; filename="${round.slug}-letters.pdf"`, 'cache-control': 'private, no-store',
  } });
};

/** New codes for letters that came back or were lost, by batch or by the names ticked; or first ones, for the roll or so many. */
function make(event: RequestEvent, params: { fund: string; round: string }, form: FormData) {
  const [electors, batch, count] = [form.getAll('elector').map(String), Number(form.get('batch') ?? 0), Number(form.get('count') ?? 0)];
  if (electors.length > 0) return call<typeof reissueCodes>(event, 'POST', '/funds/:fund/rounds/:round/codes/reissue', { params, body: { electors: electors.slice(0, LETTERS_MAX), asOf: Number(form.get('asOf') ?? 0) } });
  if (batch > 0) return call<typeof reissueCodes>(event, 'POST', '/funds/:fund/rounds/:round/codes/reissue', { params, body: { batch, limit: LETTERS_MAX } });
  const body = form.get('for') === 'roll' ? { forRoll: true as const, limit: LETTERS_MAX } : { count: Math.min(count, LETTERS_MAX) };
  return call<typeof makeCodes>(event, 'POST', '/funds/:fund/rounds/:round/codes', { params, body });
}
