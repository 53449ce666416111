import { UndeliverableError } from '@skein/backstage-plugin-dataset-migrations-node';
import { CloudEvent, CloudEventV1, HTTP } from 'cloudevents';
import { LookupAddress } from 'node:dns';
import { Agent, request } from 'undici';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import { DeliveryRecord } from '../DeliveryStore';
import {
  HttpStatusError,
  RefusedError,
  Sender,
  UnreachableError,
} from '../senders';
import { choosePublicAddress, requireAllowed } from './addresses';
import { HostSlots } from './HostSlots';
import { NameResolver } from './NameResolver';
import { AllowRule, ContentMode, WebhookSettings } from './settings';
import { SecretGenerations } from './signing/SecretGenerations';

/** Statuses 4xx that say nothing of the event: timeout, too early, too many. */
const PASSING = [408, 425, 429];

/** Codes of errors that say that there was no connection, or no answer. */
const UNREACHABLE = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
];

/**
 * Calls consumers back: a CloudEvent in structured or binary mode, signed after
 * Standard Webhooks (https://www.standardwebhooks.com), with the delivery as message
 * id, so that receivers recognise one that comes twice.
 *
 * The address is the one that the consumer declares now, checked against the
 * operator's allow-list, resolved once, and connected to exactly as checked. No
 * redirect is followed.
 */
export class WebhookSender implements Sender {
  readonly kind = 'webhook';
  readonly timeoutMs: number;
  readonly atATime: number;

  constructor(
    private readonly options: {
      consumers: ConsumerStore;
      settings: WebhookSettings;
      generations: Pick<SecretGenerations, 'signingFor'>;
      hosts: HostSlots;
      names: Pick<NameResolver, 'resolve'>;
    },
  ) {
    this.timeoutMs = options.settings.timeoutMs;
    this.atATime = options.settings.atATime;
  }

  async send(
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    const { consumers, settings, hosts } = this.options;
    const { consumerRef } = delivery;
    // Consumers are called about migrations alone.
    const datasetRef = delivery.datasetRef!;
    const address = await consumers.webhookOf(datasetRef, consumerRef);
    if (address === undefined) {
      throw new UndeliverableError(
        `${consumerRef} declares no webhook for ${datasetRef} any more`,
      );
    }
    const { url, rule } = undeliverable(() =>
      requireAllowed(address, settings.rules),
    );
    return hosts.use(url.host, () => this.call(url, rule, delivery, signal));
  }

  private async call(
    url: URL,
    rule: AllowRule,
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const { allowPrivate } = rule;
    const addresses = await this.options.names.resolve(host, {
      allowPrivate,
      signal,
    });
    const target = undeliverable(() =>
      choosePublicAddress(url.host, addresses, allowPrivate),
    );
    try {
      return await this.post(url, target, rule, delivery, signal);
    } catch (error) {
      throw UNREACHABLE.includes((error as { code?: string }).code!)
        ? new UnreachableError((error as Error).message)
        : error;
    }
  }

  private async post(
    url: URL,
    target: LookupAddress,
    rule: AllowRule,
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    const { headers, body } = toRequest(delivery, rule.contentMode);
    const generations = await this.options.generations.signingFor(
      delivery.consumerRef,
    );
    const agent = new Agent({
      connect: { lookup: pinned(target), timeout: this.timeoutMs },
      pipelining: 0,
    });
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { ...headers, ...sign(rule, delivery, body, generations) },
        body,
        dispatcher: agent,
        signal,
        // Its own default is five minutes, whatever is configured here.
        headersTimeout: this.timeoutMs,
      });
      // The status says all; the rest is not read, and ends with the connection.
      response.body.on('error', () => {});
      return accept(response.statusCode, response.headers['retry-after']);
    } finally {
      await agent.destroy();
    }
  }
}

function toRequest(
  { body }: DeliveryRecord,
  mode: ContentMode,
): { headers: Record<string, string>; body: string } {
  const event = new CloudEvent(body as unknown as CloudEventV1<object>);
  const message =
    mode === 'binary' ? HTTP.binary(event) : HTTP.structured(event);
  const headers = Object.entries(message.headers).map(
    ([name, value]): [string, string] => [
      name,
      name.startsWith('ce-') ? encodeHeader(String(value)) : String(value),
    ],
  );
  return {
    headers: Object.fromEntries(headers),
    body: String(message.body),
  };
}

/** As CloudEvents wants attributes in headers; its SDK leaves that to the sender. */
function encodeHeader(value: string): string {
  return value.replace(/[^\x21-\x7e]+|["%]/gu, encodeURIComponent);
}

function sign(
  { signers }: AllowRule,
  { id, consumerRef }: DeliveryRecord,
  body: string,
  generations: number[],
): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signers
      .map(signer => signer.sign({ id, at, body, consumerRef, generations }))
      .join(' '),
  };
}

function accept(
  status: number,
  retryAfter: string | string[] | undefined,
): { status: number } {
  if (status >= 200 && status < 300) {
    return { status };
  }
  if (status === 410) {
    throw new UndeliverableError('The receiver is gone for good (410)', status);
  }
  if (status >= 400 && status < 500 && !PASSING.includes(status)) {
    throw new RefusedError(`The receiver refuses it (${status})`, status);
  }
  throw new HttpStatusError(
    status >= 300 && status < 400
      ? `The receiver redirects (${status}), which is not followed`
      : `The receiver answered ${status}`,
    status,
    secondsOf(String(retryAfter)),
  );
}

/** Of a header `retry-after`: a number of seconds, or a date. */
function secondsOf(retryAfter: string): number | undefined {
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return seconds > 0 ? seconds : undefined;
}

/** Connects to one address, whatever the name would resolve to by then. */
function pinned({ address, family }: LookupAddress) {
  return (
    _host: string,
    options: { all?: boolean },
    callback: (
      error: Error | null,
      address: string | LookupAddress[],
      family?: number,
    ) => void,
  ) =>
    options.all
      ? callback(null, [{ address, family }])
      : callback(null, address, family);
}

/** What is wrong with an address is so at the next attempt, too. */
function undeliverable<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new UndeliverableError((error as Error).message);
  }
}
