import { stringifyEntityRef } from '@backstage/catalog-model';
import { InfoCard } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { allComing, Concern, concernOf } from '../../format/coming';
import { formatQuantity } from '../../format/numbers';
import { useConsumedDatasets } from '../../hooks/useConsumedDatasets';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { hidesComing, OmittedDatasets } from '../shared/OmittedDatasets';
import { ComingAlert } from './ComingAlert';

const useStyles = makeStyles(theme => ({
  alerts: { display: 'grid', gap: theme.spacing(1) },
}));

const TITLE = 'Coming dataset versions';

const CONCERNS: Concern[] = ['breaks', 'unknown', 'unplanned'];

/** For the overview of a consumer: what would break it of the datasets it reads. */
export function ConsumerAlertCard() {
  const { entity } = useEntity();
  const classes = useStyles();
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
  const { items } = value;
  const comings = allComing(items);
  const isSafe =
    !hidesComing(value) && comings.every(({ coming }) => !concernOf(coming));
  const tab = `${entityRoute(entityRouteParams(entity))}/datasets`;
  return (
    <InfoCard
      title={TITLE}
      deepLink={{ title: 'What changes, and what to do', link: tab }}
    >
      {isSafe && (
        <Typography variant="body2">
          {items.length === 0
            ? 'No dataset is known to be read here.'
            : `${formatQuantity(
                items.length + (value.omitted ?? 0),
                'dataset',
              )}; nothing that comes breaks anything here.`}
        </Typography>
      )}
      <div className={classes.alerts}>
        {CONCERNS.map(concern => (
          <ComingAlert
            key={concern}
            concern={concern}
            comings={comings.filter(
              ({ coming }) => concernOf(coming) === concern,
            )}
            tab={tab}
          />
        ))}
        <OmittedDatasets datasets={value} />
      </div>
    </InfoCard>
  );
}
