import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import DialogContentText from '@material-ui/core/DialogContentText';
import { makeStyles } from '@material-ui/core/styles';
import {
  Campaign,
  CampaignAction,
  CampaignSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { countRetried, isOngoing } from '../../campaigns';
import { campaignActionNames } from '../../format/campaigns';
import { formatCount, formatQuantity } from '../../format/numbers';
import { useAction } from '../../hooks/useAction';
import { ConfirmDialog } from './ConfirmDialog';
import { InlineError } from './InlineError';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1) },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
  },
}));

/** In this order. */
const order: CampaignAction[] = [
  'start',
  'resume',
  'retry-failed',
  'pause',
  'cancel',
];

/** The buttons for what the user may do with a campaign now. */
export function CampaignActions(props: {
  campaign: CampaignSummary;
  actions: CampaignAction[];
  onUpdated: (campaign: Campaign) => void;
  /** For a row of a table. */
  small?: boolean;
}) {
  const { campaign, actions, onUpdated, small } = props;
  const { id, title, counts } = campaign;
  const classes = useStyles();
  const api = useApi(datasetMigrationsApiRef);
  const [asking, setAsking] = useState(false);
  const close = useCallback(() => setAsking(false), []);

  const act = useAction(
    useCallback(
      async (action: CampaignAction) =>
        onUpdated(await api.campaigns.act(id, action)),
      [api, id, onUpdated],
    ),
  );
  const cancel = useAction(
    useCallback(
      async () => onUpdated(await api.campaigns.act(id, 'cancel')),
      [api, id, onUpdated],
    ),
  );

  const retried = countRetried(campaign);
  const offered = order.filter(
    action =>
      actions.includes(action) && (action !== 'retry-failed' || retried > 0),
  );
  // What makes it go on stands out.
  const next = isOngoing(campaign.state)
    ? offered.find(action => action === 'start' || action === 'resume')
    : offered[0];
  const labelOf = (action: CampaignAction) =>
    action === 'retry-failed'
      ? `${campaignActionNames[action]} (${formatCount(retried)})`
      : campaignActionNames[action];

  return (
    <div className={classes.root}>
      <div
        className={classes.buttons}
        role="group"
        aria-label={small ? `Actions of ${title}` : 'Actions'}
      >
        {offered.map(action => (
          <Button
            key={action}
            size={small ? 'small' : 'medium'}
            variant={action === next && !small ? 'contained' : 'outlined'}
            color={action === next ? 'primary' : 'default'}
            disabled={act.running}
            onClick={() =>
              action === 'cancel' ? setAsking(true) : act.run(action)
            }
          >
            {labelOf(action)}
          </Button>
        ))}
      </div>
      <InlineError error={act.error} />
      <ConfirmDialog
        open={asking}
        title={`Cancel “${title}”?`}
        confirm="Cancel campaign"
        action={cancel}
        onClose={close}
      >
        <DialogContentText>
          No more migrations are started, and{' '}
          {formatQuantity(counts.active + counts.blocked, 'migration')} under
          way {counts.active + counts.blocked === 1 ? 'stops' : 'stop'} at the
          next safe point, with the live data as it was. What has succeeded
          stays migrated. To stop for a while only, pause it instead.
        </DialogContentText>
      </ConfirmDialog>
    </div>
  );
}
