import { InfoCard } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatDay } from '../../format/readiness';
import { policyNames } from '../../format/words';
import { CampaignLink } from '../shared/CampaignLink';
import { Elapsed } from '../shared/Elapsed';
import { Facts } from '../shared/Facts';
import { RelativeTime } from '../shared/RelativeTime';
import { StarterLink } from '../shared/StarterLink';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2.5) },
}));

/** Who started it, how it publishes, how long there is a way back. */
export function DetailsCard(props: { migration: Migration }) {
  const { migration } = props;
  const { override, rollbackUntil, oldVersionState, evidenceRemovedAt } =
    migration;
  const classes = useStyles();
  return (
    <InfoCard title="Details">
      <div className={classes.stack}>
        <Facts
          facts={[
            [
              'Dataset',
              <EntityRefLink
                entityRef={migration.datasetRef}
                defaultKind="resource"
              />,
            ],
            ['Publish', policyNames[migration.policy]],
            ['Started by', <StarterLink startedBy={migration.startedBy} />],
            [
              'Campaign',
              migration.campaignId && (
                <CampaignLink id={migration.campaignId} />
              ),
            ],
            ['Asked for', <RelativeTime at={migration.createdAt} />],
            [
              'Duration',
              migration.startedAt ? (
                <Elapsed
                  from={migration.startedAt}
                  to={
                    isActive(migration.state) ? undefined : migration.finishedAt
                  }
                />
              ) : undefined,
            ],
            [
              'Deadline for consumers',
              migration.deadline && formatDay(migration.deadline),
            ],
            [
              'Old version stays until',
              migration.retirement && formatDay(migration.retirement),
            ],
            [
              'Old version',
              oldVersionState && `${migration.fromVersion} ${oldVersionState}`,
            ],
            [
              'Way back until',
              oldVersionState === 'coexisting'
                ? `${migration.fromVersion} is retired`
                : rollbackUntil && <RelativeTime at={rollbackUntil} />,
            ],
            [
              'Consumers and details removed',
              evidenceRemovedAt && <RelativeTime at={evidenceRemovedAt} />,
            ],
            ['Id', <code>{migration.id}</code>],
          ]}
        />
        {override && (
          <Alert severity="warning">
            <AlertTitle>Overridden</AlertTitle>
            <StarterLink startedBy={override.by} />,{' '}
            <RelativeTime at={override.at} />: {override.reason}
          </Alert>
        )}
      </div>
    </InfoCard>
  );
}
