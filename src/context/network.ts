import ipaddr from 'ipaddr.js';

/**
 * What counts as one address where requests are counted by it: an IPv4 address, also where it is written as IPv6; the /64
 * of an IPv6 one, since whoever has one has them all; `unknown` for what is none.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : parsed.toString();
}
