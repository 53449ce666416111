import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import { CampaignSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { useListLocation } from '../../hooks/useListLocation';
import { datasetStateLooks } from '../shared/CampaignDatasetStateChip';
import { barOrder, datasetStateColor } from '../shared/CampaignProgressBar';

const useStyles = makeStyles(theme => ({
  root: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  count: {
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    fontSize: theme.typography.body2.fontSize,
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    fontVariantNumeric: 'tabular-nums',
    '&:hover': { backgroundColor: theme.palette.action.hover },
    '&[aria-pressed=true]': {
      borderColor: theme.palette.text.primary,
      backgroundColor: theme.palette.action.selected,
    },
    '&:focus-visible': {
      outline: `2px solid ${theme.palette.primary.main}`,
      outlineOffset: 2,
    },
  },
  swatch: {
    width: 12,
    height: 12,
    borderRadius: 3,
    border: `1px solid ${theme.palette.divider}`,
  },
}));

/** The legend of the bar; each number shows the datasets in that state, below. */
export function StateCounts(props: { campaign: CampaignSummary }) {
  const { counts } = props.campaign;
  const classes = useStyles();
  const theme = useTheme();
  const { query, setFilters } = useListLocation();
  const selected = query.getAll('state');
  return (
    <div className={classes.root} role="group" aria-label="Filter by state">
      {barOrder
        .filter(state => counts[state] > 0 || selected.includes(state))
        .map(state => {
          const pressed = selected.includes(state);
          return (
            <ButtonBase
              key={state}
              className={classes.count}
              aria-pressed={pressed}
              title={datasetStateLooks[state].meaning}
              onClick={() =>
                setFilters({
                  state: pressed
                    ? selected.filter(other => other !== state)
                    : [...selected, state],
                })
              }
            >
              <span
                className={classes.swatch}
                style={{ backgroundColor: datasetStateColor(theme, state) }}
              />
              <span>
                <strong>{formatCount(counts[state])}</strong> {state}
              </span>
            </ButtonBase>
          );
        })}
    </div>
  );
}
