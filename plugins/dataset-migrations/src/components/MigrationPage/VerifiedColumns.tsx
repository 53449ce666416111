import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckIcon from '@material-ui/icons/Check';
import ErrorIcon from '@material-ui/icons/Error';
import { DataColumn, DataTable } from '../shared/DataTable';
import { ToneChip } from '../shared/ToneChip';
import { ColumnVerdict } from './columnVerdicts';
import { ContractChecks } from './ContractChecks';
import { Mismatches } from './Mismatches';

const useStyles = makeStyles({
  name: { fontFamily: 'monospace', overflowWrap: 'break-word' },
});

function Name(props: { children: string }) {
  return <span className={useStyles().name}>{props.children}</span>;
}

/** Where there is nothing to say. */
function Nothing() {
  return (
    <Typography variant="body2" color="textSecondary" component="span">
      –
    </Typography>
  );
}

const columns: DataColumn<ColumnVerdict>[] = [
  {
    id: 'name',
    title: 'Column',
    render: ({ name }) => <Name>{name}</Name>,
    compare: (a, b) => a.name.localeCompare(b.name),
  },
  {
    id: 'verdict',
    title: 'Old and new',
    width: 130,
    render: ({ mismatches, agrees }) =>
      agrees && mismatches.length === 0 ? (
        <ToneChip tone="ok" icon={CheckIcon}>
          agree
        </ToneChip>
      ) : (
        <ToneChip tone="error" icon={ErrorIcon}>
          differ
        </ToneChip>
      ),
  },
  {
    id: 'where',
    title: 'Where they differ',
    render: ({ name, mismatches }) =>
      mismatches.length > 0 ? (
        <Mismatches mismatches={mismatches} label={`Differences in ${name}`} />
      ) : (
        <Nothing />
      ),
  },
  {
    id: 'contract',
    title: 'Contract',
    render: ({ name, checks }) =>
      checks.length > 0 ? (
        <ContractChecks checks={checks} label={`Contract of ${name}`} />
      ) : (
        <Nothing />
      ),
  },
];

/** Every column: whether it agrees, where it does not, and what its contract says. */
export function VerifiedColumns(props: {
  columns: ColumnVerdict[];
  /** The schema object that they are of, where there are several. */
  object?: string;
}) {
  const { object } = props;
  return (
    <DataTable
      label={`Verification by column${object ? ` of ${object}` : ''}`}
      columns={columns}
      rows={props.columns}
      rowKey={({ name }) => name}
      empty="No column was compared by itself: no row was copied."
    />
  );
}
