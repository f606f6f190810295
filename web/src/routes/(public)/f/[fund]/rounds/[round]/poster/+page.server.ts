import { links } from '#lib/links.ts';
import { loadSubject, press } from '#lib/sharing/press.server.ts';
import { posterWords } from '#lib/sharing/words.ts';

export const load = async (event) => {
  const { fund, round } = await loadSubject(event);
  const words = posterWords(fund, round, null, event.url.origin);
  return { fund, words, qr: press().square(words.url), at: links.round(fund.slug, round.slug) };
};
