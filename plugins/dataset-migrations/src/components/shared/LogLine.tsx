import { alpha, makeStyles, Theme } from '@material-ui/core/styles';
import { MigrationEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { DateTime } from 'luxon';
import { stageNames } from '../../format/words';
import { Tone, toneColor } from './tones';

const tones: Record<MigrationEvent['level'], Tone> = {
  info: 'neutral',
  warn: 'warning',
  error: 'error',
};

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: '92px 76px 1fr',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0.25, 2),
    fontFamily: 'monospace',
    fontSize: theme.typography.pxToRem(12.5),
    lineHeight: theme.typography.pxToRem(21),
    borderLeft: ({ tone }) =>
      `3px solid ${
        tone === 'neutral' ? 'transparent' : toneColor(theme, tone)
      }`,
    backgroundColor: ({ tone }) =>
      tone === 'neutral' ? undefined : alpha(toneColor(theme, tone), 0.1),
  },
  subtle: {
    // On a tint, the paler colour could not be read.
    color: ({ tone }) =>
      tone === 'neutral'
        ? theme.palette.text.secondary
        : theme.palette.text.primary,
  },
  message: { overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  level: { fontWeight: theme.typography.fontWeightBold as number },
}));

/** One line of the log. */
export function LogLine(props: { event: MigrationEvent }) {
  const { at, level, stage, message, data } = props.event;
  const classes = useStyles({ tone: tones[level] });
  return (
    <div className={classes.root}>
      <time dateTime={at} title={at} className={classes.subtle}>
        {DateTime.fromISO(at).toFormat('HH:mm:ss.SSS')}
      </time>
      <span className={classes.subtle}>{stage && stageNames[stage]}</span>
      <span className={classes.message}>
        {level !== 'info' && (
          <span className={classes.level}>
            {level === 'warn' ? 'warning' : 'error'}:{' '}
          </span>
        )}
        {message}
        {data && <span className={classes.subtle}> {formatData(data)}</span>}
      </span>
    </div>
  );
}

/** `rows=100000 seconds=0.4` */
function formatData(data: NonNullable<MigrationEvent['data']>): string {
  return Object.entries(data)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(' ');
}
