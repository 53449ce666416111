import { SignalApi } from '@backstage/plugin-signals-react';
import { MigrationSignal } from '@skein/backstage-plugin-dataset-migrations-common';

/** Signals that a test sends by hand. */
export class FakeSignals implements SignalApi {
  private readonly listeners = new Set<(message: any) => void>();

  subscribe(_channel: string, onMessage: (message: any) => void) {
    this.listeners.add(onMessage);
    return { unsubscribe: () => void this.listeners.delete(onMessage) };
  }

  send(signal: Pick<MigrationSignal, 'migrationId' | 'datasetRef'>) {
    this.listeners.forEach(listener =>
      listener({ type: 'migration-updated', ...signal }),
    );
  }
}
