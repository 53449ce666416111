import { Db } from 'pg-boss';
import pg from 'pg';
import { Subscription } from './Subscription';

/** Seconds after which a connection that is not made counts as failed. */
const CONNECT_SECONDS = 10;

/**
 * The queue's own connections: a pool of short statements, and one that
 * listens. Apart from the plugin's, which a caller's transactions may hold all
 * of while they wait for the queue.
 */
export class QueueDatabase implements Db {
  private readonly pool: pg.Pool;
  private contact = performance.now();

  constructor(
    private readonly options: {
      settings: pg.PoolConfig;
      /** A job landed in that queue, or in any while nobody listened. */
      onNotified(queue?: string): void;
      /** A connection broke; the next statement gets another one. */
      onLost(error: Error): void;
    },
  ) {
    this.pool = new pg.Pool({
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_SECONDS * 1000,
      ...options.settings,
    });
    // Without a listener a broken idle connection would end the process.
    this.pool.on('error', options.onLost);
  }

  async executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }> {
    try {
      const result = await this.pool.query(text, values);
      this.contact = performance.now();
      return result;
    } catch (error) {
      // That a disk is full is an answer; that it lets nobody in is none.
      if ((error as { severity?: string }).severity === 'ERROR') {
        this.contact = performance.now();
      }
      throw error;
    }
  }

  async listen(
    channel: string,
    onNotification: (queue: string) => void,
    onReconnect: () => void,
  ): Promise<Subscription> {
    const { settings, onNotified, onLost } = this.options;
    return Subscription.open({
      settings,
      channel,
      onNotification: queue => {
        onNotification(queue);
        onNotified(queue);
      },
      onListening: () => {
        onReconnect();
        onNotified();
      },
      onLost,
    });
  }

  /** When PostgreSQL last answered, by `performance.now()`. */
  lastContact(): number {
    return this.contact;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
