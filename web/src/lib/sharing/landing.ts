/** Where somebody who arrives by a poster, a message or a link can act now. Pure. */
import { links } from '#lib/links.ts';
import type { Round } from '#lib/votes/round.ts';

/** The one step that is open; of a project its own page wherever that says more. Works signed in and signed out: each step asks for what it needs and goes on. */
export function landing(fund: string, round: Pick<Round, 'slug' | 'phase'>, project: string | null, hasResult: boolean): string {
  const own = project === null ? null : links.project(fund, round.slug, project);
  switch (round.phase) {
    case 'draft': return links.fund(fund);
    case 'ideas': return links.newIdea(fund, round.slug);
    case 'review': return links.ideas(fund, round.slug);
    case 'notice': return own ?? links.round(fund, round.slug);
    case 'voting': return links.vote(fund, round.slug) + (project === null ? '' : `#project-${encodeURIComponent(project)}`);
    case 'counting': case 'results': case 'delivery': case 'closed': return own ?? (hasResult ? links.results(fund, round.slug) : links.round(fund, round.slug));
  }
}
