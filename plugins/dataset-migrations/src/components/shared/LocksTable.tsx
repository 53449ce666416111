import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { PlannedLock } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatMilliseconds } from '../../format/durations';
import { DataColumn, DataTable } from './DataTable';

const useStyles = makeStyles({
  name: { fontFamily: 'monospace', overflowWrap: 'break-word' },
});

function Name(props: { children: string }) {
  return <span className={useStyles().name}>{props.children}</span>;
}

const columns: DataColumn<PlannedLock>[] = [
  {
    id: 'relation',
    title: 'What',
    render: ({ relation }) => <Name>{relation}</Name>,
  },
  { id: 'mode', title: 'Mode', render: ({ mode }) => <Name>{mode}</Name> },
  { id: 'during', title: 'When', render: ({ during }) => during },
  {
    id: 'held',
    title: 'Held for',
    align: 'right',
    render: ({ heldMs }) => `about ${formatMilliseconds(heldMs)}`,
  },
];

/** What a plan locks while readers and writers go on. */
export function LocksTable(props: { locks: PlannedLock[] }) {
  const { locks } = props;
  if (locks.length === 0) {
    return (
      <Typography variant="body2" color="textSecondary">
        Nothing is locked: readers and writers go on undisturbed.
      </Typography>
    );
  }
  return (
    <DataTable
      label="Locks"
      columns={columns}
      rows={locks}
      rowKey={({ relation, mode, during }) => `${relation} ${mode} ${during}`}
      empty=""
    />
  );
}
