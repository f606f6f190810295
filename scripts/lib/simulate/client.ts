/** Somebody at a telephone or a desk: a network address, cookies, and calls whose answers are expected or written down. */
import { randomUUID } from 'node:crypto';
import { request, type Agent, type IncomingMessage } from 'node:http';

export interface Sent {
  /** Codes of problems that are fine here; every other one is a surprise. */
  may?: readonly string[];
  /** The idempotency key; a new one for each call otherwise. */
  key?: string;
}

/** An answer: its body, or the code of a problem and what was asked. */
export type Reply<T> = { ok: true; body: T } | { ok: false; code: string; asked: string };

export interface Caller {
  call<T = Record<string, unknown>>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, sent?: Sent): Promise<Reply<T>>;
  /** Sends, and closes the line without waiting for the answer: nobody knows whether it arrived. */
  sendAndLose(path: string, body: unknown, key?: string): Promise<void>;
}

export interface Line {
  agent: Agent;
  /** http://127.0.0.1:PORT */
  origin: string;
  /** How often what came that nobody expected. */
  surprises: Map<string, number>;
}

/** A caller of their own behind a network address; null is this machine. */
export function makeCaller(line: Line, network: string | null): Caller {
  const cookies = new Map<string, string>();
  const headersOf = (method: string, payload: string | undefined, key: string | undefined): Record<string, string | number> => ({
    'sec-fetch-site': 'same-origin', ...(network ? { 'x-forwarded-for': network } : {}), cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...(method === 'GET' ? {} : { 'idempotency-key': key ?? randomUUID() }),
    ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  });
  return {
    async call<T>(method: string, path: string, body?: unknown, { may = [], key }: Sent = {}): Promise<Reply<T>> {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const { incoming, text } = await exchange(line, method, path, payload, headersOf(method, payload, key));
      for (const cookie of incoming.headers['set-cookie'] ?? []) {
        const [pair = ''] = cookie.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const status = incoming.statusCode ?? 0;
      const answer = (text === '' ? {} : JSON.parse(text)) as T & { code?: string };
      if (status < 300) return { ok: true, body: answer };
      const code = answer.code ?? String(status);
      const asked = `${method} ${plain(path)}`;
      if (status >= 500 || !may.includes(code)) surprise(line, `${asked} was answered ${status} ${code}`);
      return { ok: false, code, asked };
    },
    sendAndLose: (path, body, key) => {
      const payload = JSON.stringify(body);
      return lose(line, path, payload, headersOf('POST', payload, key));
    },
  };
}

/** Writes down what should not have been. */
export function surprise(line: Pick<Line, 'surprises'>, what: string): void {
  line.surprises.set(what, (line.surprises.get(what) ?? 0) + 1);
}

/** A path without what is different each time. */
const plain = (path: string): string => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\?.*/, '');

const target = ({ origin }: Line, method: string, path: string) => {
  const { hostname, port } = new URL(origin);
  return { hostname, port, method, path: `/api/v1${path}` };
};

function exchange(line: Line, method: string, path: string, payload: string | undefined, headers: Record<string, string | number>): Promise<{ incoming: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent: line.agent, ...target(line, method, path), headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ incoming, text: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // A server that was busy closes an idle line just as it is used again; it has read nothing of this call.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') exchange(line, method, path, payload, headers).then(resolve, reject);
      else reject(error);
    });
    outgoing.end(payload);
  });
}

function lose(line: Line, path: string, payload: string, headers: Record<string, string | number>): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request({ agent: false, ...target(line, 'POST', path), headers });
    outgoing.on('error', () => resolve());
    outgoing.on('close', () => resolve());
    outgoing.on('finish', () => setTimeout(() => outgoing.destroy(), 2));
    outgoing.end(payload);
  });
}

/** Does something for each, so many at a time. */
export async function together<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
