/** docker-compose.yml: valid, with nothing secret in it, and with settings that the product takes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '@commonpot/server/platform/config';
import { root } from '../../scripts/lib/root.ts';

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const given = { DATABASE_PASSWORD: 'd'.repeat(32), DATABASE_SUPERUSER_PASSWORD: 'e'.repeat(32), DOMAIN: 'pot.example.org', MAIL_FROM: 'Commonpot <codes@example.org>' };
const hasCompose = spawnSync('docker-compose', ['--version']).status === 0;

function config(settings: Record<string, string>): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('docker-compose', ['-f', join(root, 'docker-compose.yml'), 'config'], { env: { PATH: process.env.PATH ?? '', ...settings }, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** The environment of a service in what `docker-compose config` prints. */
function environmentOf(printed: string, service: string): Record<string, string> {
  const block = new RegExp(`\\n  ${service}:\\n(?:    .*\\n)*?    environment:\\n((?:      .*\\n)*)`).exec(printed)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/^ {6}(\w+): (.*)$/gm)].map(([, name, value]) => [name as string, (value ?? '').replace(/^(['"])(.*)\1$/, '$2')]));
}

describe('docker-compose.yml', () => {
  it('holds no secret: each comes from .env or a mount', () => {
    const literals = [...text.matchAll(/^\s*\w*(?:PASSWORD|SECRET|TOKEN)\w*: *(.*)$/gm)].map((match) => match[1]).filter((value) => !value?.startsWith('${'));
    expect(literals).toEqual(['/run/secrets/commonpot_secret']);
    expect(text).not.toMatch(/postgres:\/\/\w+:(?!\$\{)/);
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['secrets/', '.env']));
  });

  it('keeps what is secret, and what was built elsewhere, out of the image', () => {
    const left = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(left).toEqual(expect.arrayContaining(['.git', '.env', 'secrets', '.commonpot', '**/node_modules']));
  });

  it.skipIf(!hasCompose)('is valid, and says what is missing', () => {
    expect(config(given)).toMatchObject({ status: 0, out: expect.stringMatching(/app:[^]*database:[^]*mail:[^]*proxy:[^]*worker:/) });
    for (const name of Object.keys(given)) {
      const { status, err } = config(Object.fromEntries(Object.entries(given).filter(([each]) => each !== name)));
      expect([status, err]).toEqual([1, expect.stringContaining(`set ${name} in .env`)]);
    }
  });

  it.skipIf(!hasCompose)('gives app and worker settings that they take', () => {
    const { out } = config(given);
    const secretFile = join(mkdtempSync(join(tmpdir(), 'commonpot-secret-')), 'secret');
    writeFileSync(secretFile, `${'s'.repeat(64)}\n`);
    for (const service of ['app', 'worker']) {
      const environment = environmentOf(out, service);
      expect(environment.SECRET_FILE).toBe('/run/secrets/commonpot_secret');
      expect(readConfig({ ...environment, SECRET_FILE: secretFile })).toMatchObject({
        publicUrl: 'https://pot.example.org', keysFolder: '/keys', secret: 's'.repeat(64), smtpUrl: 'smtp://mail:1025', adminPort: 9464, demonstration: false,
        runJobs: service === 'worker', trustProxy: service === 'app' ? ['172.30.64.0/24'] : false,
      });
    }
    const published = [...out.matchAll(/published: "?(\d+)|^ {4}- ((?:[\d.]+:)?\d+:\d+)\/tcp/gm)].map(([, long, short]) => long ?? short).sort();
    expect(published).toEqual(['127.0.0.1:8025:8025', '443', '80']);
  });
});
