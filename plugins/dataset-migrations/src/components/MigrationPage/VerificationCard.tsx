import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import {
  isActive,
  Migration,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatSeconds } from '../../format/durations';
import { formatCount } from '../../format/numbers';
import { CardSkeleton } from '../shared/CardSkeleton';
import { columnVerdicts } from './columnVerdicts';
import { ContractChecks } from './ContractChecks';
import { Mismatches } from './Mismatches';
import { ReportOfObject, reportsByObject } from './reportsByObject';
import { SetAsideRows } from './SetAsideRows';
import { VerifiedColumns } from './VerifiedColumns';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2.5) },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    '& th, & td': {
      padding: theme.spacing(0.75, 2, 0.75, 0),
      textAlign: 'left',
      fontWeight: 'normal',
      verticalAlign: 'middle',
    },
    '& thead th, & tbody th': { color: theme.palette.text.secondary },
    '& tbody tr': { borderTop: `1px solid ${theme.palette.divider}` },
  },
  number: { fontVariantNumeric: 'tabular-nums' },
  object: { overflowWrap: 'anywhere' },
  digest: { fontFamily: 'monospace', overflowWrap: 'anywhere' },
}));

/** The proof that old and new version hold the same, or where they differ. */
export function VerificationCard(props: { migration: Migration }) {
  const { migration } = props;
  const { verification: report, fromVersion, toVersion } = migration;
  const { stage, state } = migration;
  if (!report) {
    return stage === 'verify' && isActive(state) ? (
      <CardSkeleton title="Verification" lines={3} />
    ) : null;
  }
  return (
    <InfoCard
      title="Verification"
      subheader={`Every row of ${fromVersion}, mapped, against every row of ${toVersion}. Took ${formatSeconds(
        report.seconds,
      )}.`}
    >
      <ReportView report={report} from={fromVersion} to={toVersion} />
    </InfoCard>
  );
}

function ReportView(props: {
  report: VerificationReport;
  from: string;
  to: string;
}) {
  const { report, from, to } = props;
  const classes = useStyles();
  return (
    <div className={classes.stack}>
      {report.ok ? (
        <Alert severity="success">
          {formatCount(report.targetRows)} rows compared; counts, checksums and
          contract agree.
        </Alert>
      ) : (
        <Alert severity="error">
          The versions differ. Nothing was switched; the live data is untouched.
        </Alert>
      )}
      {reportsByObject(report).map(part => (
        <ObjectView key={part.object ?? ''} {...part} from={from} to={to} />
      ))}
    </div>
  );
}

/** One schema object, under its name where there are several. */
function ObjectView(props: ReportOfObject & { from: string; to: string }) {
  const { object, report, from, to } = props;
  const classes = useStyles();
  const { columns, mismatches, checks } = columnVerdicts(report);
  const of = object === undefined ? '' : ` of ${object}`;
  const whole = `Contract of ${object ?? 'the whole dataset'}`;
  return (
    <>
      {object !== undefined && (
        <Typography variant="h6" component="h3" className={classes.object}>
          {object}
        </Typography>
      )}
      {report.setAside && (
        <SetAsideRows report={report.setAside} from={from} to={to} />
      )}
      <table className={classes.table} aria-label={`Rows and checksums${of}`}>
        <thead>
          <tr>
            <td />
            <th scope="col">Rows</th>
            <th scope="col">Checksum</th>
          </tr>
        </thead>
        <tbody>
          <SideRow
            name={`${from}, mapped`}
            rows={report.sourceRows}
            checksum={report.sourceChecksum}
          />
          <SideRow
            name={to}
            rows={report.targetRows}
            checksum={report.targetChecksum}
          />
          {report.setAside && (
            <>
              <SideRow
                name={`${from}, to set aside`}
                rows={report.setAside.sourceRows}
                checksum={report.setAside.sourceChecksum}
              />
              <SideRow
                name="In quarantine"
                rows={report.setAside.keptRows}
                checksum={report.setAside.keptChecksum}
              />
            </>
          )}
        </tbody>
      </table>
      {mismatches.length > 0 && (
        <Mismatches
          mismatches={mismatches}
          label={`Differences in rows${of}`}
        />
      )}
      <VerifiedColumns columns={columns} object={object} />
      {checks.length > 0 && (
        <div>
          <Typography
            variant="subtitle2"
            component={object === undefined ? 'h3' : 'h4'}
            gutterBottom
          >
            {whole}
          </Typography>
          <ContractChecks checks={checks} label={whole} withField />
        </div>
      )}
    </>
  );
}

function SideRow(props: { name: string; rows: number; checksum: string }) {
  const classes = useStyles();
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td className={classes.number}>{formatCount(props.rows)}</td>
      <td className={classes.digest}>{props.checksum}</td>
    </tr>
  );
}
