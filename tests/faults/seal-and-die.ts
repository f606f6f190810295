/** A process that seals whatever is due and dies at the named step, as a machine that loses its power does. */
import { openDatabase } from '@commonpot/db/client';
import { readConfig } from '@commonpot/server/platform/config';
import { fileKeyStore } from '@commonpot/server/platform/keys';
import type { Services } from '@commonpot/server/platform/services';
import { sealDueRounds, type Step } from '@commonpot/server/votes/sealing/jobs';

const [dieAt, now] = process.argv.slice(2) as [Step, string];
const config = readConfig(process.env);
const db = openDatabase(config.databaseUrl, 4);
// What a sealing uses of the services; the whole app would take seconds to build, sixteen times.
await sealDueRounds({ config, db, keys: fileKeyStore(config.keysFolder) } as Services, new Date(now as string), (step) => {
  if (step === dieAt) process.kill(process.pid, 'SIGKILL');
});
await db.$client.end();
