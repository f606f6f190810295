import { redirect } from '@sveltejs/kit';
import { links } from '#lib/links.ts';
import { declareFrom } from '#lib/proposals/interest.server.ts';
import { openReview, ROLE_COOKIE } from '#lib/proposals/review.server.ts';

export const load = async (event) => ({ ...(await openReview(event)), role: event.cookies.get(ROLE_COOKIE) ?? '' });

export const actions = {
  default: async (event) => (await declareFrom(event, null)) ?? redirect(303, links.ideas(event.params.fund, event.params.round)),
};
