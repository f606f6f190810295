/** Every job of vote rounds. */
import type { Job } from '../platform/jobs.ts';
import type { Services } from '../platform/services.ts';
import { logJobs } from './log/jobs.ts';
import { proposalJobs } from './proposals/jobs.ts';
import { beaconJobs } from './sealing/beacon-jobs.ts';
import { sealingJobs } from './sealing/jobs.ts';
import { tallyJobs } from './tally/jobs.ts';

export function voteJobs(services: Services): Job<never>[] {
  return [...logJobs(services), ...tallyJobs(services), ...sealingJobs(services), ...beaconJobs(services), ...proposalJobs(services)];
}
