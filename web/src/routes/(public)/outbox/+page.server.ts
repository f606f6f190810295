import { error } from '@sveltejs/kit';

interface Message {
  id: string;
  channel: 'email' | 'sms' | 'call';
  recipient: string;
  subject: string;
  body: string;
  at: string;
  language: string;
}

/** Exists only where the server serves it: in a demonstration, to the loopback address. */
export const load = async (event) => {
  const response = await event.fetch('/api/v1/demonstration/messages');
  if (!response.ok) error(404, { message: '', code: 'not-found' });
  return (await response.json()) as { messages: Message[] };
};
