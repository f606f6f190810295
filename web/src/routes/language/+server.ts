import { redirect } from '@sveltejs/kit';
import { links, safeNext } from '#lib/links.ts';
import { cookieMaxAge, cookieName, isLocale } from '#lib/paraglide/runtime.js';

/** Keeps the language somebody chose at the foot of a page, and leads back to that page. */
export const POST = async ({ request, cookies }) => {
  const form = await request.formData();
  const language = form.get('language');
  // The voter's script reads it too, so that both speak the same language.
  if (isLocale(language)) cookies.set(cookieName, language, { path: '/', maxAge: cookieMaxAge, httpOnly: false, sameSite: 'lax' });
  redirect(303, safeNext(String(form.get('next') ?? '')) ?? links.home());
};
