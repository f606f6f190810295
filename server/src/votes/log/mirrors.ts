/**
 * Sends signed heads to the mirrors that a round names: servers of somebody else, who can later show that nobody was
 * shown another log. A head is public, so nothing is lost where a mirror is not what it says; what must not happen is
 * that a typed address makes this server call something inside its own network.
 */
import { lookup } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 2000;

/** Addresses that lead into a network of our own, or nowhere. */
const inside = new BlockList();
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['::', 96], ['64:ff9b::', 96], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['2001::', 32], ['2002::', 16]] as const) inside.addSubnet(net, bits, 'ipv6');

/** Whether an address lies in the open internet. IPv4 written as IPv6 counts as what it is. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

export interface MirrorAnswer {
  /** The HTTP status, or null where there was no answer. */
  status: number | null;
  /** Why there was none: a code, never a sentence. */
  fault: string | null;
  answer: string | null;
}

/** One POST of a head. Follows no redirect, and connects only to the address that was looked at. */
export function sendHead(mirror: string, note: string, mayBePrivate: boolean): Promise<MirrorAnswer> {
  return new Promise((resolve) => {
    const fail = (fault: string): void => resolve({ status: null, fault, answer: null });
    const url = URL.parse(mirror);
    if (url?.protocol !== 'https:') return fail('not-https');
    // An address instead of a name is never looked up, so it is looked at here.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!mayBePrivate && isIP(host) !== 0 && !isPublicAddress(host)) return fail('private-address');
    const sending = request(url, {
      method: 'POST', lookup: mayBePrivate ? lookup as LookupFunction : publicLookup, signal: AbortSignal.timeout(TIMEOUT_MS), agent: false,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(note), 'user-agent': 'commonpot-log' },
    }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        answer = (answer + chunk).slice(0, ANSWER_MAX);
        if (answer.length === ANSWER_MAX) response.destroy();
      });
      response.on('error', () => {});
      response.on('close', () => resolve({ status: response.statusCode ?? null, fault: null, answer: answer.replaceAll('\0', '') }));
    });
    sending.on('error', (error: NodeJS.ErrnoException) => fail((error.code ?? error.name).slice(0, 40)));
    sending.end(note);
  });
}

/** Looks a name up and keeps only addresses of the open internet. */
const publicLookup: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '', 4);
    const open = found.filter((each) => isPublicAddress(each.address));
    const [first] = open;
    if (!first) return done(Object.assign(new Error('no public address'), { code: 'private-address' }), '', 4);
    if (options.all) return done(null, open);
    done(null, first.address, first.family);
  });
};
