/** Who plays in a rehearsal besides its voters, signed in. */
import type { Agent } from 'node:http';
import { openBrowser, Unexpected, type Browser } from '../http-client.ts';
import type { Stage } from './stage.ts';

export interface People {
  administrator: Browser;
  second: Browser;
  officer: Browser;
  shop: Browser;
}

/** Signs in by code, out of the demonstration's outbox. */
async function signIn(stage: Stage, agent: Agent, address: string): Promise<Browser> {
  const browser = openBrowser(stage.origin, agent);
  await browser.must('POST', '/sign-in/codes', { channel: 'email', address });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { messages } = await browser.must<{ messages: { recipient: string; body: string }[] }>('GET', '/demonstration/messages');
    const code = messages.find((message) => message.recipient === address)?.body.slice(0, 6);
    if (code) {
      await browser.must('POST', '/sign-in', { code });
      return browser;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Unexpected(`no code reached ${address}`);
}

/** The first administrator, and those whom they invite. */
export async function signInPeople(stage: Stage, agent: Agent): Promise<People> {
  const administrator = await signIn(stage, agent, stage.administrator);
  const invite = async (address: string, role: string, name: string, organisation?: string): Promise<Browser> => {
    await administrator.must('POST', `/funds/${stage.fund}/members`, { channel: 'email', address, role, name, ...(organisation ? { organisation } : {}) });
    return signIn(stage, agent, address);
  };
  const [officer, shop] = await Promise.all([invite('cleo@example.org', 'officer', 'Cleo', 'The Agency'), invite('dora@example.org', 'shop', 'Dora', 'The Shop')]);
  // From here on nobody is made an administrator or an officer by one person alone.
  const second = await invite('bela@example.org', 'administrator', 'Bela');
  return { administrator, second, officer, shop };
}
