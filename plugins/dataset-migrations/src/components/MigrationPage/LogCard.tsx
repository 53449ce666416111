import { InfoCard } from '@backstage/core-components';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useMigrationEvents } from '../../hooks/useMigrationEvents';
import { ErrorState } from '../shared/ErrorState';
import { StaleNotice } from '../shared/StaleNotice';
import { LogLines } from '../shared/LogLines';

/** The log of a migration, growing while it runs. */
export function LogCard(props: { migration: Migration }) {
  const { id, state } = props.migration;
  const { value, error, refresh } = useMigrationEvents(id, isActive(state));
  return (
    <InfoCard title="Log" noPadding={Boolean(value)}>
      {error && !value && (
        <ErrorState error={error} what="the log" onRetry={refresh} />
      )}
      {!error && !value && <Skeleton variant="rect" height={160} />}
      {value && (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <LogLines events={value.events} />
        </>
      )}
    </InfoCard>
  );
}
