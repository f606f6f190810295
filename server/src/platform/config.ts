/** The one configuration: read once from the environment, validated, and handed on as a value. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { QUICKNET, type BeaconNetwork } from './beacon.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SECRET: z.string().min(32, 'must hold at least 32 characters'),
  KEYS_FOLDER: z.string().min(1),
  PUBLISH_FOLDER: z.string().min(1).optional(),
  PUBLISH_COPY: z.string().min(1).optional(),
  PRIVATE_MIRRORS: flag.default(false),
  TRUST_PROXY: z.string().optional(),
  DEMONSTRATION: flag.default(false),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).optional(),
  SMS_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  VOICE_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  RUN_JOBS: flag.default(true),
  CONTACT: z.email().optional(),
  BALLOT_OFFLINE: flag.default(true),
  BEACON_URLS: z.string().optional(),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  ADMIN_HOST: z.string().min(1).default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  CODES_PER_HOUR: z.coerce.number().int().min(1).default(2000),
  ASKS_PER_HOUR: z.coerce.number().int().min(1).default(120),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface Config {
  databaseUrl: string;
  databasePoolSize: number;
  host: string;
  port: number;
  /** The address people type, without a slash at the end. */
  publicUrl: string;
  /** Keys every keyed hash, seal and session token; at least 32 characters. */
  secret: string;
  /** Where the rounds' keys lie: beside, and never inside, the database and its backups. */
  keysFolder: string;
  /** Where sealed rounds are published from, and the second place that each of them lies in. */
  publishFolder: string;
  publishCopy: string;
  /** Whether mirrors of the log may stand in a private network. */
  privateMirrors: boolean;
  /** The proxies whose forwarded address is believed, hop by hop; none by default. */
  trustProxy: string[] | false;
  demonstration: boolean;
  smtpUrl: string | null;
  mailFrom: string | null;
  smsWebhookUrl: string | null;
  /** Where calls are ordered that read a code aloud; null where nobody is called. */
  voiceWebhookUrl: string | null;
  /** False where a worker of its own runs the jobs. */
  runJobs: boolean;
  /** The address that the accessibility statement names; null for none. */
  contact: string | null;
  /** The public random beacon: its network, and the addresses that are asked for its values, the first first; none where nobody is asked. */
  beacon: { network: BeaconNetwork; urls: string[] };
  /** Whether phones keep the ballot's page for a time without a line; false takes it back from them. */
  ballotOffline: boolean;
  /** Where figures are read, by the operator alone; null for nowhere. */
  adminPort: number | null;
  adminHost: string;
  /** Where traces are sent; null for nowhere. */
  traceEndpoint: string | null;
  /** How many sign-in codes leave in one hour, to all addresses together. */
  codesPerHour: number;
  /** How many requests for money one network sends in an hour; a library is one network. */
  asksPerHour: number;
  logLevel: string;
}

/** A setting that is missing or wrong; the message is one sentence that names it. */
export class WrongConfiguration extends Error {}

/** Reads and validates the environment. Throws `WrongConfiguration` naming the first wrong variable. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  if (given.SECRET_FILE !== undefined && given.SECRET === undefined) given.SECRET = readSecret(given.SECRET_FILE);
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    throw new WrongConfiguration(name in given ? `${name} is wrong: ${issue?.message}.` : `${name} is not set.`);
  }
  const value = parsed.data;
  if (value.SMTP_URL && !value.MAIL_FROM) throw new WrongConfiguration('MAIL_FROM is not set, and SMTP_URL needs it.');
  const published = [value.PUBLISH_FOLDER, value.PUBLISH_COPY].flatMap((path) => (path === undefined ? [] : [resolve(path)]));
  if (new Set(published).size < published.length) throw new WrongConfiguration('PUBLISH_COPY is wrong: a sealed round lies in two places, and this names the same one twice.');
  const publicUrl = new URL(value.PUBLIC_URL ?? `http://localhost:${value.PORT}`);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(publicUrl.hostname);
  if (publicUrl.protocol === 'http:' && !isLoopback) throw new WrongConfiguration('PUBLIC_URL is wrong: outside this machine it must start with https://.');
  if (value.DEMONSTRATION && !isLoopback) throw new WrongConfiguration('DEMONSTRATION is wrong: a demonstration runs on this machine only, and PUBLIC_URL names another.');
  return {
    databaseUrl: value.DATABASE_URL,
    databasePoolSize: value.DATABASE_POOL_SIZE,
    host: value.HOST,
    port: value.PORT,
    publicUrl: publicUrl.origin,
    secret: value.SECRET,
    keysFolder: value.KEYS_FOLDER,
    publishFolder: value.PUBLISH_FOLDER ?? join(dirname(value.KEYS_FOLDER), 'published'),
    publishCopy: value.PUBLISH_COPY ?? join(dirname(value.KEYS_FOLDER), 'published-copy'),
    privateMirrors: value.PRIVATE_MIRRORS,
    trustProxy: readHops(value.TRUST_PROXY),
    demonstration: value.DEMONSTRATION,
    smtpUrl: value.SMTP_URL ?? null,
    mailFrom: value.MAIL_FROM ?? null,
    smsWebhookUrl: value.SMS_WEBHOOK_URL ?? null,
    voiceWebhookUrl: value.VOICE_WEBHOOK_URL ?? null,
    runJobs: value.RUN_JOBS,
    contact: value.CONTACT ?? null,
    beacon: { network: QUICKNET, urls: readBeaconUrls(env.BEACON_URLS, value.DEMONSTRATION) },
    ballotOffline: value.BALLOT_OFFLINE,
    adminPort: value.ADMIN_PORT ?? null,
    adminHost: value.ADMIN_HOST,
    traceEndpoint: value.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    codesPerHour: value.CODES_PER_HOUR,
    asksPerHour: value.ASKS_PER_HOUR,
    logLevel: value.LOG_LEVEL,
  };
}

/** Whoever runs it may be anyone; every value is checked by its signature. */
const BEACON_URLS = ['https://api.drand.sh', 'https://api2.drand.sh', 'https://api3.drand.sh', 'https://drand.cloudflare.com'];

/** A demonstration asks nobody unless it is told to, and an empty text says that nobody is asked. */
function readBeaconUrls(text: string | undefined, isDemonstration: boolean): string[] {
  if (text === undefined) return isDemonstration ? [] : BEACON_URLS;
  const urls = text.split(',').map((each) => each.trim()).filter((each) => each !== '');
  if (urls.some((url) => !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))) throw new WrongConfiguration('BEACON_URLS is wrong: give web addresses, with commas between them, or nothing at all.');
  return urls.map((url) => url.replace(/\/+$/, ''));
}

/** The secret as a file, the way container platforms hand secrets over. */
function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new WrongConfiguration(`SECRET_FILE is wrong: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function readHops(text: string | undefined): Config['trustProxy'] {
  if (text === undefined) return false;
  const hops = text.split(',').map((each) => each.trim());
  if (hops.some((hop) => !/^[\da-f.:/]+$|^(loopback|linklocal|uniquelocal)$/i.test(hop))) {
    throw new WrongConfiguration('TRUST_PROXY is wrong: give the addresses of your proxies, with commas between them.');
  }
  return hops;
}
