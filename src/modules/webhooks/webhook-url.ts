import { isIP } from 'node:net';
import { validationFailed } from '../../errors/index.js';
import type { Reachable } from './sending/reachable.js';
import { webhookUrlRefused } from './webhooks.problems.js';

const MAX = 2000;

/** The host of a URL, as an address if it is one: decimal, octal and hexadecimal forms are ordinary ones by then. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** @returns why nothing is sent to this URL, whatever its name resolves to; undefined: it may be tried */
export function refusalOf(url: URL, reachable: Reachable): string | undefined {
  const { protocol, username, password, href } = url;
  const host = hostOf(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && reachable.allowsNetworks))
    return 'It must begin with https://.';
  if (username || password) return 'It must not hold a user name or a password.';
  if (href.includes('#')) return 'It must not have a fragment.';
  if (host === '' || (isIP(host) !== 0 && !reachable.allowed(host, protocol)))
    return 'Its address is not one of the internet.';
  return undefined;
}

/**
 * The URL of an endpoint in its one spelling. What its name resolves to is looked at when something is sent.
 * @throws DomainError 400 for what is no URL, 422 `webhook_url_refused` for one that nothing is sent to
 */
export function webhookUrl(text: string, reachable: Reachable): string {
  const url = URL.parse(text);
  if (!url || /[\s\p{Cc}]/u.test(text) || url.href.length > MAX)
    throw validationFailed('This is no URL.', { errors: [{ field: 'url', message: 'url must be a URL' }] });
  const refusal = refusalOf(url, reachable);
  if (refusal) throw webhookUrlRefused(`Nothing is sent to this URL. ${refusal}`);
  return url.href;
}
