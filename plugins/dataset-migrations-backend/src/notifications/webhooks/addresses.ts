import { InputError, NotAllowedError } from '@backstage/errors';
import ipaddr from 'ipaddr.js';
import { LookupAddress } from 'node:dns';
import { AnnouncementKind, isHeardByDefault } from '../types';
import { AllowRule } from './settings';

/**
 * A callback address as people see it: no query, no credentials, either of
 * which may hold a secret.
 */
export function displayAddress(address: string): string {
  if (!URL.canParse(address)) {
    return 'not an address';
  }
  const { origin, host, protocol, pathname } = new URL(address);
  return origin === 'null' ? `${protocol}//${host}` : `${origin}${pathname}`;
}

/**
 * Parses an address and finds the operator's rule that allows it.
 *
 * @throws InputError when it is no HTTP address or carries credentials;
 *   NotAllowedError when no rule allows it
 */
export function requireAllowed(
  address: string,
  rules: AllowRule[],
): { url: URL; rule: AllowRule } {
  const shown = displayAddress(address);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(`The callback address (${shown}) is no HTTP address`);
  }
  if (url.username || url.password) {
    throw new InputError(
      `The callback address ${shown} carries credentials; calls are signed instead`,
    );
  }
  const rule = rules.find(candidate => candidate.matches(url));
  if (!rule) {
    throw new NotAllowedError(
      `The callback address ${shown} is not in the allow-list datasetMigrations.notifications.webhooks.allow`,
    );
  }
  return { url, rule };
}

/**
 * Whether the rule for an address lets callbacks be made for an announcement. One
 * that no rule allows hears of what everybody hears of, so that somebody sees that.
 */
export function hears(
  rules: AllowRule[],
  address: string,
  kind: AnnouncementKind,
): boolean {
  const rule = URL.canParse(address)
    ? rules.find(candidate => candidate.matches(new URL(address)))
    : undefined;
  return rule ? rule.hears(kind) : isHeardByDefault(kind);
}

/**
 * Chooses the address to connect to among those that a name resolved to. One
 * forbidden address spoils the name: whoever controls it would only have to
 * try again.
 *
 * @throws NotAllowedError for addresses of this machine, of private networks,
 *   of clouds' metadata services and the like, unless `allowPrivate`
 */
export function choosePublicAddress(
  host: string,
  addresses: LookupAddress[],
  allowPrivate: boolean,
): LookupAddress {
  for (const { address } of addresses) {
    // An IPv4 address in IPv6 clothes is judged as what it is.
    const range = ipaddr.process(address).range();
    if (range !== 'unicast' && !allowPrivate) {
      throw new NotAllowedError(
        `${host} is the ${range} address ${address}; callbacks go to public addresses unless the rule says allowPrivate`,
      );
    }
  }
  return addresses[0];
}
