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
  /** True for a page that ships script (`csr = true` in its +page.ts). */
  script?: true;
}

export const pages: readonly PageRow[] = [
  { route: '(public)', as: 'stranger', url: () => links.home() },
  { route: '(public)/f/[fund]', as: 'stranger', url: ({ fund }) => links.fund(fund.slug) },
  { route: '(public)/f/[fund]', state: 'signed in', as: 'resident', url: ({ fund }) => links.fund(fund.slug) },
  { route: '(public)/outbox', as: 'stranger', url: () => links.outbox() },
  { route: '(resident)/sign-in', as: 'stranger', url: () => links.signIn(links.you()) },
  { route: '(resident)/sign-in/code', as: 'stranger', url: () => links.enterCode() },
  { route: '(resident)/sign-in/card', as: 'stranger', url: () => links.signInCard() },
  { route: '(resident)/sign-out', as: 'resident', url: () => links.signOut(), leadsTo: () => links.home() },
  { route: '(resident)/you', as: 'shop', url: () => links.you() },
  { route: '(resident)/you', state: 'signed out', as: 'stranger', url: () => links.you(), leadsTo: () => links.signIn(links.you()) },
];
