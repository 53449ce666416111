import { ElementType, useMemo } from 'react';
import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import ScheduleIcon from '@material-ui/icons/Schedule';
import { Delivery } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { DataColumn, DataTable } from './DataTable';
import { RedeliverButton } from './RedeliverButton';
import { RelativeTime } from './RelativeTime';
import { ToneChip } from './ToneChip';
import { Tone } from './tones';

const looks: Record<Delivery['state'], { tone: Tone; icon: ElementType }> = {
  pending: { tone: 'running', icon: ScheduleIcon },
  delivered: { tone: 'ok', icon: CheckCircleIcon },
  dead: { tone: 'error', icon: ErrorIcon },
};

const columns: DataColumn<Delivery>[] = [
  {
    id: 'to',
    title: 'To',
    width: '18%',
    render: delivery => (
      <EntityRefLink entityRef={delivery.consumerRef} defaultKind="component" />
    ),
  },
  {
    id: 'state',
    title: 'State',
    width: 120,
    render: ({ state }) => <ToneChip {...looks[state]}>{state}</ToneChip>,
  },
  {
    id: 'what',
    title: 'What',
    render: delivery => (
      <>
        {delivery.kind} <code>{delivery.eventType}</code>
        <Typography
          variant="caption"
          display="block"
          color="textSecondary"
          style={{ overflowWrap: 'anywhere' }}
        >
          {delivery.target}
        </Typography>
        {delivery.campaignId && (
          <OwnersDatasets
            campaignId={delivery.campaignId}
            owner={delivery.consumerRef}
          />
        )}
      </>
    ),
  },
  {
    id: 'attempts',
    title: 'Attempts',
    width: '25%',
    render: delivery => (
      <>
        {formatQuantity(delivery.attempts, 'attempt')}
        {delivery.lastError && (
          <Typography variant="caption" display="block" color="textSecondary">
            {delivery.lastStatus && `${delivery.lastStatus}: `}
            {delivery.lastError}
          </Typography>
        )}
        {delivery.state === 'pending' && delivery.nextAttemptAt && (
          <Typography variant="caption" display="block" color="textSecondary">
            next <RelativeTime at={delivery.nextAttemptAt} />
          </Typography>
        )}
      </>
    ),
  },
  {
    id: 'when',
    title: 'When',
    width: 130,
    render: delivery => (
      <RelativeTime at={delivery.deliveredAt ?? delivery.createdAt} />
    ),
  },
];

/** What the notification about a campaign is about, as its link shows it. */
function OwnersDatasets(props: { campaignId: string; owner: string }) {
  const { campaignId, owner } = props;
  const links = useMigrationLinks();
  return (
    <Link to={links.campaign(campaignId, { owner })}>
      Their datasets in the campaign
    </Link>
  );
}

/** Webhooks, notifications and events, one a line; with a button to send one again for those who may. */
export function DeliveriesTable(props: {
  deliveries: Delivery[] | undefined;
  mayRedeliver: boolean;
  onChanged: () => void;
}) {
  const { deliveries, mayRedeliver, onChanged } = props;
  const shown = useMemo(
    () =>
      mayRedeliver
        ? [
            ...columns,
            {
              id: 'redeliver',
              title: 'Actions',
              width: 140,
              render: (delivery: Delivery) => (
                <RedeliverButton delivery={delivery} onChanged={onChanged} />
              ),
            },
          ]
        : columns,
    [mayRedeliver, onChanged],
  );
  return (
    <DataTable
      label="Deliveries"
      columns={shown}
      rows={deliveries}
      rowKey={delivery => delivery.id}
      empty="Nothing was sent."
    />
  );
}
