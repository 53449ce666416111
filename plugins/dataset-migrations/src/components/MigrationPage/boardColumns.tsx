import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { BoardEntry } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatDay, requestNames } from '../../format/readiness';
import { AnswerCell } from '../shared/AnswerCell';
import { DataColumn } from '../shared/DataTable';
import { FieldEvidenceDetails } from '../shared/FieldUse';
import { ReasonList } from '../shared/ReasonList';
import { VerdictChip } from '../shared/VerdictChip';

function ConsumerCell({ entry }: { entry: BoardEntry }) {
  const { entityRef, title, owner } = entry.consumer;
  return (
    <>
      <EntityRefLink
        entityRef={entityRef}
        title={title}
        defaultKind="component"
      />
      {owner && (
        <Typography variant="caption" color="textSecondary" display="block">
          of <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
        </Typography>
      )}
    </>
  );
}

function VerdictCell({ entry }: { entry: BoardEntry }) {
  return (
    <>
      <VerdictChip verdict={entry.verdict} />
      {entry.overridden && (
        <Typography variant="caption" color="textSecondary" display="block">
          overridden
        </Typography>
      )}
    </>
  );
}

function AskedCell({ entry: { asked, consumer } }: { entry: BoardEntry }) {
  if (asked === 'nothing') {
    return <>–</>;
  }
  return (
    <>
      {requestNames[asked]}
      {!consumer.owner && (
        <Typography variant="caption" color="error" display="block">
          nobody owns it, so nobody can answer: give it an owner in the catalog
        </Typography>
      )}
    </>
  );
}

/** The columns of the board of a migration. */
export const boardColumns: DataColumn<BoardEntry>[] = [
  {
    id: 'consumer',
    title: 'Consumer',
    width: '18%',
    render: entry => <ConsumerCell entry={entry} />,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: 120,
    render: entry => <VerdictCell entry={entry} />,
  },
  {
    id: 'reasons',
    title: 'Why',
    render: ({ reasons, consumer }) => (
      <>
        <ReasonList reasons={reasons} />
        <FieldEvidenceDetails consumer={consumer} />
      </>
    ),
  },
  {
    id: 'asked',
    title: 'Asked to',
    width: '15%',
    render: entry => <AskedCell entry={entry} />,
  },
  {
    id: 'until',
    title: 'Until',
    width: 120,
    render: ({ until }) => (until === undefined ? '–' : formatDay(until)),
  },
  {
    id: 'answer',
    title: 'Its owner says',
    width: '17%',
    render: ({ answer }) => <AnswerCell answer={answer} />,
  },
];
