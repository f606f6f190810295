import { error, redirect } from '@sveltejs/kit';
import { keepToken } from '#lib/grants/cookie.server.ts';
import { links } from '#lib/links.ts';

/** A private link: its token goes into a cookie, and the address is clean at once. Opening it changes nothing: mail programs do it too. */
export const GET = ({ params, cookies }) => {
  if (!keepToken(cookies, params.fund, params.token)) error(404, { message: '', code: 'not-found' });
  redirect(303, links.asked(params.fund));
};
