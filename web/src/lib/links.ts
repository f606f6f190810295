/** Every URL of the site, built here and nowhere else. */
import type { Role } from '@commonpot/server/platform/policy';

export const links = {
  home: () => '/',
  /** Takes the language chosen at the foot of a page. */
  language: () => '/language',
  /** The worker that keeps a ballot's page for a time without a line. */
  worker: () => '/service-worker.js',
  accessibility: () => '/accessibility',
  fund: (fund: string) => `/f/${fund}`,
  signIn: (next?: string) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  enterCode: (next?: string) => (next ? `/sign-in/code?next=${encodeURIComponent(next)}` : '/sign-in/code'),
  signInCard: (next?: string) => (next ? `/sign-in/card?next=${encodeURIComponent(next)}` : '/sign-in/card'),
  /** Where somebody whose number was proved says who they are. */
  signInWho: (next?: string) => (next ? `/sign-in/who?next=${encodeURIComponent(next)}` : '/sign-in/who'),
  /** The same by telephone, where a number may be new to whoever types the code. */
  enterPhoneCode: (next?: string) => `/sign-in/code?by=phone${next ? `&next=${encodeURIComponent(next)}` : ''}`,
  signOut: () => '/sign-out',
  you: () => '/you',
  admin: (fund: string) => `/admin/${fund}`,
  agency: (fund: string) => `/agency/${fund}`,
  shop: (fund: string) => `/shop/${fund}`,
  /** Where a member of this role works. */
  workplace: (role: Role, fund: string): string =>
    role === 'administrator' ? links.admin(fund) : role === 'reviewer' ? links.desk(fund) : role === 'officer' ? links.agency(fund) : role === 'shop' ? links.shop(fund) : links.fund(fund),
  outbox: () => '/outbox',
  adminPeople: (fund: string) => `/admin/${fund}/people`,
  invitePerson: (fund: string) => `/admin/${fund}/people/invite`,
  /** Who keeps copies of the fund's logs. */
  mirrors: (fund: string) => `/admin/${fund}/mirrors`,
  adminRounds: (fund: string) => `/admin/${fund}/rounds`,
  newRound: (fund: string) => `/admin/${fund}/rounds/new`,
  /** A round as its administrators see it, or one of its steps. */
  adminRound: (fund: string, round: string, step?: 'name' | 'money' | 'areas' | 'limits' | 'who' | 'projects' | 'counting' | 'dates' | 'recovery' | 'sealing' | 'roll' | 'codes' | 'move') => `/admin/${fund}/rounds/${round}${step ? `/${step}` : ''}`,
  /** The texts of a round in other languages and read aloud, or one of them. */
  adminWords: (fund: string, round: string, subject?: string, language?: string) => `${links.adminRound(fund, round)}/words${subject ? `/${subject}/${language ?? ''}` : ''}`,
  /** Where the form for letters with codes is sent; the answer is a PDF. */
  codeLetters: (fund: string, round: string) => `${links.adminRound(fund, round, 'codes')}/letters.pdf`,
  /** What looks odd in a sealed round. */
  oddities: (fund: string, round: string) => `${links.adminRound(fund, round)}/oddities`,
  /** Tablets that strangers share. */
  tablets: (fund: string, round: string) => `${links.adminRound(fund, round)}/tablets`,
  /** The paper of a round, one of its sheets, or the sheet to print. */
  paper: (fund: string, round: string, step?: 'sheet' | 'print', sheet?: number) => `${links.adminRound(fund, round)}/paper${step ? `/${step}` : ''}${sheet ? `?n=${sheet}` : ''}`,
  /** Decision day in a hall, and where the order of the projects is drawn. */
  hall: (fund: string, round: string, step?: 'order') => `${links.adminRound(fund, round)}/hall${step ? `/${step}` : ''}`,
  adminPractice: (fund: string, round: string) => `${links.adminRound(fund, round)}/practice`,
  /** A reading's file, which is also where its form is sent. */
  reading: (fund: string, round: string, subject: string, language: string) => `/api/v1/funds/${fund}/rounds/${round}/words/${subject}/${language}/recording`,
  /** Where somebody asks a parent. */
  askParent: (fund: string, round: string) => `${links.vote(fund, round)}/consent`,
  /** Where a parent answers; their link's token is in a cookie by then. */
  consent: (fund: string, round: string) => `${links.round(fund, round)}/consent`,
  help: (who?: 'resident' | 'asking' | 'panel' | 'administrator' | 'officer' | 'shop', question?: string) => `/help${who ? `/${who}` : ''}${question ? `#${question}` : ''}`,
  adminProject: (fund: string, round: string, project: string) => `${links.adminRound(fund, round, 'projects')}/${project}`,
  round: (fund: string, round: string) => `/f/${fund}/rounds/${round}`,
  /** A project's page; `number` is its public number, which may hold any letter. */
  project: (fund: string, round: string, number: string) => `${links.round(fund, round)}/projects/${encodeURIComponent(number)}`,
  /** How the order of the projects in a hall was drawn, and the order itself. */
  hallOrder: (fund: string, round: string) => `${links.round(fund, round)}/order`,
  /** The round in large type, for the wall of a hall; `still` where it does not renew itself. */
  wall: (fund: string, round: string, still = false) => `${links.round(fund, round)}/wall${still ? '?still' : ''}`,
  /** Where whoever delivers a project tells its news; their link's token is in a cookie by then. */
  deliver: (fund: string, round: string, token?: string) => `${links.round(fund, round)}/deliver${token ? `/${token}` : ''}`,
  tellByLink: (fund: string, round: string) => `/api/v1/funds/${fund}/rounds/${round}/deliverer/news`,
  results: (fund: string, round: string) => `${links.round(fund, round)}/results`,
  /** One step of the count; without a number what led up to the first. */
  countSteps: (fund: string, round: string, step?: number) => `${links.results(fund, round)}/steps${step ? `?step=${step}` : ''}`,
  resultsFile: (fund: string, round: string) => `${links.round(fund, round)}/results.csv`,
  /** The folder of a sealed round, served as it lies there. */
  published: (fund: string, round: string) => `${links.round(fund, round)}/published/`,
  /** Whether a ballot was counted in the reader's name. */
  counted: (fund: string, round: string) => `${links.round(fund, round)}/counted`,
  ideas: (fund: string, round: string) => `${links.round(fund, round)}/ideas`,
  /** An idea's page, by its public number. */
  idea: (fund: string, round: string, number: number) => `${links.ideas(fund, round)}/${number}`,
  newIdea: (fund: string, round: string) => `${links.ideas(fund, round)}/new`,
  /** What somebody proposed; `sent` is the number of the idea that has just gone in. */
  myIdeas: (fund: string, round: string, sent?: number) => `${links.ideas(fund, round)}/mine${sent ? `?sent=${sent}` : ''}`,
  changeIdea: (fund: string, round: string, number: number) => `${links.idea(fund, round, number)}/change`,
  adminIdeas: (fund: string, round: string, step?: 'enter' | 'dates') => `${links.adminRound(fund, round)}/ideas${step ? `/${step}` : ''}`,
  reviews: (fund: string, round: string) => `${links.adminRound(fund, round)}/review`,
  reviewIdea: (fund: string, round: string, number: number) => `${links.reviews(fund, round)}/${number}`,
  declareInterest: (fund: string, round: string) => `${links.reviews(fund, round)}/interest`,
  vote: (fund: string, round: string) => `${links.round(fund, round)}/vote`,
  /** The same for somebody whose sign-in ran out on the way. */
  voteAgain: (fund: string, round: string) => `${links.vote(fund, round)}?again`,
  joinRound: (fund: string, round: string) => `${links.vote(fund, round)}/join`,
  ballot: (fund: string, round: string) => `${links.vote(fund, round)}/ballot`,
  receipt: (fund: string, round: string) => `${links.vote(fund, round)}/receipt`,
  /** The style sheet that adds up a ballot where no script runs. */
  ballotSums: (fund: string, round: string) => `${links.vote(fund, round)}/sums.css`,
  /** A grant round's page: what it gives, and who decides. */
  grant: (fund: string, grant: string) => `/f/${fund}/grants/${grant}`,
  ask: (fund: string, grant: string) => `${links.grant(fund, grant)}/ask`,
  /** Where somebody asks for another person who agreed. */
  askFor: (fund: string, grant: string) => `${links.ask(fund, grant)}/for`,
  /** What became of a request; its link's token is in a cookie by then. */
  asked: (fund: string, token?: string) => `/f/${fund}/asked${token ? `/${token}` : ''}`,
  lostLink: (fund: string) => `${links.asked(fund)}/lost`,
  adminGrants: (fund: string) => `/admin/${fund}/grants`,
  /** Who decides about requests for money in a fund; an earlier version by its number. */
  whoDecides: (fund: string, version?: number) => `${links.fund(fund)}/who-decides${version ? `?version=${version}` : ''}`,
  /** What a body of the agency did with a round's awards, for everybody; and where it does. */
  adopted: (fund: string, grant: string) => `${links.grant(fund, grant)}/adopted`,
  adoptions: (fund: string) => `${links.agency(fund)}/adoptions`,
  /** Where the charter is written, part by part. */
  adminCharter: (fund: string, part?: string) => `${links.admin(fund)}/charter${part ? `/${part}` : ''}`,
  newGrant: (fund: string) => `${links.adminGrants(fund)}/new`,
  /** The desk of one grant round. */
  adminGrant: (fund: string, grant: string) => `${links.adminGrants(fund)}/${grant}`,
  /** What waits for those who decide; a request to begin with, or the page after one. */
  grantQueue: (fund: string, grant: string, given: { request?: string | undefined; after?: string | undefined } = {}) =>
    `${links.adminGrants(fund)}/${grant}/queue${given.after ? `?after=${given.after}` : ''}${given.request ? `#request-${given.request}` : ''}`,
  /** Where a resident sits on a panel. */
  myPanels: (fund: string) => `/f/${fund}/panels`,
  /** How a round's panels were drawn, for everybody; and where they are drawn. */
  panels: (fund: string, grant: string) => `${links.grant(fund, grant)}/panels`,
  /** How a round's order was drawn, for everybody, and the file of one draw; and where administrators type its result. */
  draw: (fund: string, grant: string) => `${links.grant(fund, grant)}/draw`,
  drawFile: (fund: string, grant: string, number: number) => `${links.draw(fund, grant)}/${number}/draw.json`,
  panelFile: (fund: string, grant: string, panel: string) => `${links.panels(fund, grant)}/${panel}/draw.json`,
  adminDraw: (fund: string, grant: string) => `${links.adminGrants(fund)}/${grant}/draw`,
  adminPanels: (fund: string, grant: string) => `${links.adminGrants(fund)}/${grant}/panels`,
  /** Where somebody who decides says where they live. */
  myDoor: (fund: string) => `${links.admin(fund)}/door`,
  /** Where a safeguarding lead reads, and where leads are named. */
  safeguarding: (fund: string) => `/f/${fund}/safeguarding`,
  safeguardingLeads: (fund: string) => `/admin/${fund}/safeguarding`,
  /** What is paid of a round, and the pages that say what became of its money. */
  paying: (fund: string, grant: string, after?: string) => `${links.adminGrants(fund)}/${grant}/paying${after ? `?after=${after}` : ''}`,
  figures: (fund: string, grant: string) => `${links.grant(fund, grant)}/figures`,
  figuresFile: (fund: string, grant: string) => `${links.figures(fund, grant)}.csv`,
  rowsFile: (fund: string, grant: string) => `${links.grant(fund, grant)}/rows.csv`,
  trust: (fund: string) => `${links.agency(fund)}/trust`,
  agencyMoneyFile: (fund: string) => `${links.agency(fund)}/money.csv`,
  thanks: (fund: string) => `/admin/${fund}/thanks`,
  myThanks: () => '/thanks',
  signposts: (fund: string) => `/admin/${fund}/signposts`,
  money: (fund: string) => `/admin/${fund}/money`,
  enterMoney: (fund: string, pledge?: string) => `${links.money(fund)}/enter${pledge ? `?pledge=${pledge}` : ''}`,
  contribution: (fund: string, contribution: string) => `${links.money(fund)}/contributions/${contribution}`,
  newPot: (fund: string) => `${links.money(fund)}/pots/new`,
  moneyStatement: (fund: string, cursor?: string) => `${links.money(fund)}/contributions${cursor ? `?cursor=${cursor}` : ''}`,
  moneyHistory: (fund: string, cursor?: string) => `${links.money(fund)}/history${cursor ? `?cursor=${cursor}` : ''}`,
  moneyHistoryFile: (fund: string) => `${links.money(fund)}/history.csv`,
  newPledge: (fund: string) => `${links.agency(fund)}/pledges/new`,
  pledge: (fund: string, pledge: string) => `${links.agency(fund)}/pledges/${pledge}`,
  castBallot: (fund: string, round: string) => `/api/v1/funds/${fund}/rounds/${round}/ballot`,
  /** What a voucher's square holds; which fund's till, where a shop stands at several. */
  voucher: (code: string, fund?: string) => (fund ? `/v/${encodeURIComponent(code)}?fund=${fund}` : `/v/${encodeURIComponent(code)}`),
  vouchers: () => '/vouchers',
  voucherPaper: (voucher: string) => `/vouchers/${voucher}/paper`,
  voucherHow: () => '/vouchers/how',
  cash: () => '/cash',
  adminCash: (fund: string, cursor?: string) => `${links.admin(fund)}/cash${cursor ? `?cursor=${cursor}` : ''}`,
  newCash: (fund: string, award: string) => `${links.adminCash(fund)}/new?award=${award}`,
  cashPayment: (fund: string, payment: string) => `${links.adminCash(fund)}/${payment}`,
  cashDesk: (fund: string) => `${links.adminCash(fund)}/desk`,
  cashBox: (fund: string) => `${links.adminCash(fund)}/box`,
  taken: (fund: string, redemption: string) => `${links.shop(fund)}/taken/${redemption}`,
  adminAwards: (fund: string) => `${links.admin(fund)}/awards`,
  adminAward: (fund: string, award: string) => `${links.adminAwards(fund)}/${award}`,
  adminVouchers: (fund: string) => `${links.admin(fund)}/vouchers`,
  newVoucher: (fund: string, award?: string) => `${links.adminVouchers(fund)}/new${award ? `?award=${award}` : ''}`,
  adminVoucher: (fund: string, voucher: string) => `${links.adminVouchers(fund)}/${voucher}`,
  adminShops: (fund: string) => `${links.admin(fund)}/shops`,
  /** What waits for a reviewer, and the comments that wait for a person. */
  desk: (fund: string) => `/admin/${fund}/desk`,
  moderation: (fund: string) => `/admin/${fund}/moderation`,
  /** A page of the comments under an idea or project, whose own address comes first. */
  /** The short link of posters and messages: it leads to the one step that is open now. */
  short: (fund: string, round: string, project?: string) => `/r/${fund}/${round}${project === undefined ? '' : `/${encodeURIComponent(project)}`}`,
  /** The card, the poster and its file of a round or project, whose own address comes first. */
  card: (at: string, language: string) => `${at}/card-${language}.png`,
  poster: (at: string) => `${at}/poster`,
  posterFile: (at: string, language: string) => `${at}/poster-${language}.pdf`,
  comments: (subject: string, page: number, comment?: string) => `${subject}${page > 1 ? `?comments=${page}` : ''}#${comment ? `comment-${comment}` : 'comments'}`,
  /** One file of a picture; `size` is the square it was fitted into. */
  picture: (fund: string, picture: string, size: number, format: 'avif' | 'webp') => `/api/v1/funds/${fund}/pictures/${picture}/${size}.${format}`,
  /** Where forms with pictures go; they come back to their page. */
  addIdeaPicture: (fund: string, round: string, number: number) => `/api/v1/funds/${fund}/rounds/${round}/ideas/${number}/pictures`,
  publishNews: (fund: string, round: string, project: string) => `/api/v1/funds/${fund}/rounds/${round}/projects/${project}/news`,
  delivery: (fund: string, round: string, project?: string) => `${links.adminRound(fund, round)}/delivery${project ? `/${project}` : ''}`,
  adminShop: (fund: string, shop: string) => `${links.adminShops(fund)}/${shop}`,
} as const;

/** Where to go after signing in: a path of this site, or null for anything else. */
export function safeNext(next: string | null): string | null {
  // Browsers leave out tabs and line ends, and what is left of `/\t/elsewhere` is another site.
  return next && /^\/(?![/\\])[^\p{Cc}]*$/u.test(next) ? next : null;
}
