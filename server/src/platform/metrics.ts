/**
 * Figures for Prometheus. Labels are route patterns, statuses and names of jobs:
 * nothing of a person, a fund or a round. Requests in which people vote are not timed and show up only in steps of
 * ten minutes, so that nobody who reads the figures can watch a single ballot arrive.
 */
import { sql } from 'drizzle-orm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '@commonpot/db/client';
import type { Job } from './jobs.ts';
import { isVoting } from './log.ts';
import type { Services, WebApp } from './services.ts';

const STEP_MS = 10 * 60_000;

export interface Metrics {
  registry: Registry;
  tookRequest(request: FastifyRequest, reply: FastifyReply): void;
  ranJob(name: string, outcome: 'done' | 'failed'): void;
}

/** The figures of one process. */
function makeMetrics(services: Services): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'commonpot_http_request_seconds', help: 'Time to answer, by route pattern; without the requests in which people vote.',
    labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10], registers,
  });
  const steps = makeSteps(services.clock);
  new Counter({
    name: 'commonpot_voting_requests_total', help: 'Requests in which people vote, as they stood at the last full ten minutes.', labelNames: ['method', 'route', 'status'], registers,
    collect() {
      this.reset();
      for (const [key, count] of steps.shown()) {
        const [method = '', route = '', status = ''] = key.split(' ');
        this.inc({ method, route, status }, count);
      }
    },
  });
  const jobs = new Counter({ name: 'commonpot_job_runs_total', help: 'Runs of jobs in this process.', labelNames: ['job', 'outcome'], registers });
  measurePool(services, registers);
  measureQueue(services, registers);
  return {
    registry,
    tookRequest(request, reply) {
      const route = request.routeOptions.url ?? 'none';
      if (isVoting(request)) return steps.count(`${request.method} ${route} ${reply.statusCode}`);
      durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    },
    ranJob: (job, outcome) => jobs.inc({ job, outcome }),
  };
}

/** Counts that become visible when the ten minutes in which they happened are over. */
function makeSteps(clock: () => Date) {
  const counts = new Map<string, number>();
  let shown: ReadonlyMap<string, number> = new Map();
  let step = 0;
  const turn = (): void => {
    const now = Math.floor(clock().getTime() / STEP_MS);
    if (now === step) return;
    step = now;
    shown = new Map(counts);
  };
  return {
    count(key: string): void {
      turn();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    shown(): ReadonlyMap<string, number> {
      turn();
      return shown;
    },
  };
}

function measurePool({ db }: Services, registers: Registry[]): void {
  new Gauge({
    name: 'commonpot_database_connections', help: 'Connections of this process to the database: busy, idle, and requests waiting for one.', labelNames: ['state'], registers,
    collect() {
      const { totalCount, idleCount, waitingCount } = db.$client;
      this.set({ state: 'busy' }, totalCount - idleCount);
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'waiting' }, waitingCount);
    },
  });
}

function measureQueue({ db, clock }: Services, registers: Registry[]): void {
  new Gauge({
    name: 'commonpot_queue_jobs', help: 'Jobs in the queue, by state; the same in every process.', labelNames: ['job', 'state'], registers,
    async collect() {
      this.reset();
      for (const { name, state, jobs } of await readQueue(db)) this.set({ job: name, state }, jobs);
    },
  });
  new Gauge({
    name: 'commonpot_queue_oldest_seconds', help: 'How long the oldest job that may run has waited; the same in every process.', labelNames: ['job'], registers,
    async collect() {
      this.reset();
      for (const { name, since } of await readQueue(db)) {
        if (since) this.set({ job: name }, Math.max(0, (clock().getTime() - new Date(since).getTime()) / 1000));
      }
    },
  });
}

async function readQueue(db: Database): Promise<{ name: string; state: string; jobs: number; since: Date | null }[]> {
  const { rows } = await db.execute<{ name: string; state: string; jobs: number; since: Date | null }>(sql`
    select q.name, coalesce(j.state::text, 'created') as state, count(j.id)::int as jobs, min(j.start_after) filter (where j.state in ('created', 'retry')) as since
    from pgboss.queue q left join pgboss.job j on j.name = q.name and j.state in ('created', 'retry', 'active', 'failed')
    where q.name !~ '^__' group by q.name, j.state`);
  return rows;
}

/** The same jobs, each run counted. */
export function countRuns(jobs: readonly Job<never>[], metrics: Metrics): Job<never>[] {
  return jobs.map((job) => ({
    ...job,
    async run(data: never, now: Date) {
      try {
        await job.run(data, now);
        metrics.ranJob(job.name, 'done');
      } catch (error) {
        metrics.ranJob(job.name, 'failed');
        throw error;
      }
    },
  }));
}

/** Counts and times every request of the app. */
export function registerMetrics(app: WebApp): void {
  const metrics = makeMetrics(app.services);
  app.decorate('metrics', metrics);
  app.addHook('onResponse', async (request, reply) => metrics.tookRequest(request, reply));
}

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics;
  }
}
