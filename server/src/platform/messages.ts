/** Messages to people: mail over SMTP, SMS and voice calls through one provider interface, and in a demonstration the outbox page. */
import { createTransport } from 'nodemailer';
import { demonstrationMessage } from '@commonpot/db/platform';
import type { Database } from '@commonpot/db/client';
import type { Config } from './config.ts';
import { newId } from './ids.ts';
import { directionOf, type Language } from './words.ts';

/** How somebody signs in: what an account knows of them. */
export type Channel = 'email' | 'sms';

export interface Message {
  /** A call reads the body aloud. */
  channel: Channel | 'call';
  /** An email address, or a telephone number in E.164. */
  recipient: string;
  /** Shown on a locked screen: never says what it is about. */
  subject: string;
  body: string;
  language: Language;
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

/** A mail as the reader's program shows it: plain, and as HTML that says its language and which way it runs. */
export function mailOf({ subject, body, language }: Message) {
  const escaped = body.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`).replaceAll('\n', '<br>');
  const html = `<!doctype html><html lang="${language}" dir="${directionOf(language)}"><head><meta charset="utf-8"></head><body dir="${directionOf(language)}"><p>${escaped}</p></body></html>`;
  return { subject, text: body, html, headers: { 'Content-Language': language } };
}

/** Mail through SMTP; SMS by one POST of `{ to, text, language }` to the provider's address, and calls by the same to theirs. */
export function deliveringMessenger(config: Config): Messenger {
  const mail = config.smtpUrl ? createTransport(config.smtpUrl) : null;
  return {
    async send(message) {
      if (message.channel === 'email') {
        if (!mail || !config.mailFrom) throw new Error('SMTP_URL is not set');
        await mail.sendMail({ from: config.mailFrom, to: { name: '', address: message.recipient }, ...mailOf(message) });
        return;
      }
      const [setting, url] = message.channel === 'call' ? ['VOICE_WEBHOOK_URL', config.voiceWebhookUrl] : ['SMS_WEBHOOK_URL', config.smsWebhookUrl];
      if (!url) throw new Error(`${setting} is not set`);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: message.recipient, text: message.body, language: message.language }),
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) throw new Error(`the provider behind ${setting} answered ${answer.status}`);
    },
  };
}
