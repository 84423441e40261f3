import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { Config } from '../../../config/index.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Of IPv6 only what IANA gives out for use in the internet: other blocks are reserved, or lead on to IPv4. */
const GLOBAL_IPV6: Network = ipaddr.parseCIDR('2000::/3');

/** Azure's platform, which answers machines there about themselves: unicast to everybody else. */
const NOT_PUBLIC = new Set(['168.63.129.16']);

const within = (address: Address, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

/**
 * Which addresses webhooks are sent to: those that are anybody's in the internet, and those that whoever runs the
 * installation allows. None of ours: loopback, private, link-local with the cloud's metadata, shared (RFC 6598), mapped or
 * tunnelled forms of them.
 */
@Injectable()
export class Reachable {
  private readonly networks: readonly Network[];

  constructor({ env }: Config) {
    this.networks = env.WEBHOOK_ALLOWED_NETWORKS.map((one) => ipaddr.parseCIDR(one));
  }

  /** Whether somebody allowed networks: in those, plain http is taken, too. */
  get allowsNetworks(): boolean {
    return this.networks.length > 0;
  }

  /** @param address as text, IPv4 or IPv6 without brackets; what is none is not reachable */
  allowed(address: string, protocol: string): boolean {
    if (isIP(address) === 0 || address.includes('%')) return false;
    const parsed = ipaddr.process(address); // ::ffff:127.0.0.1 is 127.0.0.1
    if (this.networks.some((network) => within(parsed, network))) return true;
    if (NOT_PUBLIC.has(parsed.toString())) return false;
    const global = parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || within(parsed, GLOBAL_IPV6));
    return global && protocol === 'https:';
  }
}
