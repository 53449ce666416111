import { stringifyEntityRef } from '@backstage/catalog-model';
import { InfoCard, Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
  useEntity,
} from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { ComingVersion } from '@skein/backstage-plugin-dataset-migrations-common';
import { allComing } from '../../format/coming';
import { formatQuantity } from '../../format/numbers';
import { formatDay } from '../../format/readiness';
import { useConsumedDatasets } from '../../hooks/useConsumedDatasets';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';

const TITLE = 'Coming dataset versions';

/** For the overview of a consumer: which of the datasets it reads would break it. */
export function ConsumerAlertCard() {
  const { entity } = useEntity();
  const entityRoute = useRouteRef(entityRouteRef);
  const { value, error, refresh } = useConsumedDatasets(
    stringifyEntityRef(entity),
  );
  if (!value) {
    return error ? (
      <InfoCard title={TITLE}>
        <ErrorState
          error={error}
          what="the datasets that this entity reads"
          onRetry={refresh}
        />
      </InfoCard>
    ) : (
      <CardSkeleton title={TITLE} lines={2} />
    );
  }
  const affected = allComing(value).filter(
    ({ coming }) => coming.verdict.blocking,
  );
  const tab = `${entityRoute(entityRouteParams(entity))}/datasets`;
  return (
    <InfoCard
      title={TITLE}
      deepLink={{ title: 'What changes, and what to do', link: tab }}
    >
      {affected.length === 0 ? (
        <Typography variant="body2">
          {value.length === 0
            ? 'No dataset is known to be read here.'
            : `${formatQuantity(
                value.length,
                'dataset',
              )}; nothing that comes breaks anything here.`}
        </Typography>
      ) : (
        <Alert severity="warning">
          <AlertTitle>
            {formatQuantity(affected.length, 'coming version')} would break this
            entity
          </AlertTitle>
          {affected.map(({ item: { dataset }, coming }) => (
            <div key={`${dataset.entityRef} ${coming.version}`}>
              <Link to={tab}>
                {dataset.title} {coming.version}
              </Link>
              {whatWaits(coming)}
            </div>
          ))}
        </Alert>
      )}
    </InfoCard>
  );
}

function whatWaits({ migration }: ComingVersion): string {
  const parts = [
    migration?.state === 'blocked' && 'waits for you',
    migration?.deadline && `until ${formatDay(migration.deadline)}`,
  ].filter(Boolean);
  return parts.length > 0 ? `: ${parts.join(', ')}` : '';
}
