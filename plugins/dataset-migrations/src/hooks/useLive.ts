import { useCallback, useEffect, useRef, useState } from 'react';
import { ChangedMigration } from '@skein/backstage-plugin-dataset-migrations-common';
import { GAP_MS, LiveLoader, LoadContext, POLL_MS } from './LiveLoader';
import { useMigrationSignals } from './useMigrationSignals';

export interface LiveOptions<T> {
  /** What is loaded; another key is another value. Undefined: nothing yet. */
  key: string | undefined;
  load(context: LoadContext<T>): Promise<T>;
  /** Whose changes make it load again; default nobody's. */
  concerns?(changed: ChangedMigration): boolean;
  /** Whether a value may still change by itself; default never. */
  isActive?(value: T): boolean;
  /** Shows the value of the last key while the next loads, as pages of a list do. */
  keepPrevious?: boolean;
  pollMs?: number;
  gapMs?: number;
}

export interface Live<T> {
  value?: T;
  /** Of the last request. Beside a value: the value could not be refreshed. */
  error?: Error;
  /** True until the first answer for the current key. */
  loading: boolean;
  refresh(): void;
  replace(value: T): void;
}

/** A value of the backend, kept fresh by signals and, where there are none, by polling. */
export function useLive<T>(options: LiveOptions<T>): Live<T> {
  const {
    key,
    keepPrevious = false,
    pollMs = POLL_MS,
    gapMs = GAP_MS,
  } = options;
  const [state, setState] = useState<{
    key?: string;
    value?: T;
    error?: Error;
  }>({});
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const loader = useRef<LiveLoader<T>>();

  useEffect(() => {
    if (key === undefined) {
      return undefined;
    }
    const current = new LiveLoader<T>({
      load: context => latest.current.load(context),
      isActive: value => latest.current.isActive?.(value) ?? false,
      pollMs,
      gapMs,
      onValue: value => setState({ key, value }),
      onError: error =>
        setState(before => ({
          key,
          value: before.key === key ? before.value : undefined,
          error,
        })),
    });
    loader.current = current;
    current.refresh();
    return () => current.stop();
  }, [key, pollMs, gapMs]);

  useMigrationSignals(changed => {
    if (latest.current.concerns?.(changed)) {
      loader.current?.nudge();
    }
  });

  const refresh = useCallback(() => loader.current?.refresh(), []);
  const replace = useCallback((value: T) => loader.current?.replace(value), []);

  const isCurrent = key !== undefined && state.key === key;
  return {
    value: isCurrent || keepPrevious ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    loading: key !== undefined && !isCurrent,
    refresh,
    replace,
  };
}
