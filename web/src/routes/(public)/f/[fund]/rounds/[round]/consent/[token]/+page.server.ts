import { error, redirect } from '@sveltejs/kit';
import { keepToken } from '#lib/consent/cookie.server.ts';
import { links } from '#lib/links.ts';

/** Looking at a link answers nothing: mail programs do it too. */
export const load = ({ params, cookies }) => {
  if (!keepToken(cookies, params)) error(404, { message: '', code: 'not-found' });
  redirect(303, links.consent(params.fund, params.round));
};
