import { answer } from '#lib/sharing/press.server.ts';

export const GET = (event) => answer(event, 'poster');
