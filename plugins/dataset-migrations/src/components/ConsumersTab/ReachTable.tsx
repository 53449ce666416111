import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ExtensionIcon from '@material-ui/icons/Extension';
import StorageIcon from '@material-ui/icons/Storage';
import { DataColumn, DataTable } from '../shared/DataTable';
import { ReasonList } from '../shared/ReasonList';
import { VerdictChip } from '../shared/VerdictChip';
import { VisuallyHidden } from '../shared/VisuallyHidden';
import { ContractReachChip } from './ContractReachChip';
import { bySeverity, ReachRow, reasonsOf } from './reachRows';

/** Ways that a cell names; a search finds the others. */
const SHOWN = 3;

const useStyles = makeStyles(theme => ({
  icon: {
    fontSize: theme.typography.pxToRem(18),
    color: theme.palette.text.secondary,
    marginRight: theme.spacing(1),
    verticalAlign: 'text-bottom',
  },
}));

const columns: DataColumn<ReachRow>[] = [
  {
    id: 'entity',
    title: 'Reached',
    width: '24%',
    compare: (a, b) => a.item.entityRef.localeCompare(b.item.entityRef),
    render: row => <ReachedName row={row} />,
  },
  {
    id: 'owner',
    title: 'Owner',
    width: '14%',
    compare: (a, b) => (a.item.owner ?? '').localeCompare(b.item.owner ?? ''),
    render: ({ item }) =>
      item.owner ? (
        <EntityRefLink entityRef={item.owner} defaultKind="group" />
      ) : (
        '–'
      ),
  },
  {
    id: 'way',
    title: 'By way of',
    width: '18%',
    render: row => <Ways refs={waysOf(row)} />,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: 130,
    compare: bySeverity,
    render: row =>
      row.kind === 'dataset' ? (
        <ContractReachChip changes={row.item.changes} />
      ) : (
        <VerdictChip verdict={row.item.verdict} />
      ),
  },
  {
    id: 'reasons',
    title: 'Why',
    render: row => <ReasonList reasons={[...new Set(reasonsOf(row))]} />,
  },
];

/** The datasets and consumers of one wave. */
export function ReachTable(props: {
  wave: number;
  rows: ReachRow[] | undefined;
}) {
  return (
    <DataTable
      label={`Wave ${props.wave}`}
      columns={columns}
      rows={props.rows}
      rowKey={row => row.item.entityRef}
      empty="Nobody in this wave matches."
    />
  );
}

function ReachedName(props: { row: ReachRow }) {
  const { kind, item } = props.row;
  const classes = useStyles();
  const Icon = kind === 'dataset' ? StorageIcon : ExtensionIcon;
  return (
    <>
      <Icon className={classes.icon} aria-hidden />
      <VisuallyHidden>
        {kind === 'dataset' ? 'Dataset' : 'Consumer'}
      </VisuallyHidden>
      <EntityRefLink
        entityRef={item.entityRef}
        title={item.title}
        defaultKind={kind === 'dataset' ? 'resource' : 'component'}
        hideIcon
      />
    </>
  );
}

function waysOf(row: ReachRow): string[] {
  return row.kind === 'dataset'
    ? row.item.through
    : row.item.reads.map(({ datasetRef }) => datasetRef);
}

function Ways(props: { refs: string[] }) {
  const { refs } = props;
  const more = refs.length - SHOWN;
  if (refs.length === 0) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        what you may not see
      </Typography>
    );
  }
  return (
    <span title={more > 0 ? refs.join(', ') : undefined}>
      {refs.slice(0, SHOWN).map((ref, index) => (
        <span key={ref}>
          {index > 0 && ', '}
          <EntityRefLink entityRef={ref} hideIcon />
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
