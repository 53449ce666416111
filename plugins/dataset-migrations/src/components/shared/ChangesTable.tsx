import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { Change } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '../../format/fieldTypes';
import { changeNames } from '../../format/words';
import { CodedText } from './CodedText';
import { DataColumn, DataTable } from './DataTable';
import { EffectChip } from './EffectChip';

const useStyles = makeStyles({
  name: { fontFamily: 'monospace', overflowWrap: 'break-word' },
});

function FieldSide(props: { name?: string; type?: Change['oldType'] }) {
  const classes = useStyles();
  if (!props.name) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        –
      </Typography>
    );
  }
  return (
    <>
      <div className={classes.name}>{props.name}</div>
      {props.type && (
        <Typography variant="caption" color="textSecondary">
          {formatFieldType(props.type)}
        </Typography>
      )}
    </>
  );
}

const columns: DataColumn<Change>[] = [
  {
    id: 'kind',
    title: 'Change',
    width: 110,
    render: change => changeNames[change.kind],
  },
  {
    id: 'before',
    title: 'Before',
    render: change => <FieldSide name={change.from} type={change.oldType} />,
  },
  {
    id: 'after',
    title: 'After',
    render: change => <FieldSide name={change.to} type={change.newType} />,
  },
  {
    id: 'summary',
    title: 'What happens',
    render: change => <CodedText text={change.summary} />,
  },
  {
    id: 'effect',
    title: 'For readers',
    width: 120,
    render: change => <EffectChip effect={change.effect} />,
  },
];

/** The differences between two versions, field by field, breaking ones first. */
export function ChangesTable(props: { changes: Change[] }) {
  const changes = [...props.changes].sort(
    (a, b) => Number(b.effect === 'breaking') - Number(a.effect === 'breaking'),
  );
  return (
    <DataTable
      label="Changes"
      columns={columns}
      rows={changes}
      rowKey={change =>
        [change.kind, change.from, change.to, change.summary].join(' ')
      }
      empty="The two versions are described alike."
    />
  );
}
