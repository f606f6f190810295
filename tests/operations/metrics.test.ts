/** Figures and traces: what the operator needs, nothing of a person, and no single ballot. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '@commonpot/server/app';
import { countRuns } from '@commonpot/server/platform/metrics';
import { within } from '@commonpot/db/client';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { startCommand, endCommands } from '../lib/command.ts';
import { makeVisitor, makeWorld, type World } from '../lib/world.ts';
import { cast, draw, openVoting, phoneWith, type VotingRound } from '../votes/voting-round.ts';

let world: World;
let round: VotingRound;
beforeAll(async () => {
  world = await makeWorld();
  round = await openVoting(world, { codes: 5 });
});
afterAll(async () => {
  await endCommands();
  await world.close();
});

const figures = () => world.app.metrics.registry.metrics();
const voting = async () => (await figures()).split('\n').filter((line) => line.startsWith('commonpot_voting_requests_total{'));

describe('the figures', () => {
  it('time requests by route pattern', async () => {
    await world.fund.people.administrator.get(`/funds/${world.fund.slug}/pots`);
    expect(await figures()).toMatch(/commonpot_http_request_seconds_count\{method="GET",route="\/api\/v1\/funds\/:fund\/pots",status="200"\} [1-9]/);
  });

  it('show voting in steps of ten minutes only, and never time it', async () => {
    world.clock.now = new Date('2026-11-22T12:01:00Z');
    const phone = await phoneWith(world, round, round.codes[0] as string);
    await cast(phone, round, draw('1'));
    await phone.get(`${round.path}/ballot`);
    expect(await voting()).toEqual([]);
    world.clock.forward(8.9);
    const second = await phoneWith(world, round, round.codes[1] as string);
    await cast(second, round, draw('2'));
    expect(await voting()).toEqual([]);
    world.clock.forward(0.1);
    const cast200 = (count: number) => expect.stringContaining(`{method="POST",route="/api/v1/funds/:fund/rounds/:round/ballot",status="200"} ${count}`);
    expect(await voting()).toContainEqual(cast200(2));
    const third = await phoneWith(world, round, round.codes[2] as string);
    await cast(third, round, draw('2'));
    expect(await voting()).toContainEqual(cast200(2));
    world.clock.forward(10);
    expect(await voting()).toContainEqual(cast200(3));
    expect((await figures()).split('\n').filter((line) => line.startsWith('commonpot_http_request_seconds') && /ballot|enter-code|\/join|turnout/.test(line))).toEqual([]);
  });

  it('are about the pool, the queue, the jobs and the event loop', async () => {
    await within(world.app.services.db, {}, (tx) => world.app.services.queue.enqueue(tx, 'votes.count', {}));
    world.clock.now = new Date();
    world.clock.forward(3);
    const jobs = countRuns([
      { name: 'votes.count', run: async () => {} },
      { name: 'payouts.expire', run: async () => { throw new Error('broken'); } },
    ], world.app.metrics);
    await jobs[0]?.run({} as never, world.clock.now);
    await expect(jobs[1]?.run({} as never, world.clock.now)).rejects.toThrow('broken');
    const text = await figures();
    expect(text).toMatch(/commonpot_database_connections\{state="idle"\} [1-9]/);
    expect(text).toMatch(/commonpot_queue_jobs\{job="votes\.count",state="created"\} 1/);
    expect(text).toMatch(/commonpot_queue_oldest_seconds\{job="votes\.count"\} 1[78]\d/);
    expect(text).toMatch(/commonpot_queue_jobs\{job="payouts\.expire",state="created"\} 0/);
    expect(text).toContain('commonpot_job_runs_total{job="votes.count",outcome="done"} 1');
    expect(text).toContain('commonpot_job_runs_total{job="payouts.expire",outcome="failed"} 1');
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/);
  });

  it('name nobody, no fund and no round', async () => {
    await world.visitor().post('/sign-in/codes', { channel: 'email', address: 'very.private@example.org' });
    await world.visitor().get('/telling-path?telling=query');
    const text = await figures();
    const { rows } = await world.superuser('select id::text from account union select id::text from fund union select id::text from round union select slug from fund union select slug from round');
    for (const secret of ['very.private', 'telling', '127.0.0.1', ...rows.map((row) => row.id), ...round.codes]) expect(text).not.toContain(secret);
  });
});

describe('the admin port', () => {
  const ask = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  it('of a worker serves figures and readiness on the loopback address, and ends with it', async () => {
    const port = await findFreePort();
    const settings = { DATABASE_URL: world.database.ownerUrl, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder, LOG_LEVEL: 'silent' };
    const worker = startCommand('worker', { ...settings, ADMIN_PORT: String(port) });
    await worker.said(/The worker runs the jobs/);
    expect(await (await ask(port, '/metrics')).text()).toContain('commonpot_queue_jobs{job="rounds.advance"');
    expect(await (await ask(port, '/health/ready')).text()).toBe('ready\n');
    expect((await ask(port, '/')).status).toBe(404);
    const taken = startCommand('worker', { ...settings, ADMIN_PORT: String(port) });
    expect([await taken.ended, taken.stderr()]).toEqual([1, `Port ${port} is taken by another program; set ADMIN_PORT to a free one.\n`]);
    await expect.poll(async () => (await ask(port, '/metrics')).text(), { timeout: 30_000 }).toMatch(/commonpot_job_runs_total\{job="rounds\.advance",outcome="done"\} [1-9]/);
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    await expect(ask(port, '/metrics')).rejects.toThrow();
  });

  it('is nowhere unless it is set, and no path of the product', async () => {
    expect(world.config.adminPort).toBe(null);
    expect((await world.visitor().get('/api/v1/metrics')).status).toBe(404);
  });
});

describe('traces', () => {
  it('go where the environment says: one span a request, by route pattern, and none for voting', async () => {
    const bodies: string[] = [];
    const collector = await listen(createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
        bodies.push(`${request.url} ${text}`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
    const app = await buildApp({ ...world.config, traceEndpoint: endpoint }, { clock: () => new Date(), pages: false });
    await app.ready();
    const traced = { ...world, app, visitor: () => makeVisitor(app, null) };
    await traced.visitor().get(`/funds/${world.fund.slug}/pots?telling=query`);
    await traced.visitor().post(`${round.path}/enter-code`, { code: round.codes[3] });
    await traced.visitor().get(`${round.path}/ballot`);
    await app.close();
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    collector.close();
    const text = bodies.join('\n');
    expect(text).toMatch(/^\/v1\/traces /);
    expect(text).toContain('GET /api/v1/funds/:fund/pots');
    expect(text).not.toMatch(/ballot|enter-code|telling|tanner-hill|127\.0\.0\.1/);
  });
});

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
