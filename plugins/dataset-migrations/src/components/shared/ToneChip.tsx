import { ElementType, ReactNode } from 'react';
import { alpha, makeStyles, Theme } from '@material-ui/core/styles';
import { Tone, toneColor } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 1, 0.25, 0.75),
    borderRadius: 12,
    fontSize: theme.typography.pxToRem(13),
    lineHeight: theme.typography.pxToRem(20),
    fontWeight: 500,
    whiteSpace: 'nowrap',
    color: theme.palette.text.primary,
    backgroundColor: ({ tone }) => alpha(toneColor(theme, tone), 0.14),
    border: ({ tone }) => `1px solid ${alpha(toneColor(theme, tone), 0.35)}`,
  },
  // The word, not the icon, stands on the line of the text around.
  word: { alignSelf: 'baseline' },
  icon: {
    fontSize: theme.typography.pxToRem(16),
    color: ({ tone }) => toneColor(theme, tone),
  },
}));

/** A word with an icon on a tint: the icon and the word say it, the colour underlines it. */
export function ToneChip(props: {
  tone: Tone;
  icon: ElementType;
  children: ReactNode;
  title?: string;
}) {
  const { tone, icon: Icon, children, title } = props;
  const classes = useStyles({ tone });
  return (
    <span className={classes.root} title={title}>
      <Icon className={classes.icon} aria-hidden />
      <span className={classes.word}>{children}</span>
    </span>
  );
}
