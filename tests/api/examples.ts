/**
 * One rightly shaped call for every contract of the house. `every-route.test.ts` makes it as everybody, and
 * fails for a contract without a row here.
 *
 * To add a route: add a row named `room.export`, with the body it takes; `{}` when it takes none. Ids in paths
 * and bodies name nothing that exists: who may not call must be refused before anything is looked up.
 */

/** An id of nothing. */
export const nothing = '019361d0-7e00-7a00-8000-00000000ffff';

const money = { amountMinor: 1200 };
const hex32 = 'ab'.repeat(32);
const day = '2026-11-20';

const idea = { title: 'Benches', description: 'People want to sit down.', roughCostMinor: null, place: null, name: null, showName: false, contact: null };

export const examples: Record<string, { body?: object }> = {
  'people.askForCode': { body: { channel: 'email', address: 'somebody@example.org' } },
  'people.enterCode': { body: { code: '123456' } },
  'people.useCard': { body: { code: 'ABCD-EFGH-JKMN' } },
  'people.signOut': {},
  'people.me': {},
  'people.setContactWish': { body: { contactWish: 'none' } },
  'people.listFunds': {},
  'people.readFund': {},
  'people.listMembers': {},
  'people.invite': { body: { channel: 'email', address: 'new.member@example.org', role: 'resident', name: 'New Member' } },
  'people.endMembership': {},
  'people.printCard': {},

  'money.listPots': {},
  'money.createPot': { body: { name: 'Warm homes', purpose: 'Draughts and damp', restriction: { theme: '', area: '', people: '' } } },
  'money.readMoney': {},
  'money.listContributions': {},
  'money.readContribution': {},
  'money.listTransfers': {},
  'money.enterContribution': { body: { pledgeId: null, agencyId: nothing, potId: nothing, receivedOn: day, reference: 'CP-1', ...money } },
  'money.confirmContribution': { body: money },
  'money.dropContribution': { body: { reason: 'Entered twice' } },
  'money.askReversal': { body: { reason: 'Sent back' } },
  'money.confirmReversal': {},
  'money.dropReversal': {},
  'money.readAgency': {},
  'money.makePledge': { body: { potId: null, ...money } },
  'money.withdrawPledge': {},

  'vouchers.issueVoucher': { body: { from: { reservation: nothing }, title: 'Food', valueMinor: 1200, lastDay: '2027-01-31', holder: null } },
  'vouchers.listVouchers': {},
  'vouchers.readVoucher': {},
  'vouchers.printVoucher': {},
  'vouchers.cancelVoucher': {},
  'vouchers.myVouchers': {},
  'till.readTill': {},
  'till.lookUpVoucher': { body: { code: 'ABCD-EFGH-J' } },
  'till.redeem': { body: { ticket: 'no-ticket', ...money } },
  'till.readRedemption': {},
  'till.undo': {},
  'disbursements.listWaiting': {},
  'disbursements.publishUpdate': { body: { words: 'The benches are in and people sit on them.' } },
  'disbursements.recordPayout': { body: { reference: 'BACS 12' } },
  'disbursements.movePayout': { body: { to: 'paid', ...money } },
  'settlements.listShops': {},
  'settlements.readShop': {},
  'settlements.settle': { body: { reference: 'BACS 13' } },
  'awards.listAwards': {},
  'awards.readAward': {},
  'awards.listRoundAwards': {},
  'awards.planAward': { body: { stages: [{ title: 'All of it', ...money }] } },

  'rounds.listRounds': {},
  'rounds.readRound': {},
  'rounds.createRound': { body: { title: 'Summer round' } },
  'rounds.practiseRound': { body: { title: 'Practice' } },
  'rounds.changeRound': { body: { title: 'Autumn round' } },
  'rounds.preflightRound': {},
  'rounds.moveRound': { body: { to: 'notice' } },
  'rounds.acceptNoRecoverySheet': {},
  'roll.joinRound': { body: { credential: 'sign-in', isOldEnough: true } },
  'roll.enterVoterCode': { body: { code: 'ABCD-EFGH-JKMN' } },
  'roll.makeCodes': { body: { count: 1 } },
  'roll.replaceCode': {},
  'roll.addToRoll': { body: { entries: [{ name: 'Rosa Delgado' }] } },
  'roll.listRoll': {},
  'roll.removeFromRoll': {},
  'projects.listProjects': {},
  'projects.createProject': { body: { title: 'Benches', costMinor: 1200 } },
  'projects.createProjects': { body: { projects: [{ title: 'Benches', costMinor: 1200 }] } },
  'projects.changeProject': { body: { title: 'Better benches' } },
  'projects.removeProject': {},

  'proposals.listIdeas': {},
  'proposals.readIdea': {},
  'proposals.propose': { body: { ...idea, draft: nothing } },
  'proposals.enterIdeas': { body: { ideas: [{ ...idea, draft: nothing }] } },
  'proposals.myIdeas': {},
  'proposals.changeIdea': { body: { title: 'Benches in the shade' } },
  'proposals.withdrawIdea': {},
  'proposals.supportIdea': {},
  'proposals.unsupportIdea': {},
  'proposals.readProposer': {},
  'review.readReview': {},
  'review.listReviews': {},
  'review.writeReview': { body: { feasible: 'no', after: 0, reasons: 'The pavement is too narrow.', role: 'Parks team', showName: false } },
  'review.replyToReview': { body: { version: 1, words: 'Then put them by the pond.' } },
  'review.joinIdeas': { body: { ideas: [1] } },
  'review.splitIdea': {},
  'review.declareInterest': { body: { idea: null, words: 'I live on Kiln Street.', role: 'Parks team', showName: false } },
  'review.listInterests': {},
  'review.putOnBallot': { body: { version: 1 } },
  'review.readCredits': {},

  'ballots.readBallot': {},
  'ballots.castBallot': { body: { lines: [], salt: hex32, void: hex32, replaces: null, oldVoidKey: null } },
  'ballots.readTurnout': {},
  'tally.readTally': {},
  'discussion.listComments': {},
  'discussion.addComment': { body: { draft: nothing, replyTo: null, words: 'People would sit there.', name: null } },
  'discussion.withdrawComment': {},
  'discussion.reportComment': { body: { reason: 'unkind' } },
  'discussion.appealDecision': {},
  'discussion.listReported': {},
  'discussion.decideComment': { body: { outcome: 'keep', turn: 0 } },
};
