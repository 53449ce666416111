import { InfoCard } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { refusesMigration } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { usePreflight } from '../../hooks/usePreflight';
import { CodedText } from '../shared/CodedText';
import { InlineError } from '../shared/InlineError';
import { LiveRegion } from '../shared/LiveRegion';
import { PreflightFindings } from './PreflightFindings';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2) },
}));

/** Scans the data for what would not fit, before anything is started. */
export function PreflightCard(props: {
  datasetRef: string;
  targetVersion: string;
}) {
  const classes = useStyles();
  const { report, error, running, start } = usePreflight(
    props.datasetRef,
    props.targetVersion,
  );
  const findings = report?.findings ?? [];
  const refusing = findings.filter(refusesMigration);
  const setAside = findings.length - refusing.length;
  const castsFail = findings.some(({ kind }) => kind === 'cast-fails');
  const scanned = report?.rowsScanned
    ? ` in ${formatQuantity(report.rowsScanned, 'row')}`
    : '';
  return (
    <InfoCard
      title="Preflight"
      subheader="The plan reads metadata only. A preflight reads the data and tells which rows would not fit."
      actions={
        <Button
          variant="outlined"
          color="primary"
          onClick={start}
          disabled={running}
        >
          {report && !running ? 'Run preflight again' : 'Run preflight'}
        </Button>
      }
    >
      <div className={classes.stack}>
        {!report && !running && !error && (
          <Typography variant="body2" color="textSecondary">
            Not run yet. A migration runs it, too, before it changes anything.
          </Typography>
        )}
        {running && (
          <div>
            <LinearProgress aria-label="Preflight" />
            <Typography variant="body2" color="textSecondary">
              {report?.rowsScanned
                ? `${formatQuantity(report.rowsScanned, 'row')} scanned`
                : 'Scanning the data…'}
            </Typography>
          </div>
        )}
        <InlineError error={error} />
        {report?.state === 'failed' && (
          <Alert severity="error">
            {report.error ?? 'The preflight failed.'}
          </Alert>
        )}
        {report?.state === 'done' && refusing.length === 0 && (
          <Alert severity="success">
            {setAside === 0 ? 'Everything' : 'Everything else'} fits{scanned}.
          </Alert>
        )}
        <PreflightFindings findings={findings} />
        {castsFail && (
          <Typography variant="body2" color="textSecondary">
            <CodedText text="A cast refuses such values by default. In the migration document, `onFailure: null` of its `cast-type` step makes them NULL, and `onFailure: quarantine` sets their rows aside, whole, beside the new version." />
          </Typography>
        )}
        <LiveRegion
          message={
            report?.state === 'done'
              ? `Preflight done, ${formatQuantity(refusing.length, 'finding')}${
                  setAside > 0 ? '; rows will be set aside' : ''
                }`
              : ''
          }
        />
      </div>
    </InfoCard>
  );
}
