import { openRound } from '#lib/rounds/admin.server.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = openRound;

const CREDENTIALS = ['sign-in', 'roll', 'code'] as const;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const typed = { credentials: CREDENTIALS.filter((each) => form.getAll('credential').includes(each)), age: String(form.get('age') ?? '').trim(), parents: String(form.get('parents') ?? '').trim(), places: String(form.get('area') ?? '') };
    const area = [...new Set(typed.places.split(/[\n,;]/).map((line) => line.trim()).filter((line) => line !== ''))];
    return save(event, { credentials: typed.credentials, minimumAge: typed.age === '' ? null : Number(typed.age), ...(form.has('parents') ? { consentBelowAge: typed.parents === '' ? null : Number(typed.parents) } : {}), area }, typed);
  },
};
