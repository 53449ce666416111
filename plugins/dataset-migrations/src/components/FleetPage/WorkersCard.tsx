import { InfoCard } from '@backstage/core-components';
import Alert from '@material-ui/lab/Alert';
import { isForbidden } from '../../errors';
import { useDatasets } from '../../hooks/useDatasets';
import { useQueueStatus } from '../../hooks/useQueueStatus';
import { ErrorState } from '../shared/ErrorState';
import { WorkersTable } from './WorkersTable';

/** Who works, on what, and whose datasets nobody takes. */
export function WorkersCard() {
  const { value: queue, error, refresh } = useQueueStatus();
  const engines = useDatasets({ limit: 1 }).value?.engines ?? [];
  if (isForbidden(error)) {
    return null;
  }
  const workers = queue?.workers;
  // An earlier release does not say what it takes; it takes all.
  const untaken = workers?.length
    ? engines.filter(engine =>
        workers.every(worker => worker.engines?.includes(engine) === false),
      )
    : [];
  return (
    <InfoCard title="Workers" noPadding>
      {untaken.map(engine => (
        <Alert key={engine} severity="warning">
          No worker takes datasets of {engine}: none reaches their storage.
          Their migrations wait until one does.
        </Alert>
      ))}
      {error && !queue ? (
        <ErrorState error={error} what="the workers" onRetry={refresh} />
      ) : (
        <WorkersTable workers={workers} engines={engines} />
      )}
    </InfoCard>
  );
}
