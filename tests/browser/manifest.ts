/**
 * Every page of the site, and how a test gets there. `pages.test.ts` opens each of them as a person would,
 * and fails for a page without a row here.
 *
 * To add a page: add a row with its route id (its folder below web/src/routes, groups included), who opens it
 * (a person of the fund, or 'stranger') and its URL. What the URL needs (a round, a voucher) is made once in
 * `scene.ts`. A route may have several rows, for several people or states: name them with `state`.
 */
import { links } from '../../web/src/lib/links.ts';
import type { PersonName, Visitor } from '../lib/world.ts';
import type { Scene } from './scene.ts';

export interface PageRow {
  route: string;
  /** What is special about this row, when the route has several. */
  state?: string;
  /** Who opens it: a person of the scene's fund, a stranger, or somebody the scene made. */
  as: PersonName | 'stranger' | ((scene: Scene) => Visitor);
  url: (scene: Scene) => string;
  /** For routes that only lead elsewhere: the path they lead to. */
  leadsTo?: (scene: Scene) => string;
  /** True for a page that ships script of its own. */
  script?: true;
}

const ROUND = '(admin)/admin/[fund]/rounds/[round]';
const BALLOT = '(resident)/f/[fund]/rounds/[round]/vote';
const IDEAS = '(resident)/f/[fund]/rounds/[round]/ideas';
const proposer = (scene: Scene): Visitor => scene.proposer;
const voter = (scene: Scene): Visitor => scene.voter;

/** The steps of setting a round up, on a round that is still a draft. */
const steps = (['name', 'money', 'areas', 'limits', 'who', 'projects', 'counting', 'dates', 'recovery', 'sealing', 'roll', 'codes'] as const).map((step): PageRow => ({
  route: `${ROUND}/${step}`, as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.draft, step),
}));

