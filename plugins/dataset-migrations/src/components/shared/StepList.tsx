import { makeStyles } from '@material-ui/core/styles';
import { MigrationStep } from '@skein/backstage-plugin-dataset-migrations-common';

const useStyles = makeStyles(theme => ({
  root: {
    margin: 0,
    paddingLeft: theme.spacing(3),
    '& li + li': { marginTop: theme.spacing(1) },
    '& li::marker': { color: theme.palette.text.secondary },
  },
  agent: {
    fontWeight: theme.typography.fontWeightBold as number,
    marginRight: theme.spacing(1),
  },
  object: {
    fontFamily: 'monospace',
    marginRight: theme.spacing(1),
  },
  payload: {
    fontFamily: 'monospace',
    fontSize: '0.9em',
    overflowWrap: 'anywhere',
    color: theme.palette.text.secondary,
  },
}));

/** The steps of a migration, each an agent and its payload, and its object where there are several. */
export function StepList(props: { steps: MigrationStep[] }) {
  const classes = useStyles();
  return (
    <ol className={classes.root} aria-label="Steps">
      {props.steps.map((step, index) => (
        <li key={index}>
          {step.object !== undefined && (
            <span className={classes.object}>{step.object}</span>
          )}
          <span className={classes.agent}>{step.agent}</span>
          <span className={classes.payload}>{formatPayload(step.payload)}</span>
        </li>
      ))}
    </ol>
  );
}

/** `from: delay, to: arrival_delay`. */
function formatPayload(payload: MigrationStep['payload']): string {
  return Object.entries(payload)
    .map(
      ([name, value]) =>
        `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ');
}
