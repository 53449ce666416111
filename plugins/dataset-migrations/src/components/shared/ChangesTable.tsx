import { ReactNode, useMemo } from 'react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  Change,
  ChangeEffect,
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatField, formatFieldType } from '../../format/fieldTypes';
import { formatDay } from '../../format/readiness';
import { changeNames } from '../../format/words';
import { CodedText } from './CodedText';
import { DataColumn, DataTable } from './DataTable';
import { EffectChip } from './EffectChip';
import { StarterLink } from './StarterLink';

const useStyles = makeStyles({
  name: { fontFamily: 'monospace', overflowWrap: 'break-word' },
});

interface Side {
  name: string;
  description?: string;
}

/** A field on one side of a change, with all that is known of it there. */
function sideOf(
  name: string | undefined,
  type: FieldType | undefined,
  fields: Field[] | undefined,
): Side | undefined {
  if (name === undefined) {
    return undefined;
  }
  const field = fields?.find(candidate => candidate.name === name);
  if (field) {
    return { name, description: formatField(field) };
  }
  return { name, description: type && formatFieldType(type) };
}

function FieldSide(props: { side?: Side }) {
  const classes = useStyles();
  const { side } = props;
  if (!side) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        –
      </Typography>
    );
  }
  return (
    <>
      <div className={classes.name}>{side.name}</div>
      {side.description && (
        <Typography variant="caption" color="textSecondary">
          {side.description}
        </Typography>
      )}
    </>
  );
}

/** What it changes, and who accepted that, if anybody did. */
function ChangeSummary(props: { change: Change }) {
  const { summary, accepted } = props.change;
  return (
    <>
      <CodedText text={summary} />
      {accepted && (
        <Typography variant="body2" color="textSecondary">
          Accepted by <StarterLink startedBy={accepted.by} /> on{' '}
          {formatDay(accepted.at)}: {accepted.reason}
          {accepted.was === 'breaking' && ' (it is breaking otherwise)'}
        </Typography>
      )}
    </>
  );
}

function columnsOf(
  source?: Field[],
  target?: Field[],
  actionOf?: (change: Change) => ReactNode,
): DataColumn<Change>[] {
  return [
    {
      id: 'kind',
      title: 'Change',
      width: 110,
      render: change => changeNames[change.kind],
    },
    {
      id: 'before',
      title: 'Before',
      render: ({ from, oldType }) => (
        <FieldSide side={sideOf(from, oldType, source)} />
      ),
    },
    {
      id: 'after',
      title: 'After',
      render: ({ to, newType }) => (
        <FieldSide side={sideOf(to, newType, target)} />
      ),
    },
    {
      id: 'summary',
      title: 'What happens',
      render: change => <ChangeSummary change={change} />,
    },
    {
      id: 'effect',
      title: 'For readers',
      width: 120,
      render: ({ effect, rule }) => <EffectChip effect={effect} rule={rule} />,
    },
    ...(actionOf
      ? [{ id: 'action', title: 'Decision', width: 120, render: actionOf }]
      : []),
  ];
}

const gravest: ChangeEffect[] = ['breaking', 'risky', 'compatible'];

/** The differences between two versions, field by field, the gravest ones first. */
export function ChangesTable(props: {
  changes: Change[];
  /** The fields of both versions, where they are at hand. */
  source?: Field[];
  target?: Field[];
  /** What can be done about a change. */
  actionOf?: (change: Change) => ReactNode;
}) {
  const { source, target, actionOf } = props;
  const columns = useMemo(
    () => columnsOf(source, target, actionOf),
    [source, target, actionOf],
  );
  const changes = [...props.changes].sort(
    (a, b) => gravest.indexOf(a.effect) - gravest.indexOf(b.effect),
  );
  return (
    <DataTable
      label="Changes"
      columns={columns}
      rows={changes}
      rowKey={change =>
        [
          change.kind,
          change.object,
          change.from,
          change.to,
          change.summary,
        ].join(' ')
      }
      empty="The two versions are described alike."
    />
  );
}
