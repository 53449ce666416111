import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { EnginePlanSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatBytes, formatCount } from '../../format/numbers';
import { CodedText } from './CodedText';
import { Facts } from './Facts';

const strategies: Record<EnginePlanSummary['strategy'], string> = {
  'metadata-only': 'Metadata only: no row is copied',
  'shadow-copy': 'Copy into a shadow beside the live data',
};

const useStyles = makeStyles(theme => ({
  notes: {
    margin: theme.spacing(1.5, 0, 0),
    paddingLeft: theme.spacing(2.5),
    '& li + li': { marginTop: theme.spacing(0.5) },
  },
}));

/** How the engine will carry a plan out. */
export function EnginePlanFacts(props: { plan: EnginePlanSummary }) {
  const { plan } = props;
  const classes = useStyles();
  return (
    <>
      <Facts
        facts={[
          ['Engine', plan.engine],
          ['How', strategies[plan.strategy]],
          [
            'Rows',
            plan.rows === undefined
              ? undefined
              : `about ${formatCount(plan.rows)}`,
          ],
          [
            'Size',
            plan.bytes === undefined
              ? undefined
              : `about ${formatBytes(plan.bytes)}`,
          ],
          [
            'Chunks',
            plan.chunks === undefined ? undefined : formatCount(plan.chunks),
          ],
        ]}
      />
      {plan.notes.length > 0 && (
        <Typography
          component="ul"
          variant="body2"
          color="textSecondary"
          className={classes.notes}
        >
          {plan.notes.map(note => (
            <li key={note}>
              <CodedText text={note} />
            </li>
          ))}
        </Typography>
      )}
    </>
  );
}
