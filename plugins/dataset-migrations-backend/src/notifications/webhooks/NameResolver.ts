import { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { UnreachableError } from '../senders';
import { HostSlots } from './HostSlots';

/** For each of two tries. */
const TRY_MS = 2_000;

/**
 * Of the four threads that Node has for files, keys and names, in all of the process,
 * those that may wait for names.
 */
const LOOKUPS_AT_A_TIME = 2;

/**
 * Resolves the hosts of receivers. Public ones are asked for over sockets of their own, so
 * that a name server that does not answer holds no thread of the process: as many
 * consumers as there are threads could else bring all of it to a halt by their addresses.
 * Private ones may be known to the system alone (hosts file, search domains), which is
 * asked in few threads.
 */
export class NameResolver {
  private readonly lookups = new HostSlots(LOOKUPS_AT_A_TIME);

  /** @param options.servers - instead of the system's, as `address:port` */
  constructor(
    private readonly options: { servers?: string[]; tryMs?: number } = {},
  ) {}

  /**
   * @param host - a name, or an address
   * @param options.allowPrivate - whether the operator lets it be private
   * @returns at least one address, those of IPv4 first
   * @throws UnreachableError when it does not resolve; BusyError when too many private
   *   ones are asked for; the reason of `signal`
   */
  async resolve(
    host: string,
    options: { allowPrivate: boolean; signal: AbortSignal },
  ): Promise<LookupAddress[]> {
    const family = isIP(host);
    if (family !== 0) {
      return [{ address: host, family }];
    }
    if (!options.allowPrivate && /^(.*\.)?localhost$/i.test(host)) {
      // No name server is to be asked for it (RFC 6761).
      return [{ address: '127.0.0.1', family: 4 }];
    }
    if (options.allowPrivate) {
      return this.lookups.use('the name service', async () => {
        try {
          return await lookup(host, { all: true });
        } catch (error) {
          throw unresolved(host, error);
        }
      });
    }
    return this.query(host, options.signal);
  }

  private async query(
    host: string,
    signal: AbortSignal,
  ): Promise<LookupAddress[]> {
    signal.throwIfAborted();
    const { servers, tryMs = TRY_MS } = this.options;
    const resolver = new Resolver({ timeout: tryMs, tries: 2 });
    if (servers) {
      resolver.setServers(servers);
    }
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const [four, six] = await Promise.allSettled([
        resolver.resolve4(host),
        resolver.resolve6(host),
      ]);
      signal.throwIfAborted();
      const addresses = [four, six].flatMap((answer, index) =>
        answer.status === 'fulfilled'
          ? answer.value.map(address => ({ address, family: index ? 6 : 4 }))
          : [],
      );
      if (addresses.length === 0) {
        throw unresolved(host, four.status === 'rejected' && four.reason);
      }
      return addresses;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

function unresolved(host: string, error: unknown): UnreachableError {
  const { code = 'no address' } = error as { code?: string };
  return new UnreachableError(`${host} does not resolve (${code})`);
}
