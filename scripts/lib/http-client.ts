/** A client of the public API over HTTP: one browser's cookies, kept-alive connections, JSON in and out. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Stop } from './entry.ts';

export interface HttpAnswer {
  status: number;
  body: { readonly code?: string; readonly current?: string; readonly [name: string]: unknown };
}

/** A refusal that the rehearsal did not expect. */
export class Unexpected extends Stop {}

export interface Browser {
  get(path: string): Promise<HttpAnswer>;
  post(path: string, body?: unknown): Promise<HttpAnswer>;
  put(path: string, body?: unknown): Promise<HttpAnswer>;
  /** The answer of a call that has to succeed; throws `Unexpected` otherwise. */
  must<T = Record<string, unknown>>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T>;
}

/** Connections shared by all browsers of one rehearsal; `sockets` at a time. */
export function makeAgent(sockets: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: sockets });
}

/** A browser of its own towards `origin`, such as http://localhost:3000. */
export function openBrowser(origin: string, agent: Agent): Browser {
  const cookies = new Map<string, string>();
  const { hostname, port } = new URL(origin);

  const send = (method: string, path: string, body?: unknown): Promise<HttpAnswer> =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers: Record<string, string | number> = { origin, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
      if (method !== 'GET') headers['idempotency-key'] = randomUUID();
      if (payload !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) });
      const outgoing = request({ agent, hostname, port, method, path: `/api/v1${path}`, headers }, (incoming) => {
        for (const cookie of incoming.headers['set-cookie'] ?? []) {
          const [pair = ''] = cookie.split(';');
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, body: (text === '' ? {} : JSON.parse(text)) as HttpAnswer['body'] });
        });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // A server that was busy closes an idle line just as it is used again; asking once more changes nothing.
        if (method === 'GET' && outgoing.reusedSocket && error.code === 'ECONNRESET') send(method, path).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(payload);
    });

  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    async must<T>(method: string, path: string, body?: unknown) {
      const { status, body: answer } = await send(method, path, body);
      if (status >= 300) throw new Unexpected(`${method} ${path} was answered ${status}: ${JSON.stringify(answer)}`);
      return answer as T;
    },
  };
}
