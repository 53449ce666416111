import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { AcceptedVersions } from './AcceptedVersions';
import { DataColumn, DataTable } from './DataTable';
import { FieldUse } from './FieldUse';
import { ReasonList } from './ReasonList';
import { bySeverity } from './useConsumerFilter';
import { VerdictChip } from './VerdictChip';

const columns: DataColumn<ConsumerVerdict>[] = [
  {
    id: 'consumer',
    title: 'Consumer',
    width: '20%',
    compare: (a, b) => a.consumer.entityRef.localeCompare(b.consumer.entityRef),
    render: ({ consumer }) => (
      <EntityRefLink
        entityRef={consumer.entityRef}
        title={consumer.title}
        defaultKind="component"
      />
    ),
  },
  {
    id: 'owner',
    title: 'Owner',
    width: '15%',
    compare: (a, b) =>
      (a.consumer.owner ?? '').localeCompare(b.consumer.owner ?? ''),
    render: ({ consumer }) =>
      consumer.owner ? (
        <EntityRefLink entityRef={consumer.owner} defaultKind="group" />
      ) : (
        '–'
      ),
  },
  {
    id: 'constraint',
    title: 'Accepts',
    width: '10%',
    render: ({ consumer }) => (
      <AcceptedVersions constraint={consumer.constraint} />
    ),
  },
  {
    id: 'fields',
    title: 'Reads',
    width: '18%',
    render: ({ consumer }) => <FieldUse consumer={consumer} />,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: 110,
    compare: bySeverity,
    render: ({ verdict }) => <VerdictChip verdict={verdict} />,
  },
  {
    id: 'reasons',
    title: 'Why',
    render: ({ reasons }) => <ReasonList reasons={reasons} />,
  },
];

/** Consumers with what they accept and read, the verdict and the reasons. */
export function ConsumersTable(props: {
  consumers: ConsumerVerdict[] | undefined;
  empty: string;
}) {
  return (
    <DataTable
      label="Consumers"
      columns={columns}
      rows={props.consumers}
      rowKey={item => item.consumer.entityRef}
      empty={props.empty}
    />
  );
}