export const pages: readonly PageRow[] = [
  { route: '(public)', as: 'stranger', url: () => links.home() },
  { route: '(public)/f/[fund]', as: 'stranger', url: ({ fund }) => links.fund(fund.slug) },
  { route: '(public)/f/[fund]', state: 'signed in', as: 'resident', url: ({ fund }) => links.fund(fund.slug) },
  { route: '(public)/f/[fund]/rounds/[round]', state: 'voting', as: 'stranger', url: ({ fund, slugs }) => links.round(fund.slug, slugs.voting) },
  { route: '(resident)/f/[fund]/rounds/[round]/counted', as: 'stranger', url: ({ fund, slugs }) => links.counted(fund.slug, slugs.results) },
  { route: `${ROUND}/sealing`, state: 'objections', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.counting, 'sealing') },
  { route: '(public)/f/[fund]/rounds/[round]/results', state: 'provisional, waiting for the lot', as: 'stranger', url: ({ fund, slugs }) => links.results(fund.slug, slugs.counting) },
  { route: `${ROUND}/sealing`, state: 'sealed', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.results, 'sealing') },
  { route: '(public)/f/[fund]/rounds/[round]', state: 'results', as: 'stranger', url: ({ fund, slugs }) => links.round(fund.slug, slugs.results) },
  { route: '(public)/f/[fund]/rounds/[round]', state: 'ideas', as: 'stranger', url: ({ fund, slugs }) => links.round(fund.slug, slugs.ideas) },
  { route: '(public)/f/[fund]/rounds/[round]/ideas', as: 'stranger', url: ({ fund, slugs }) => links.ideas(fund.slug, slugs.ideas) },
  { route: '(public)/f/[fund]/rounds/[round]/ideas', state: 'in review', as: 'reviewer', url: ({ fund, slugs }) => links.ideas(fund.slug, slugs.review) },
  { route: '(public)/f/[fund]/rounds/[round]/ideas/[idea]', as: 'stranger', url: ({ fund, slugs }) => links.idea(fund.slug, slugs.ideas, 1) },
  { route: '(public)/f/[fund]/rounds/[round]/ideas/[idea]', state: 'answered', as: proposer, url: ({ fund, slugs }) => links.idea(fund.slug, slugs.review, 1) },
  { route: '(public)/f/[fund]/rounds/[round]/ideas/[idea]', state: 'joined', as: 'resident', url: ({ fund, slugs }) => links.idea(fund.slug, slugs.review, 2) },
  { route: '(public)/f/[fund]/rounds/[round]/projects/[number]', as: 'stranger', url: ({ fund, slugs }) => links.project(fund.slug, slugs.voting, '1') },
  { route: '(public)/f/[fund]/rounds/[round]/projects/[number]', state: 'being delivered', as: 'stranger', url: ({ fund, slugs }) => links.project(fund.slug, slugs.results, '3') },
  { route: '(public)/f/[fund]/rounds/[round]/poster', as: 'stranger', url: ({ fund, slugs }) => links.poster(links.round(fund.slug, slugs.voting)) },
  { route: '(public)/f/[fund]/rounds/[round]/projects/[number]/poster', as: 'stranger', url: ({ fund, slugs }) => links.poster(links.project(fund.slug, slugs.voting, '1')) },
  { route: '(public)/f/[fund]/rounds/[round]/results', as: 'stranger', url: ({ fund, slugs }) => links.results(fund.slug, slugs.results) },
  { route: '(public)/f/[fund]/rounds/[round]/results/steps', as: 'stranger', url: ({ fund, slugs }) => links.countSteps(fund.slug, slugs.results) },
  { route: '(public)/f/[fund]/rounds/[round]/results/steps', state: 'a step', as: 'stranger', url: ({ fund, slugs }) => links.countSteps(fund.slug, slugs.results, 1) },
  { route: '(public)/f/[fund]/rounds/[round]/results', state: 'set aside', as: 'stranger', url: ({ fund, slugs }) => links.results(fund.slug, slugs.aside) },
  { route: '(public)/f/[fund]/rounds/[round]/order', as: 'stranger', url: ({ fund, slugs }) => links.hallOrder(fund.slug, slugs.hall) },
  { route: '(public)/f/[fund]/rounds/[round]/order', state: 'waits for the beacon', as: 'stranger', url: ({ fund, slugs }) => links.hallOrder(fund.slug, slugs.open) },
  { route: '(public)/f/[fund]/rounds/[round]/wall', as: 'stranger', url: ({ fund, slugs }) => links.wall(fund.slug, slugs.hall, true) },
  { route: '(public)/f/[fund]/rounds/[round]/deliver', state: 'by their link', as: (scene) => scene.deliverer, url: ({ fund, slugs }) => links.deliver(fund.slug, slugs.results) },
  { route: '(public)/f/[fund]/rounds/[round]/deliver/[token]', as: 'stranger', url: ({ fund, slugs, delivererToken }) => links.deliver(fund.slug, slugs.results, delivererToken), leadsTo: ({ fund, slugs }) => links.deliver(fund.slug, slugs.results) },
  { route: '(public)/f/[fund]/rounds/[round]', state: 'practice', as: 'administrator', url: ({ fund, slugs }) => links.round(fund.slug, slugs.practice) },
  { route: '(public)/f/[fund]/rounds/[round]/consent', as: 'stranger', url: ({ fund, slugs }) => links.consent(fund.slug, slugs.young) },
  { route: '(public)/f/[fund]/rounds/[round]/consent/[token]', as: 'stranger', url: ({ fund, slugs }) => `${links.consent(fund.slug, slugs.young)}/${'A'.repeat(22)}`, leadsTo: ({ fund, slugs }) => links.consent(fund.slug, slugs.young) },
  { route: '(public)/f/[fund]/grants/[grant]/figures', as: 'stranger', url: ({ fund, slugs }) => links.figures(fund.slug, slugs.grant) },
  { route: '(admin)/admin/[fund]/grants/[grant]/paying', as: 'administrator', url: ({ fund, slugs }) => links.paying(fund.slug, slugs.grant) },
  { route: '(admin)/admin/[fund]/thanks', as: 'administrator', url: ({ fund }) => links.thanks(fund.slug) },
  { route: '(resident)/thanks', as: 'resident', url: () => links.myThanks() },
  { route: '(agency)/agency/[fund]/trust', as: 'officer', url: ({ fund }) => links.trust(fund.slug) },
  { route: '(public)/f/[fund]/grants/[grant]', as: 'stranger', url: ({ fund, slugs }) => links.grant(fund.slug, slugs.grant) },
  { route: '(resident)/f/[fund]/grants/[grant]/ask', as: 'stranger', url: ({ fund, slugs }) => links.ask(fund.slug, slugs.grant), script: true },
  { route: '(resident)/f/[fund]/grants/[grant]/ask/for', as: 'resident', url: ({ fund, slugs }) => links.askFor(fund.slug, slugs.grant) },
  { route: '(resident)/f/[fund]/asked', as: 'stranger', url: ({ fund }) => links.asked(fund.slug) },
  { route: '(resident)/f/[fund]/asked', state: 'by its link', as: 'stranger', url: ({ fund, requestToken }) => links.asked(fund.slug, requestToken), leadsTo: ({ fund }) => links.asked(fund.slug) },
  { route: '(resident)/f/[fund]/asked/lost', as: 'stranger', url: ({ fund }) => links.lostLink(fund.slug) },
  { route: '(admin)/admin/[fund]/grants/[grant]/queue', as: 'administrator', url: ({ fund, slugs }) => links.grantQueue(fund.slug, slugs.grant), script: true },
  { route: '(public)/f/[fund]/grants/[grant]/draw', as: 'stranger', url: ({ fund, slugs }) => links.draw(fund.slug, slugs.drawn) },
  { route: '(public)/f/[fund]/grants/[grant]/draw', state: 'waits for the public draw', as: 'stranger', url: ({ fund, slugs }) => links.draw(fund.slug, slugs.drawing) },
  { route: '(admin)/admin/[fund]/grants/[grant]/draw', as: 'administrator', url: ({ fund, slugs }) => links.adminDraw(fund.slug, slugs.drawing) },
  { route: '(admin)/admin/[fund]/grants/[grant]/panels', as: 'administrator', url: ({ fund, slugs }) => links.adminPanels(fund.slug, slugs.grant) },
  { route: '(public)/f/[fund]/grants/[grant]/panels', as: 'stranger', url: ({ fund, slugs }) => links.panels(fund.slug, slugs.grant) },
  { route: '(resident)/f/[fund]/panels', as: 'resident', url: ({ fund }) => links.myPanels(fund.slug) },
  { route: '(admin)/admin/[fund]/door', as: 'administrator', url: ({ fund }) => links.myDoor(fund.slug) },
  { route: '(public)/f/[fund]/who-decides', as: 'stranger', url: ({ fund }) => links.whoDecides(fund.slug) },
  { route: '(public)/f/[fund]/grants/[grant]/adopted', as: 'stranger', url: ({ fund, slugs }) => links.adopted(fund.slug, slugs.adopting) },
  { route: '(agency)/agency/[fund]/adoptions', as: 'officer', url: ({ fund }) => links.adoptions(fund.slug) },
  { route: '(admin)/admin/[fund]/charter', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug) },
  { route: '(admin)/admin/[fund]/charter/[part]', state: 'amounts', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug, 'amounts') },
  { route: '(admin)/admin/[fund]/charter/[part]', state: 'agency', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug, 'agency') },
  { route: '(admin)/admin/[fund]/charter/[part]', state: 'route', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug, 'route') },
  { route: '(admin)/admin/[fund]/charter/preview', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug, 'preview') },
  { route: '(admin)/admin/[fund]/charter/pots', as: 'administrator', url: ({ fund }) => links.adminCharter(fund.slug, 'pots') },
  { route: '(admin)/admin/[fund]/grants/new', as: 'administrator', url: ({ fund }) => links.newGrant(fund.slug) },
  { route: '(admin)/admin/[fund]/grants/[grant]', as: 'administrator', url: ({ fund, slugs }) => links.adminGrant(fund.slug, slugs.grant) },
  { route: '(admin)/admin/[fund]/grants', as: 'administrator', url: ({ fund }) => links.adminGrants(fund.slug) },
  { route: '(admin)/admin/[fund]/safeguarding', as: 'administrator', url: ({ fund }) => links.safeguardingLeads(fund.slug) },
  { route: '(resident)/f/[fund]/safeguarding', as: 'reviewer', url: ({ fund }) => links.safeguarding(fund.slug) },
  { route: '(admin)/admin/[fund]/signposts', as: 'administrator', url: ({ fund }) => links.signposts(fund.slug) },
  { route: '(public)/help', as: 'stranger', url: () => links.help() },
  { route: '(public)/help/[reader]', state: 'resident', as: 'stranger', url: () => links.help('resident') },
  { route: '(public)/help/[reader]', state: 'administrator', as: 'stranger', url: () => links.help('administrator') },
  { route: '(public)/help/[reader]', state: 'asking', as: 'stranger', url: () => links.help('asking') },
  { route: '(public)/accessibility', as: 'stranger', url: () => links.accessibility() },
  { route: '(public)/outbox', as: 'stranger', url: () => links.outbox() },

  { route: '(resident)/sign-in', as: 'stranger', url: () => links.signIn(links.you()) },
  { route: '(resident)/sign-in/code', as: 'stranger', url: () => links.enterCode() },
  { route: '(resident)/sign-in/card', as: 'stranger', url: () => links.signInCard() },
  { route: '(resident)/sign-out', as: 'resident', url: () => links.signOut(), leadsTo: () => links.home() },
  { route: '(resident)/you', as: 'shop', url: () => links.you() },
  { route: '(resident)/you', state: 'signed out', as: 'stranger', url: () => links.you(), leadsTo: () => links.signIn(links.you()) },

  { route: BALLOT, as: 'stranger', url: ({ fund, slugs }) => links.vote(fund.slug, slugs.voting) },
  { route: BALLOT, state: 'on the roll', as: voter, url: ({ fund, slugs }) => links.vote(fund.slug, slugs.voting), leadsTo: ({ fund, slugs }) => links.ballot(fund.slug, slugs.voting) },
  { route: BALLOT, state: 'voting is over', as: 'stranger', url: ({ fund, slugs }) => links.vote(fund.slug, slugs.results), leadsTo: ({ fund, slugs }) => links.round(fund.slug, slugs.results) },
  { route: `${BALLOT}/join`, as: 'resident', url: ({ fund, slugs }) => links.joinRound(fund.slug, slugs.open) },
  { route: `${BALLOT}/join`, state: 'with an age for parents', as: 'resident', url: ({ fund, slugs }) => links.joinRound(fund.slug, slugs.young) },
  { route: `${BALLOT}/consent`, as: (scene) => scene.young, url: ({ fund, slugs }) => links.askParent(fund.slug, slugs.young) },
  { route: `${BALLOT}/ballot`, as: voter, url: ({ fund, slugs }) => links.ballot(fund.slug, slugs.voting), script: true },
  { route: `${BALLOT}/ballot`, state: 'points, in an area with money of its own', as: (scene) => scene.pointsVoter, url: ({ fund, slugs }) => links.ballot(fund.slug, slugs.hall), script: true },
  { route: `${BALLOT}/receipt`, as: voter, url: ({ fund, slugs }) => links.receipt(fund.slug, slugs.voting), script: true },

  { route: `${IDEAS}/new`, as: 'stranger', url: ({ fund, slugs }) => links.newIdea(fund.slug, slugs.ideas), script: true },
  { route: `${IDEAS}/mine`, as: proposer, url: ({ fund, slugs }) => links.myIdeas(fund.slug, slugs.ideas, 1), script: true },
  { route: `${IDEAS}/[idea]/change`, as: proposer, url: ({ fund, slugs }) => links.changeIdea(fund.slug, slugs.ideas, 1) },

  { route: '(resident)/cash', as: 'resident', url: () => links.cash() },
  { route: '(resident)/sign-in/who', as: 'stranger', url: () => links.signInWho(), leadsTo: () => links.signIn() },
  { route: '(resident)/sign-in/code', state: 'by telephone', as: 'stranger', url: () => links.enterPhoneCode() },
  { route: '(resident)/vouchers', as: 'resident', url: () => links.vouchers() },
  { route: '(resident)/vouchers/how', as: 'stranger', url: () => links.voucherHow() },
  { route: '(resident)/vouchers/[voucher]/paper', as: 'resident', url: ({ ids }) => links.voucherPaper(ids.heldVoucher) },
  { route: '(resident)/v/[code]', as: 'stranger', url: ({ voucherCode }) => links.voucher(voucherCode) },
  { route: '(resident)/v/[code]', state: 'at the till', as: 'shop2', url: ({ voucherCode }) => links.voucher(voucherCode) },
  { route: '(shop)/shop/[fund]', as: 'shop', url: ({ fund }) => links.shop(fund.slug) },
  { route: '(shop)/shop/[fund]/taken/[redemption]', as: 'shop', url: ({ fund, ids }) => links.taken(fund.slug, ids.redemption) },

  { route: '(agency)/agency/[fund]', as: 'officer', url: ({ fund }) => links.agency(fund.slug) },
  { route: '(agency)/agency/[fund]/pledges/new', as: 'officer', url: ({ fund }) => links.newPledge(fund.slug) },
  { route: '(agency)/agency/[fund]/pledges/[pledge]', as: 'officer', url: ({ fund, ids }) => links.pledge(fund.slug, ids.pledge) },

  { route: '(admin)/admin/[fund]', as: 'administrator', url: ({ fund }) => links.admin(fund.slug) },
  { route: '(admin)/admin/[fund]/people', as: 'administrator', url: ({ fund }) => links.adminPeople(fund.slug) },
  { route: '(admin)/admin/[fund]/people/invite', as: 'administrator', url: ({ fund }) => links.invitePerson(fund.slug) },
  { route: '(admin)/admin/[fund]/money', as: 'administrator', url: ({ fund }) => links.money(fund.slug) },
  { route: '(admin)/admin/[fund]/money/enter', as: 'administrator', url: ({ fund, ids }) => links.enterMoney(fund.slug, ids.pledge) },
  { route: '(admin)/admin/[fund]/money/pots/new', as: 'administrator', url: ({ fund }) => links.newPot(fund.slug) },
  { route: '(admin)/admin/[fund]/money/contributions', as: 'administrator', url: ({ fund }) => links.moneyStatement(fund.slug) },
  { route: '(admin)/admin/[fund]/money/contributions/[contribution]', as: 'administrator2', url: ({ fund, ids }) => links.contribution(fund.slug, ids.contribution) },
  { route: '(admin)/admin/[fund]/money/history', as: 'administrator', url: ({ fund }) => links.moneyHistory(fund.slug) },
  { route: '(admin)/admin/[fund]/rounds', as: 'administrator', url: ({ fund }) => links.adminRounds(fund.slug) },
  { route: '(admin)/admin/[fund]/rounds/new', as: 'administrator', url: ({ fund }) => links.newRound(fund.slug) },
  { route: ROUND, state: 'draft', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.draft) },
  { route: ROUND, state: 'voting', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.voting) },
  { route: ROUND, state: 'results', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.results) },
  ...steps,
  { route: `${ROUND}/roll`, state: 'letters to make anew', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.hall, 'roll') },
  { route: `${ROUND}/codes`, state: 'letters to make anew', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.hall, 'codes') },
  { route: `${ROUND}/hall`, as: 'administrator', url: ({ fund, slugs }) => links.hall(fund.slug, slugs.hall) },
  { route: `${ROUND}/hall/order`, as: 'administrator', url: ({ fund, slugs }) => links.hall(fund.slug, slugs.voting, 'order') },
  { route: `${ROUND}/hall/order`, state: 'waits for the beacon', as: 'administrator', url: ({ fund, slugs }) => links.hall(fund.slug, slugs.open, 'order') },
  { route: '(admin)/admin/[fund]/mirrors', as: 'administrator', url: ({ fund }) => links.mirrors(fund.slug) },
  { route: `${ROUND}/tablets`, as: 'administrator', url: ({ fund, slugs }) => links.tablets(fund.slug, slugs.voting) },
  { route: `${ROUND}/oddities`, as: 'administrator', url: ({ fund, slugs }) => links.oddities(fund.slug, slugs.results) },
  { route: `${ROUND}/paper`, as: 'administrator', url: ({ fund, slugs }) => links.paper(fund.slug, slugs.hall) },
  { route: `${ROUND}/paper/print`, as: 'administrator', url: ({ fund, slugs }) => links.paper(fund.slug, slugs.hall, 'print') },
  { route: `${ROUND}/paper/sheet`, as: 'administrator', url: ({ fund, slugs }) => links.paper(fund.slug, slugs.voting, 'sheet', 1), leadsTo: ({ fund, slugs }) => links.paper(fund.slug, slugs.voting) },
  { route: `${ROUND}/practice`, as: 'administrator', url: ({ fund, slugs }) => links.adminPractice(fund.slug, slugs.voting) },
  { route: `${ROUND}/words`, as: 'reviewer', url: ({ fund, slugs }) => links.adminWords(fund.slug, slugs.young) },
  { route: `${ROUND}/words/[subject]/[language]`, as: 'administrator', url: ({ fund, slugs }) => links.adminWords(fund.slug, slugs.young, 'round', 'ar') },
  { route: `${ROUND}/roll`, state: 'with parents', as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.young, 'roll') },
  { route: `${ROUND}/move`, as: 'administrator', url: ({ fund, slugs }) => links.adminRound(fund.slug, slugs.voting, 'move') },
  { route: `${ROUND}/ideas`, as: 'administrator', url: ({ fund, slugs }) => links.adminIdeas(fund.slug, slugs.review) },
  { route: `${ROUND}/ideas/enter`, as: 'administrator', url: ({ fund, slugs }) => links.adminIdeas(fund.slug, slugs.ideas, 'enter') },
  { route: `${ROUND}/ideas/dates`, as: 'administrator', url: ({ fund, slugs }) => links.adminIdeas(fund.slug, slugs.draft, 'dates') },
  { route: '(admin)/admin/[fund]/desk', as: 'reviewer', url: ({ fund }) => links.desk(fund.slug) },
  { route: '(admin)/admin/[fund]/moderation', as: 'reviewer', url: ({ fund }) => links.moderation(fund.slug) },
  { route: `${ROUND}/review`, as: 'reviewer', url: ({ fund, slugs }) => links.reviews(fund.slug, slugs.review) },
  { route: `${ROUND}/review/interest`, as: 'reviewer', url: ({ fund, slugs }) => links.declareInterest(fund.slug, slugs.review) },
  { route: `${ROUND}/review/[idea]`, as: 'reviewer', url: ({ fund, slugs }) => links.reviewIdea(fund.slug, slugs.review, 1) },
  { route: `${ROUND}/review/[idea]`, state: 'before the ballot', as: 'administrator', url: ({ fund, slugs }) => links.reviewIdea(fund.slug, slugs.review, 4) },
  { route: `${ROUND}/projects/[project]`, as: 'administrator', url: ({ fund, slugs, ids }) => links.adminProject(fund.slug, slugs.draft, ids.project) },
  { route: `${ROUND}/delivery`, as: 'administrator', url: ({ fund, slugs }) => links.delivery(fund.slug, slugs.results) },
  { route: `${ROUND}/delivery/[project]`, as: 'administrator', url: ({ fund, slugs, ids }) => links.delivery(fund.slug, slugs.results, ids.delivered) },
  { route: '(admin)/admin/[fund]/awards', as: 'administrator', url: ({ fund }) => links.adminAwards(fund.slug) },
  { route: '(admin)/admin/[fund]/awards/[award]', as: 'administrator', url: ({ fund, ids }) => links.adminAward(fund.slug, ids.award) },
  { route: '(admin)/admin/[fund]/cash', as: 'administrator', url: ({ fund }) => links.adminCash(fund.slug) },
  { route: '(admin)/admin/[fund]/cash/new', as: 'administrator', url: ({ fund, ids }) => links.newCash(fund.slug, ids.award) },
  { route: '(admin)/admin/[fund]/cash/[payment]', as: 'administrator', url: ({ fund, ids }) => links.cashPayment(fund.slug, ids.cash) },
  { route: '(admin)/admin/[fund]/cash/desk', as: 'administrator', url: ({ fund }) => links.cashDesk(fund.slug) },
  { route: '(admin)/admin/[fund]/cash/box', as: 'administrator', url: ({ fund }) => links.cashBox(fund.slug) },
  { route: '(admin)/admin/[fund]/vouchers', as: 'administrator', url: ({ fund }) => links.adminVouchers(fund.slug) },
  { route: '(admin)/admin/[fund]/vouchers/new', as: 'administrator', url: ({ fund }) => links.newVoucher(fund.slug) },
  { route: '(admin)/admin/[fund]/vouchers/[voucher]', as: 'administrator', url: ({ fund, ids }) => links.adminVoucher(fund.slug, ids.voucher) },
  { route: '(admin)/admin/[fund]/shops', as: 'administrator', url: ({ fund }) => links.adminShops(fund.slug) },
  { route: '(admin)/admin/[fund]/shops/[shop]', as: 'administrator', url: ({ fund, ids }) => links.adminShop(fund.slug, ids.shop) },
];
