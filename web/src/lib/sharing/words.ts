/** What cards and posters say, in the language of the page. */
import type { CardWords, PosterWords } from '@commonpot/server/platform/press/contract';
import { inOneLine, money } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { Fund, Project, Round } from '#lib/votes/round.ts';
import { roundHeading, standing, whoMayVote } from '#lib/votes/round-words.ts';

const direction = (): CardWords['direction'] => (getLocale() === 'ar' ? 'rtl' : 'ltr');

/** A round's card, or that of one of its projects. */
export function cardWords(fund: Fund, round: Round, project: Project | null): CardWords {
  return {
    direction: direction(), fund: fund.name, kicker: project ? m.poster_of_round({ round: round.title }) : round.title,
    title: project ? project.title : roundHeading(round), figure: project ? money(project.costMinor, round.currency) : null, lead: standing(round, fund.timeZone),
  };
}

/** The card of an idea: what its proposer thinks it costs, and where its round stands. */
export function ideaCardWords(fund: Fund, round: Round, idea: { title: string; roughCostMinor: number | null }): CardWords {
  const figure = idea.roughCostMinor === null ? null : money(idea.roughCostMinor, round.currency);
  return { direction: direction(), fund: fund.name, kicker: m.ideas_of_round({ round: round.title }), title: idea.title, figure, lead: standing(round, fund.timeZone) };
}

/** What there is to do in a phase. */
function whatToDo(phase: Round['phase']): string {
  switch (phase) {
    case 'ideas': return m.poster_do_ideas();
    case 'draft': case 'review': return m.poster_do_review();
    case 'notice': return m.poster_do_notice();
    case 'voting': return m.poster_do_voting();
    default: return m.poster_do_results();
  }
}

/** How to take part without a telephone. */
function withoutPhone({ phase, credentials }: Round): string {
  if (phase === 'ideas') return m.poster_phone_ideas();
  if (phase !== 'voting' && phase !== 'notice') return m.poster_phone_read();
  return credentials.includes('code') ? m.poster_phone_code() : m.poster_phone_computer();
}

/** A poster of a round or of one of its projects; `origin` is the address of this site. */
export function posterWords(fund: Fund, round: Round, project: Project | null, origin: string): PosterWords {
  const { kicker, title, figure, lead } = cardWords(fund, round, project);
  const url = origin + links.short(fund.slug, round.slug, project?.number);
  const link = url.replace(/^https?:\/\//, '');
  const place = project ? inOneLine([project.category, project.area]) : '';
  return {
    language: getLocale(), direction: direction(), fund: fund.name, kicker, title, figure, lead: project?.summary || whatToDo(round.phase),
    facts: [
      { label: m.poster_when(), value: lead }, ...(place ? [{ label: m.poster_where(), value: place }] : []), { label: m.poster_who(), value: whoMayVote(round) },
      ...(round.budgetMinor === null || round.isPractice || project ? [] : [{ label: m.poster_money(), value: money(round.budgetMinor, round.currency) }]),
    ],
    how: m.poster_how(), withoutPhone: withoutPhone(round), ask: m.poster_ask({ host: fund.host }), url, link, square: m.poster_square({ link }),
  };
}
