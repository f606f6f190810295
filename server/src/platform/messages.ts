/** Messages to people: mail over SMTP, SMS through one provider interface, and in a demonstration the outbox page. */
import { createTransport } from 'nodemailer';
import { demonstrationMessage } from '@commonpot/db/platform';
import type { Database } from '@commonpot/db/client';
import type { Config } from './config.ts';
import { newId } from './ids.ts';

export type Channel = 'email' | 'sms';

export interface Message {
  channel: Channel;
  /** An email address, or a telephone number in E.164. */
  recipient: string;
  /** Shown on a locked screen: never says what it is about. */
  subject: string;
  body: string;
}

/** Delivers one message or throws; the job that calls it tries again. */
export interface Messenger {
  send(message: Message, now: Date): Promise<void>;
}

/** Keeps messages in the database for the outbox page; the one messenger of a demonstration. */
export function demonstrationMessenger(db: Database): Messenger {
  return {
    async send(message, now) {
      await db.insert(demonstrationMessage).values({ id: newId(), ...message, at: now });
    },
  };
}

/** Mail through SMTP, and SMS by one POST of `{ to, text }` to the provider's address. */
export function deliveringMessenger(config: Config): Messenger {
  const mail = config.smtpUrl ? createTransport(config.smtpUrl) : null;
  return {
    async send(message) {
      if (message.channel === 'email') {
        if (!mail || !config.mailFrom) throw new Error('SMTP_URL is not set');
        await mail.sendMail({ from: config.mailFrom, to: message.recipient, subject: message.subject, text: message.body });
        return;
      }
      if (!config.smsWebhookUrl) throw new Error('SMS_WEBHOOK_URL is not set');
      const answer = await fetch(config.smsWebhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: message.recipient, text: message.body }),
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) throw new Error(`the SMS provider answered ${answer.status}`);
    },
  };
}
