/** Pictures as pages read them, and what the API said of a form that it led back. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { ProblemCode } from '@commonpot/server/platform/problems';
import type { listIdeaPictures } from '@commonpot/server/votes/proposals/contract';

export type Picture = AnswerOf<typeof listIdeaPictures>['pictures'][number];

/** What happened to the form with files that led here, and what was typed in it. */
export function sentBack(url: URL): { done: boolean; problem: { code: ProblemCode; status: number } | null; typed: (name: string) => string } {
  const code = url.searchParams.get('problem');
  return {
    done: url.searchParams.has('done'), problem: code && /^[a-z-]{1,60}$/.test(code) ? { code: code as ProblemCode, status: 400 } : null,
    typed: (name) => url.searchParams.get(name) ?? '',
  };
}
