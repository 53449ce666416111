import { SignalApi } from '@backstage/plugin-signals-react';
import { ChangedMigration } from '@skein/backstage-plugin-dataset-migrations-common';

/** Signals that a test sends by hand. */
export class FakeSignals implements SignalApi {
  private readonly listeners = new Set<(message: any) => void>();

  subscribe(_channel: string, onMessage: (message: any) => void) {
    this.listeners.add(onMessage);
    return { unsubscribe: () => void this.listeners.delete(onMessage) };
  }

  send(changed: ChangedMigration) {
    this.listeners.forEach(listener =>
      listener({ type: 'migrations-updated', migrations: [changed] }),
    );
  }
}
