import { assertError } from '@backstage/errors';
import pg from 'pg';

/** Until the connection is made anew, and made anew again. */
const RECONNECT_MS = 1_000;
/** How often it is looked whether the connection is still there. */
const CHECK_MS = 10_000;
const CHECK_TIMEOUT_MS = 5_000;

interface SubscriptionOptions {
  settings: pg.ClientConfig;
  channel: string;
  onNotification(payload: string): void;
  /** It listens, for the first time or again: what came meanwhile was missed. */
  onListening(): void;
  onLost(error: Error): void;
}

/**
 * Listens to a channel of PostgreSQL on a connection of its own, which it makes
 * anew whenever it is lost, silently too.
 */
export class Subscription {
  private client?: pg.Client;
  private listening = false;
  private timer?: NodeJS.Timeout;
  private closed = false;

  private constructor(private readonly options: SubscriptionOptions) {}

  /** @throws when the first connection cannot be made */
  static async open(options: SubscriptionOptions): Promise<Subscription> {
    const subscription = new Subscription(options);
    await subscription.connect();
    return subscription;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.drop();
  }

  private async connect(): Promise<void> {
    const { settings, channel, onNotification, onListening } = this.options;
    const client = new pg.Client({
      keepAlive: true,
      connectionTimeoutMillis: CHECK_TIMEOUT_MS,
      query_timeout: CHECK_TIMEOUT_MS,
      ...settings,
    });
    this.client = client;
    client.on('error', error => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('it was closed')));
    client.on('notification', ({ payload }) => onNotification(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await this.drop();
      throw error;
    }
    this.listening = true;
    this.check(client);
    onListening();
  }

  private check(client: pg.Client): void {
    this.timer = setTimeout(async () => {
      try {
        await client.query('SELECT 1');
        if (this.client === client && !this.closed) {
          this.check(client);
        }
      } catch (error) {
        assertError(error);
        this.lose(client, error);
      }
    }, CHECK_MS);
    this.timer.unref();
  }

  private lose(client: pg.Client, error: Error): void {
    // One that never listened is dealt with by who connects.
    if (this.client !== client || !this.listening || this.closed) {
      return;
    }
    this.options.onLost(error);
    void this.drop();
    this.retry();
  }

  private retry(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.connect().catch(() => {
        if (!this.closed) {
          this.retry();
        }
      });
    }, RECONNECT_MS);
    this.timer.unref();
  }

  private async drop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.listening = false;
    // It may say more than once that it broke.
    client?.removeAllListeners().on('error', () => {});
    await client?.end().catch(() => {});
  }
}
