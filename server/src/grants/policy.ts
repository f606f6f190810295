/** What each role may do with grant rounds and requests. */
import type { Permission } from '../platform/policy.ts';

export const grantsPolicy = {
  createRound: { action: 'grant-round.create', roles: ['administrator'] },
  changeRound: { action: 'grant-round.change', roles: ['administrator'], phases: ['draft'] },
  moveRound: { action: 'grant-round.move', roles: ['administrator'], phases: ['draft', 'open', 'deciding', 'paying'] },
  pauseRound: { action: 'grant-round.pause', roles: ['administrator'], phases: ['open'] },
  askFor: { action: 'request.ask-for', roles: ['resident', 'administrator', 'reviewer'] },
  nameLead: { action: 'safeguarding.name', roles: ['administrator'] },
  disclose: { action: 'safeguarding.tell', roles: ['administrator', 'reviewer'] },
  keepSignposts: { action: 'signpost.keep', roles: ['administrator'] },
  readQueue: { action: 'request.queue', roles: ['administrator'] },
  decide: { action: 'request.decide', roles: ['administrator'] },
  declareInterest: { action: 'request.interest', roles: ['administrator'] },
  keepDoor: { action: 'door.keep', roles: ['administrator', 'resident'] },
  drawPanel: { action: 'panel.draw', roles: ['administrator'] },
  sitOnPanel: { action: 'panel.sit', roles: ['resident'] },
  pay: { action: 'award.pay', roles: ['administrator'] },
  thank: { action: 'thanks.give', roles: ['administrator'] },
  publishStory: { action: 'story.publish', roles: ['administrator'] },
  readTrust: { action: 'trust.read', roles: ['administrator', 'officer'] },
  enterIncident: { action: 'incident.enter', roles: ['administrator'] },
  adopt: { action: 'award.adopt', roles: ['officer'] },
  nameDraw: { action: 'draw.name', roles: ['administrator'], phases: ['draft'] },
  enterResult: { action: 'draw.enter', roles: ['administrator'], phases: ['open', 'deciding', 'paying'] },
  pickReserve: { action: 'reserve.pick', roles: ['administrator'], phases: ['open', 'deciding'] },
  compareCharter: { action: 'charter.compare', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
