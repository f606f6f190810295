import { error } from '@sveltejs/kit';
import { READERS } from '#lib/help/questions.ts';

export const load = ({ params }) => {
  const reader = READERS.find((each) => each === params.reader);
  if (!reader) error(404, { message: '', code: 'not-found' });
  return { reader };
};
