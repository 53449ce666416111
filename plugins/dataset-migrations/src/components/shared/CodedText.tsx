import { Fragment } from 'react';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  code: {
    fontFamily: 'monospace',
    fontSize: '0.95em',
    padding: theme.spacing(0, 0.5),
    borderRadius: 3,
    backgroundColor: theme.palette.action.hover,
    overflowWrap: 'break-word',
  },
}));

/** A sentence of the backend; what stands in `backticks` is set as code. */
export function CodedText(props: { text: string }) {
  const classes = useStyles();
  return (
    <>
      {props.text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className={classes.code}>
            {part}
          </code>
        ) : (
          <Fragment key={index}>{part}</Fragment>
        ),
      )}
    </>
  );
}
