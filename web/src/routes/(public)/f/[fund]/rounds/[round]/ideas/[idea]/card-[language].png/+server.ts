import { answerIdea } from '#lib/sharing/press.server.ts';

export const GET = (event) => answerIdea(event);
