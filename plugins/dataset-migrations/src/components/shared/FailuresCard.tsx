import { InfoCard } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useFailures } from '../../hooks/useFailures';
import { LinesSkeleton } from './CardSkeleton';
import { ErrorState } from './ErrorState';
import { FailureGroupItem } from './FailureGroupItem';
import { StaleNotice } from './StaleNotice';

const useStyles = makeStyles(theme => ({
  padded: { padding: theme.spacing(2) },
}));

/** What failed and what is blocked, by cause, most frequent first. */
export function FailuresCard(props: {
  campaignId?: string;
  /** Whether more may come. */
  active: boolean;
}) {
  const { campaignId, active } = props;
  const { value: groups, error, refresh } = useFailures(campaignId, active);
  const classes = useStyles();
  return (
    <InfoCard title="Failures by cause" noPadding>
      {error && !groups && (
        <ErrorState error={error} what="the failures" onRetry={refresh} />
      )}
      {!error && !groups && (
        <div className={classes.padded}>
          <LinesSkeleton label="Loading failures" lines={2} />
        </div>
      )}
      {groups && (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          {groups.length === 0 && (
            <Typography
              variant="body2"
              color="textSecondary"
              className={classes.padded}
            >
              Nothing has failed, and nothing is blocked.
            </Typography>
          )}
          {groups.map(group => (
            <FailureGroupItem
              key={[group.state, group.stage, group.name, group.cause].join()}
              group={group}
              campaignId={campaignId}
            />
          ))}
        </>
      )}
    </InfoCard>
  );
}
