import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { PreflightReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { useLive } from './useLive';

export interface Preflight {
  report?: PreflightReport;
  error?: Error;
  /** From the click until the report is done. */
  running: boolean;
  start(): void;
}

/** The scan of the data for what would not fit the target version. Mount anew for another version. */
export function usePreflight(
  datasetRef: string,
  targetVersion: string,
): Preflight {
  const api = useApi(datasetMigrationsApiRef);
  const [first, setFirst] = useState<PreflightReport>();
  const [startError, setStartError] = useState<Error>();
  const [starting, setStarting] = useState(false);
  const id = first?.id;

  const live = useLive<PreflightReport>({
    key: id,
    load: ({ signal }) => api.getPreflight(datasetRef, id!, { signal }),
    isActive: report => !isEnded(report),
  });

  const start = useCallback(async () => {
    setStarting(true);
    setStartError(undefined);
    try {
      setFirst(await api.startPreflight(datasetRef, { targetVersion }));
    } catch (error) {
      setStartError(error as Error);
    } finally {
      setStarting(false);
    }
  }, [api, datasetRef, targetVersion]);

  const report = live.value ?? first;
  return {
    report,
    error: startError ?? live.error,
    running: starting || (report !== undefined && !isEnded(report)),
    start,
  };
}

function isEnded(report: PreflightReport): boolean {
  return report.state === 'done' || report.state === 'failed';
}
