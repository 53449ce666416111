import { alpha, makeStyles, Theme, useTheme } from '@material-ui/core/styles';
import {
  CampaignDatasetState,
  CampaignSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { datasetStateLooks } from './CampaignDatasetStateChip';
import { toneColor } from './tones';

/** From what is done to what is still to do. */
export const barOrder = Object.keys(
  datasetStateLooks,
) as CampaignDatasetState[];

/** States of one tone differ in strength. */
const strengths: Partial<Record<CampaignDatasetState, number>> = {
  cancelled: 0.75,
  skipped: 0.6,
  excluded: 0.45,
  waiting: 0.2,
  pending: 0.1,
};

export function datasetStateColor(
  theme: Theme,
  state: CampaignDatasetState,
): string {
  const color = toneColor(theme, datasetStateLooks[state].tone);
  return alpha(color, strengths[state] ?? 1);
}

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: 1,
    height: 8,
    borderRadius: 4,
    overflow: 'hidden',
    backgroundColor: theme.palette.action.hover,
  },
}));

/** How many datasets of a campaign are in each state, as one bar. */
export function CampaignProgressBar(props: { campaign: CampaignSummary }) {
  const { counts, total } = props.campaign;
  const classes = useStyles();
  const theme = useTheme();
  const present = barOrder.filter(state => counts[state] > 0);
  const text = present
    .map(state => `${formatCount(counts[state])} ${state}`)
    .join(', ');
  return (
    <div
      className={classes.root}
      role="img"
      aria-label={text || 'no datasets yet'}
      title={text}
    >
      {present.map(state => (
        <div
          key={state}
          style={{
            // One of ten thousand is seen, too.
            minWidth: 3,
            width: `${(100 * counts[state]) / Math.max(1, total)}%`,
            backgroundColor: datasetStateColor(theme, state),
          }}
        />
      ))}
    </div>
  );
}
