import ButtonBase from '@material-ui/core/ButtonBase';
import { alpha, makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Verdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { Tone, toneColor } from './tones';
import { verdictLooks } from './VerdictChip';

const verdicts: Verdict[] = ['breaks', 'unknown', 'ready'];

const consumerMeanings: Record<Verdict, string> = {
  breaks: 'would break',
  unknown: 'cannot be told',
  ready: 'ready',
};

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    flex: '1 1 auto',
    gap: theme.spacing(1.5),
  },
}));

const useTileStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-start',
    gap: theme.spacing(1.5),
    flex: '0 1 auto',
    minWidth: 150,
    padding: theme.spacing(1.25, 2),
    textAlign: 'left',
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    '&:hover': { backgroundColor: theme.palette.action.hover },
    '&[aria-pressed=true]': {
      borderColor: ({ tone }) => toneColor(theme, tone),
      backgroundColor: ({ tone }) => alpha(toneColor(theme, tone), 0.12),
    },
    '&:focus-visible': {
      outline: `2px solid ${theme.palette.primary.main}`,
      outlineOffset: 2,
    },
  },
  icon: { color: ({ tone }) => toneColor(theme, tone), fontSize: 28 },
  count: {
    fontSize: theme.typography.pxToRem(24),
    lineHeight: 1.2,
    fontWeight: 500,
    fontVariantNumeric: 'tabular-nums',
  },
}));

/** How many consumers are ready, break or cannot be told; each number filters by itself. */
export function ConsumerCounts(props: {
  counts: Record<Verdict, number>;
  /** What each verdict means, where it is not only of consumers. */
  meanings?: Record<Verdict, string>;
  selected?: Verdict;
  onSelect(verdict: Verdict | undefined): void;
}) {
  const { counts, meanings = consumerMeanings, selected, onSelect } = props;
  const classes = useStyles();
  return (
    <div className={classes.root} role="group" aria-label="Filter by verdict">
      {verdicts.map(verdict => (
        <CountTile
          key={verdict}
          verdict={verdict}
          meaning={meanings[verdict]}
          count={counts[verdict]}
          pressed={selected === verdict}
          onClick={() => onSelect(selected === verdict ? undefined : verdict)}
        />
      ))}
    </div>
  );
}

function CountTile(props: {
  verdict: Verdict;
  meaning: string;
  count: number;
  pressed: boolean;
  onClick(): void;
}) {
  const { verdict, meaning, count, pressed, onClick } = props;
  const { tone, icon: Icon } = verdictLooks[verdict];
  const classes = useTileStyles({ tone: count === 0 ? 'neutral' : tone });
  return (
    <ButtonBase
      className={classes.root}
      onClick={onClick}
      aria-pressed={pressed}
    >
      <Icon className={classes.icon} aria-hidden />
      <span>
        <span className={classes.count}>{formatCount(count)}</span>
        <Typography variant="body2" color="textSecondary" component="div">
          {meaning}
        </Typography>
      </span>
    </ButtonBase>
  );
}
