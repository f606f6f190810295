import { error, redirect } from '@sveltejs/kit';
import { keepToken } from '#lib/delivery/deliverer.server.ts';
import { links } from '#lib/links.ts';

export const load = ({ params, cookies }) => {
  if (!keepToken(cookies, params)) error(404, { message: '', code: 'not-found' });
  redirect(303, links.deliver(params.fund, params.round));
};
