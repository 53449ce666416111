import { useCallback, useRef, useState } from 'react';

export interface Action<A extends unknown[]> {
  run(...args: A): Promise<void>;
  running: boolean;
  error?: Error;
  /** Forgets the error. */
  reset(): void;
}

/**
 * Something that a button does. While it runs, further clicks do nothing; what
 * goes wrong is kept to be shown where the button is.
 */
export function useAction<A extends unknown[]>(
  perform: (...args: A) => Promise<void>,
): Action<A> {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<Error>();
  const busy = useRef(false);

  const run = useCallback(
    async (...args: A) => {
      if (busy.current) {
        return;
      }
      busy.current = true;
      setRunning(true);
      setError(undefined);
      try {
        await perform(...args);
      } catch (e) {
        setError(e instanceof Error ? e : new Error(String(e)));
      } finally {
        busy.current = false;
        setRunning(false);
      }
    },
    [perform],
  );

  const reset = useCallback(() => setError(undefined), []);
  return { run, running, error, reset };
}
