import { useEffect, useRef } from 'react';
import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  ChangedMigration,
  MigrationSignal,
} from '@skein/backstage-plugin-dataset-migrations-common';

const CHANNEL = 'dataset-migrations';

/**
 * Calls the listener for every migration of which the backend signals a change;
 * never, in an app without signals. Subscribes by itself instead of through
 * `useSignal`, which keeps only the last message: of two that arrive together
 * one would be lost.
 */
export function useMigrationSignals(
  listener: (changed: ChangedMigration) => void,
): void {
  const signals = useApiHolder().get(signalApiRef);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });

  useEffect(() => {
    const subscription = signals?.subscribe<MigrationSignal>(
      CHANNEL,
      message => {
        if (message.type === 'migrations-updated') {
          message.migrations.forEach(changed => latest.current(changed));
        }
      },
    );
    return () => subscription?.unsubscribe();
  }, [signals]);
}
