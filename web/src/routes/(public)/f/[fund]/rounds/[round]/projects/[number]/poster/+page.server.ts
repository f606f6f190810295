import { links } from '#lib/links.ts';
import { loadSubject, press } from '#lib/sharing/press.server.ts';
import { posterWords } from '#lib/sharing/words.ts';

export const load = async (event) => {
  const { fund, round, project } = await loadSubject(event);
  const words = posterWords(fund, round, project, event.url.origin);
  return { fund, words, qr: press().square(words.url), at: links.project(fund.slug, round.slug, event.params.number) };
};
