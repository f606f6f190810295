/** Where in the help each page's readers find theirs: the first line that fits the page's route. */
import { links } from '#lib/links.ts';
import type { Reader } from './questions.ts';

const places: readonly [route: RegExp, reader: Reader, question?: string][] = [
  [/\(admin\).*\/(roll|codes)$/, 'administrator', 'code'], [/\(admin\).*\/words/, 'administrator', 'words'], [/\(admin\).*\/practice$/, 'administrator', 'practice'], [/\(admin\).*\/who$/, 'administrator', 'parent'],
  [/\(admin\).*\/(hall|hall\/order|paper|tablets)$/, 'administrator', 'hall'],
  [/\(admin\).*\/recovery$/, 'administrator', 'key'], [/\(admin\).*\/(dates|move)$/, 'administrator', 'date'], [/\(admin\).*\/shops/, 'administrator', 'shop'], [/\(admin\).*\/money\/(enter|contributions)/, 'administrator', 'entered'],
  [/\(admin\).*\/queue$/, 'administrator', 'know'], [/\(admin\).*\/cash/, 'administrator', 'cash'], [/\(admin\).*\/(thanks|panels)$/, 'administrator', 'thank'],
  [/\(admin\).*\/(money|awards|vouchers)/, 'administrator', 'second'], [/\(admin\).*\/rounds/, 'administrator', 'start'], [/\(admin\)/, 'administrator'],
  [/\(agency\).*\/pledges\/new$/, 'officer', 'restricted'], [/\(agency\).*\/pledges/, 'officer', 'pledge'], [/\(agency\).*\/trust$/, 'officer', 'trust'], [/\(agency\)/, 'officer', 'committee'],
  [/\(shop\).*\/taken/, 'shop', 'wrong'], [/\(shop\)/, 'shop', 'paid'],
  [/\/vote\/consent$|\/consent$/, 'resident', 'parent'], [/\/vote\/receipt$/, 'resident', 'phone'], [/\/vote\/ballot$/, 'resident', 'mistake'], [/\/vote$/, 'resident', 'code'], [/\/vote/, 'resident', 'secret'],
  [/\/asked\/lost$/, 'asking', 'lost'], [/\/asked$/, 'asking', 'held'], [/\/grants\/\[grant\]\/ask/, 'asking', 'need'], [/\(resident\).*\/panels$/, 'panel'], [/\(resident\)\/thanks$/, 'panel', 'thanks'],
  [/\/ideas/, 'resident', 'idea'], [/\/vouchers/, 'resident', 'voucher'], [/\/you$/, 'resident', 'data'], [/\/projects\//, 'resident', 'language'],
];

/** The address of the help for a page, by its route's id. */
export function helpFor(route: string | null): string {
  const place = places.find(([pattern]) => pattern.test(route ?? ''));
  return place ? links.help(place[1], place[2]) : links.help();
}
