/** Every job of grant rounds. */
import type { Job } from '../platform/jobs.ts';
import type { Services } from '../platform/services.ts';
import { adoptionJobs } from './adoption/jobs.ts';
import { decisionJobs } from './decisions/jobs.ts';
import { drawJobs } from './draw/jobs.ts';
import { erasureJobs } from './erasure/jobs.ts';
import { panelJobs } from './panels/jobs.ts';
import { paymentJobs } from './payments/jobs.ts';
import { requestJobs } from './requests/jobs.ts';
import { grantRoundJobs } from './rounds/jobs.ts';
import { safeguardingJobs } from './safeguarding/jobs.ts';
import { thanksJobs } from './thanks/jobs.ts';

export function grantJobs(services: Services): Job<never>[] {
  return [...grantRoundJobs(services), ...decisionJobs(services), ...adoptionJobs(services), ...drawJobs(services), ...panelJobs(services), ...requestJobs(services), ...safeguardingJobs(services), ...paymentJobs(services), ...thanksJobs(services), ...erasureJobs(services)];
}
