import { CloudEvent, CloudEventV1, HTTP } from 'cloudevents';
import { lookup } from 'node:dns/promises';
import { LookupAddress } from 'node:dns';
import { Agent, request } from 'undici';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import { DeliveryRecord } from '../DeliveryStore';
import { HttpStatusError, Sender, UndeliverableError } from '../senders';
import { choosePublicAddress, requireAllowed } from './addresses';
import { AllowRule, WebhookSettings } from './settings';

/** The answer of a receiver is read no further than this. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Calls consumers back: a CloudEvent in structured mode, signed after Standard
 * Webhooks (https://www.standardwebhooks.com), with the delivery as message id,
 * so that receivers recognise one that comes twice.
 *
 * The address is the one that the consumer declares now, checked against the
 * operator's allow-list, resolved once, and connected to exactly as checked. No
 * redirect is followed.
 */
export class WebhookSender implements Sender {
  readonly kind = 'webhook';

  constructor(
    private readonly options: {
      consumers: ConsumerStore;
      settings: WebhookSettings;
    },
  ) {}

  async send(
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    const { consumers, settings } = this.options;
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
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await lookup(host, { all: true });
    const target = undeliverable(() =>
      choosePublicAddress(url.host, addresses, rule.allowPrivate),
    );
    return this.post(url, target, rule, delivery, signal);
  }

  private async post(
    url: URL,
    target: LookupAddress,
    rule: AllowRule,
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    const { timeoutMs } = this.options.settings;
    const message = HTTP.structured(
      new CloudEvent(delivery.body as unknown as CloudEventV1<object>),
    );
    const body = message.body as string;
    const agent = new Agent({
      connect: { lookup: pinned(target), timeout: timeoutMs },
      pipelining: 0,
    });
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(url, {
        method: 'POST',
        headers: {
          'content-type': String(message.headers['content-type']),
          ...sign(rule, delivery.id, body),
        },
        body,
        dispatcher: agent,
        signal: AbortSignal.any([signal, timeout]),
      });
      await response.body.dump({ limit: MAX_RESPONSE_BYTES });
      return accept(response.statusCode);
    } catch (error) {
      if (timeout.aborted && !signal.aborted) {
        throw new Error(`No answer within ${timeoutMs / 1000} seconds`);
      }
      throw error;
    } finally {
      await agent.destroy();
    }
  }
}

function sign(rule: AllowRule, id: string, body: string) {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': rule.signers
      .map(signer => signer.sign(id, now, body))
      .join(' '),
  };
}

function accept(status: number): { status: number } {
  if (status >= 200 && status < 300) {
    return { status };
  }
  if (status === 410) {
    throw new UndeliverableError('The receiver is gone for good (410)', status);
  }
  throw new HttpStatusError(
    status >= 300 && status < 400
      ? `The receiver redirects (${status}), which is not followed`
      : `The receiver answered ${status}`,
    status,
  );
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
