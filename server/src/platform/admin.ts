/** The admin port: `/metrics` and `/health/ready`, on the loopback address unless ADMIN_HOST names another; for the operator, never for the internet. */
import { createServer } from 'node:http';
import { findUnfitness } from './health.ts';
import type { WebApp } from './services.ts';

/** Adds `app.openAdmin()`, which listens where ADMIN_PORT says, or does nothing where it is not set. Ends with the app. */
export function registerAdmin(app: WebApp): void {
  const server = createServer((request, response) => {
    void answer(app, request.url ?? '').then(({ status, type, text }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text));
  });
  app.decorate('openAdmin', async () => {
    const { adminPort: port, adminHost: host } = app.services.config;
    if (port !== null) await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  });
  app.addHook('onClose', async () => {
    server.close();
    server.closeAllConnections();
  });
}

async function answer(app: WebApp, path: string): Promise<{ status: number; type: string; text: string }> {
  try {
    if (path === '/metrics') return { status: 200, type: app.metrics.registry.contentType, text: await app.metrics.registry.metrics() };
    if (path !== '/health/ready') return { status: 404, type: 'text/plain', text: 'There are /metrics and /health/ready here.\n' };
    const reason = await findUnfitness(app.services.db);
    return { status: reason ? 503 : 200, type: 'text/plain', text: `${reason ?? 'ready'}\n` };
  } catch (error) {
    app.log.error({ event: 'admin', reason: (error as Error).message }, 'the admin port could not answer');
    return { status: 503, type: 'text/plain', text: 'the database cannot be reached\n' };
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    openAdmin(): Promise<void>;
  }
}
