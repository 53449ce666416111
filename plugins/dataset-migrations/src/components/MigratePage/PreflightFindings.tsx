import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import {
  PreflightFinding,
  refusesMigration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { CodedText } from '../shared/CodedText';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  samples: { marginTop: theme.spacing(0.5), overflowWrap: 'anywhere' },
}));

/** What the scan found, with offending values for those who may see them. */
export function PreflightFindings(props: { findings: PreflightFinding[] }) {
  const classes = useStyles();
  if (props.findings.length === 0) {
    return null;
  }
  return (
    <ul className={classes.list} aria-label="Findings">
      {props.findings.map(finding => (
        <li key={`${finding.kind} ${finding.field} ${finding.message}`}>
          <Alert severity={refusesMigration(finding) ? 'warning' : 'info'}>
            <div>
              <b>{formatQuantity(finding.rows, 'row')}: </b>
              <CodedText text={finding.message} />
            </div>
            {finding.samples && finding.samples.length > 0 && (
              <div className={classes.samples}>
                For example{' '}
                <CodedText
                  text={finding.samples
                    .map(sample => `\`${sample}\``)
                    .join(', ')}
                />
              </div>
            )}
          </Alert>
        </li>
      ))}
    </ul>
  );
}
